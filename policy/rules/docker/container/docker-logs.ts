import { defineRule } from "../../../rule";
import { container } from "../types";

export default defineRule({
  id: "docker-logs",
  title: "A container's log cannot fill the disk",
  severity: "medium",
  level: "mandatory",
  appliesTo: [container],
  references: ["CIS Docker 2.13"],
  why: "Docker's default log has no limit. The day the disk is full, the database stops first.",
  fix: 'Set `logDriver: "local"`, or `json-file` with `logOpts: { "max-size": "10m", "max-file": "5" }`.',
  judge(resource, { fail }) {
    const driver = resource.get("logDriver");
    if (driver.present && !driver.is("json-file", "")) {
      if (driver.is("none")) fail(driver, "The container's logs go nowhere.");
      return;
    }
    const size = resource.get("logOpts", "max-size");
    if (size.absent) fail(size, "The container's log grows without a limit.");
  },
});
