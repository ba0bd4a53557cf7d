import { defineRule } from "../../../rule";
import { container } from "../types";

const noNewPrivileges = /^no-new-privileges([:=]true)?$/;
const unconfined = /^(seccomp|apparmor)[:=]unconfined$/;

export default defineRule({
  id: "docker-no-new-privileges",
  title: "Processes cannot gain rights, and keep the default seccomp profile",
  severity: "medium",
  level: "mandatory",
  appliesTo: [container],
  references: ["CIS Docker 5.25", "CIS Docker 5.21"],
  why: "With a setuid program in the image, a process that is not root becomes root.",
  fix: 'Set `securityOpts: ["no-new-privileges:true"]`, and nothing unconfined.',
  judge(resource, { each, fail, separately }) {
    const options = resource.get("securityOpts");
    separately(
      () => {
        const set = options.items().some((option) => noNewPrivileges.test(option.string() ?? ""));
        if (!set) fail(options, "A process of the container may gain rights.");
      },
      () => {
        each(options.items(), (option) => {
          if (unconfined.test(option.string() ?? "")) fail(option, "The kernel's filter is off.");
        });
      },
    );
  },
});
