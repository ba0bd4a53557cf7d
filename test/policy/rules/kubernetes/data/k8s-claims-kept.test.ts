import rule from "../../../../../policy/rules/kubernetes/data/k8s-claims-kept";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const path = "spec.persistentVolumeClaimRetentionPolicy.whenDeleted";
const set = (whenDeleted: unknown) =>
  around.statefulSet(one({}), { persistentVolumeClaimRetentionPolicy: { whenDeleted } });

specify(rule, {
  passes: { "volumes that stay": set("Retain"), "nothing said": around.statefulSet(one({})) },
  fails: { "volumes that go": [set("Delete"), path] },
  open: { "a policy that is not known": [set(unknown()), path] },
});
