import { defineRule } from "../../../rule";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-nonroot",
  title: "Containers run as a user other than root",
  severity: "high",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 4.1"],
  why: "Root within a container is one kernel defect away from root on the host. Without `user` the image decides, and nobody sees here what it decided.",
  fix: "Set `user` to a numeric id, for example `1000:1000`.",
  judge(resource, { fail }) {
    const user = setting(resource, "user");
    if (user.absent || user.is("")) fail(user, "No user is set: the image decides whether it is root.");
    else if (/^(0+|root)(:|$)/.test(user.string() ?? "")) fail(user, "The container runs as root.");
  },
});
