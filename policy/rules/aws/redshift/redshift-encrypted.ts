import { defineRule } from "../../../rule";

export default defineRule({
  id: "redshift-encrypted",
  title: "Warehouses are encrypted at rest",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:redshift/cluster:Cluster"],
  references: ["FSBP Redshift.10", "CKV_AWS_64"],
  why: "A snapshot of it is read wherever it is copied to.",
  fix: "Set `encrypted` to true.",
  judge(resource, { fail }) {
    const value = resource.get("encrypted");
    if (value.isNot(true)) fail(value, "The storage is not encrypted.");
  },
});
