import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";
import { containers, setting, variables } from "../types";

export default defineRule({
  id: "docker-env-secrets",
  title: "No secret is in a container's environment",
  severity: "high",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 4.10"],
  why: "`docker inspect` shows it, every child process inherits it, and crash reports send it away.",
  fix: "Mount a file and name it with a variable that ends in `_FILE`.",
  judge(resource, { each, fail }) {
    const envs = setting(resource, "envs");
    if (envs.isSecret) return fail(envs, "The environment holds a value that is marked secret.");
    each(variables(resource), (read) => {
      const { name, value } = read();
      const fault = secretFault(name, value, "variable");
      if (fault) fail(value, fault);
    });
  },
});
