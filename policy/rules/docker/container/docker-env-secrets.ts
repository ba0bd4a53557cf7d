import { defineRule } from "../../../rule";
import { secretArgument, secretFault } from "../../secret-like";
import { containers, setting, variables } from "../types";

export default defineRule({
  id: "docker-env-secrets",
  title: "No secret is in a container's environment, command or labels",
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
    each(["command", "entrypoints", "args"], (name) => {
      const words = setting(resource, name).items();
      each(words.entries(), ([index, word]) => {
        const fault = secretArgument(word, words[index + 1]);
        if (fault) fail(word, fault);
      });
    });
    each(setting(resource, "labels").items(), (label) => {
      // A label may be called after a secret, and hold its hash.
      const fault = secretArgument(label.get("value"), undefined);
      if (fault) fail(label.get("value"), fault);
    });
  },
});
