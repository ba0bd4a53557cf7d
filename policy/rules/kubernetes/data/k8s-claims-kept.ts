import { defineRule } from "../../../rule";
import { statefulSet } from "../types";

export default defineRule({
  id: "k8s-claims-kept",
  title: "Data outlives the workload that wrote it",
  severity: "medium",
  level: "advisory",
  appliesTo: [statefulSet],
  references: [],
  why: "With `whenDeleted: Delete` a replaced StatefulSet takes its volumes along.",
  fix: "Leave `persistentVolumeClaimRetentionPolicy.whenDeleted` at Retain.",
  judge(workload, { fail }) {
    const policy = workload.get("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted");
    if (policy.is("Delete")) fail(policy, "Deleting the workload deletes its data.");
  },
});
