import { defineRule } from "../../../rule";

export default defineRule({
  id: "data-private",
  title: "Data stores and brokers have no public address",
  severity: "critical",
  level: "mandatory",

  appliesTo: [
    "aws:redshift/cluster:Cluster",
    "aws:redshiftserverless/workgroup:Workgroup",
    "aws:dms/replicationInstance:ReplicationInstance",
    "aws:mq/broker:Broker",
  ],
  references: ["FSBP Redshift.1", "FSBP DMS.1", "CKV_AWS_87", "CKV_AWS_89", "CKV_AWS_69"],
  why: "Only a password and a security group stand between the internet and the data.",
  fix: "Set `publiclyAccessible` to false.",
  judge(resource, { fail }) {
    const value = resource.get("publiclyAccessible");
    if (value.is(true)) fail(value, "It has a public address.");
  },
});
