import { defineRule } from "../../../rule";
import { secretArgument, secretFault } from "../../secret-like";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-env-secret",
  title: "No secret is written into a pod's environment or command",
  severity: "critical",
  level: "mandatory",
  appliesTo: workloads,
  references: ["CIS Kubernetes 5.4.1"],
  why: "Everybody who may read Deployments reads it, and so does every tool that lists them.",
  fix: "Put the value into a Secret and name it with `valueFrom.secretKeyRef`, or mount it.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      each(container.get("env").items(), (variable) => {
        const value = variable.get("value");
        const fault = secretFault(variable.get("name").string() ?? "", value, "variable");
        if (fault) fail(value, fault);
      });
      each([container.get("command"), container.get("args")], (command) => {
        const words = command.items();
        each(words.entries(), ([index, word]) => {
          const fault = secretArgument(word, words[index + 1]);
          if (fault) fail(word, fault);
        });
      });
    });
  },
});
