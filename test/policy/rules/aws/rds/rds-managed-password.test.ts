import rule from "../../../../../policy/rules/aws/rds/rds-managed-password";
import { given, secret, specify, unknown, urnOf } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "a password that AWS keeps": given(instance, { manageMasterUserPassword: true }),
    "a password that is only written": given(instance, { passwordWo: secret, passwordWoVersion: 1 }),
    "a secret one of a source of replicas, which RDS cannot manage": [
      given(instance, { password: secret }, { name: "primary" }),
      given(instance, { replicateSourceDb: unknown(`${urnOf(instance, "primary")}#identifier`) }, { name: "reader" }),
    ],
    "a replica": given(instance, { replicateSourceDb: "primary" }),
  },
  fails: {
    "a password in the program": [given(instance, { password: secret }), "password"],
    "a password that is not known yet": [given(instance, { password: unknown("urn#result") }), "password"],
    "a readable one of a source of replicas": [
      [
        given(instance, { password: "hunter2" }, { name: "primary" }),
        given(instance, { replicateSourceDb: unknown(`${urnOf(instance, "primary")}#identifier`) }, { name: "reader" }),
      ],
      "password",
    ],
    "a secret one beside somebody else's replica": [
      [
        given(instance, { password: secret }, { name: "primary" }),
        given(instance, { replicateSourceDb: "other" }, { name: "reader" }),
      ],
      "password",
    ],
    "a cluster": [given("aws:rds/cluster:Cluster", { masterPassword: secret }), "masterPassword"],
  },
});
