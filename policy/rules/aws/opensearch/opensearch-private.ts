import { defineRule } from "../../../rule";

export default defineRule({
  id: "opensearch-private",
  title: "Search domains are in a VPC",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
  references: ["FSBP Opensearch.2", "CKV_AWS_137"],
  why: "Without one the domain has a public address, and only its access policy stands before the indexes.",
  fix: "Set `vpcOptions.subnetIds`.",
  judge(resource, { fail }) {
    const value = resource.get("vpcOptions");
    if (value.absent) fail(value, "The domain has a public address.");
  },
});
