import { defineRule } from "../../../rule";

export default defineRule({
  id: "share-no-anyone",
  title: "No image or snapshot is shared with everybody",
  severity: "critical",
  level: "mandatory",

  appliesTo: [
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
    "aws:rds/snapshot:Snapshot",
    "aws:rds/clusterSnapshot:ClusterSnapshot",
  ],
  references: ["FSBP EC2.1", "FSBP RDS.1"],
  why: "A copy of the disk is the data, and everybody who has an account can start it.",
  fix: "Name the accounts.",
  judge(shared, { fail }) {
    const group = shared.get("group");
    if (group.is("all")) fail(group, "Everybody may start it.");
    const everybody = shared
      .get("sharedAccounts")
      .items()
      .find((account) => account.is("all"));
    if (everybody) fail(everybody, "Everybody may restore it.");
  },
});
