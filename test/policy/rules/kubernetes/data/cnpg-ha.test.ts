import rule from "../../../../../policy/rules/kubernetes/data/cnpg-ha";
import { given, specify, unknown } from "../../../spec";

const cluster = (spec: unknown) => given("kubernetes:postgresql.cnpg.io/v1:Cluster", { spec });

specify(rule, {
  passes: { "three instances": cluster({ instances: 3 }) },
  fails: { one: [cluster({ instances: 1 }), "spec.instances"], "none said": [cluster({}), "spec.instances"] },
  open: { "a number that is not known": [cluster({ instances: unknown() }), "spec.instances"] },
});
