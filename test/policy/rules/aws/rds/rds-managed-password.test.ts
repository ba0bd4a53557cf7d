import rule from "../../../../../policy/rules/aws/rds/rds-managed-password";
import { given, secret, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "a password that AWS keeps": given(instance, { manageMasterUserPassword: true }),
    "a password that is only written": given(instance, { passwordWo: secret, passwordWoVersion: 1 }),
    "a replica": given(instance, { replicateSourceDb: "primary" }),
  },
  fails: {
    "a password in the program": [given(instance, { password: secret }), "password"],
    "a password that is not known yet": [given(instance, { password: unknown("urn#result") }), "password"],
    "a cluster": [given("aws:rds/cluster:Cluster", { masterPassword: secret }), "masterPassword"],
  },
});
