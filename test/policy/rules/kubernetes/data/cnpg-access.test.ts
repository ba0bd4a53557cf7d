import rule from "../../../../../policy/rules/kubernetes/data/cnpg-access";
import { given, specify, unknown } from "../../../spec";

const cluster = (spec: unknown) => given("kubernetes:postgresql.cnpg.io/v1:Cluster", { spec });
const lines = (...pg_hba: unknown[]) => cluster({ postgresql: { pg_hba } });

specify(rule, {
  passes: {
    "what the operator sets": cluster({}),
    "TLS with a password": lines("hostssl all all 10.0.0.0/8 scram-sha-256", "host all all all reject"),
  },
  fails: {
    "no password": [lines("hostssl all all all trust"), "spec.postgresql.pg_hba[0]"],
    "no TLS beside an unknown": [lines(unknown(), "host all all all scram-sha-256"), "spec.postgresql.pg_hba[1]"],
    "a superuser on the network": [cluster({ enableSuperuserAccess: true }), "spec.enableSuperuserAccess"],
  },
  open: { "a line that is not known": [lines(unknown()), "spec.postgresql.pg_hba[0]"] },
});
