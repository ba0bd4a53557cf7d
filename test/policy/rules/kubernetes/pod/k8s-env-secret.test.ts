import rule from "../../../../../policy/rules/kubernetes/pod/k8s-env-secret";
import { secret, specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const env = (...list: unknown[]) => around.deployment(one({ env: list }));
const value = "spec.template.spec.containers[0].env[0].value";

specify(rule, {
  passes: {
    "a reference": env({ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }),
    "a plain setting": env({ name: "LOG_LEVEL", value: "info" }),
  },
  fails: {
    "a password": [env({ name: "DB_PASSWORD", value: "hunter2" }), value],
    "one that is marked secret": [env({ name: "DB", value: secret }), value],
    "a password in an argument": [
      around.deployment(one({ args: ["--token=abcdef"] })),
      "spec.template.spec.containers[0].args[0]",
    ],
    "one of an init container": [
      around.job({ initContainers: [{ env: [{ name: "API_TOKEN", value: "x" }] }] }),
      "spec.template.spec.initContainers[0].env[0].value",
    ],
  },
  open: { "a value that is not known": [env({ name: "HOST", value: unknown() }), value] },
});
