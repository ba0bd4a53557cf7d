import { defineRule } from "../../../rule";
import { container } from "../types";

export default defineRule({
  id: "docker-privileged",
  title: "No container is privileged",
  severity: "critical",
  level: "mandatory",
  appliesTo: [container],
  references: ["CIS Docker 5.5"],
  why: "A privileged container is root on its host: it can mount the host's disk.",
  fix: "Remove `privileged`.",
  judge(resource, { fail }) {
    const privileged = resource.get("privileged");
    if (privileged.is(true)) fail(privileged, "The container is privileged: root on its host.");
  },
});
