import { defineRule } from "../../../rule";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-healthcheck",
  title: "Docker can tell whether a container serves",
  severity: "low",
  level: "advisory",
  appliesTo: containers,
  references: ["CIS Docker 5.27"],
  why: "Without a health check a process that hangs counts as running. One in the image is not seen here.",
  fix: "Set `healthcheck`.",
  judge(resource, { fail }) {
    if (resource.get("mustRun").is(false)) return;
    const check = setting(resource, "healthcheck");
    if (check.absent) fail(check, "The container has no health check.");
  },
});
