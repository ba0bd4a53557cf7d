import { defineRule } from "../../../rule";
import { container } from "../types";

export default defineRule({
  id: "docker-restart",
  title: "Containers come back after a crash and after a reboot",
  severity: "medium",
  level: "mandatory",
  appliesTo: [container],
  references: ["CIS Docker 5.15"],
  why: "Docker's own default is to leave a stopped container stopped.",
  fix: "Set `restart` to `unless-stopped`; a task that runs once says so with `mustRun: false`.",
  judge(resource, { fail }) {
    if (resource.get("mustRun").is(false) || resource.get("rm").is(true)) return;
    const restart = resource.get("restart");
    if (restart.isNot("always", "unless-stopped", "on-failure"))
      fail(restart, "The container stays down when it stops.");
  },
});
