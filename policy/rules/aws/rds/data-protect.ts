import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isReplica } from "./databases";

export default defineRule({
  id: "data-protect",
  title: "Pulumi refuses to delete what holds data",
  severity: "medium",
  level: "advisory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster, "aws:efs/fileSystem:FileSystem", "aws:dynamodb/table:Table"],
  references: [],
  why: "The cloud's own protection is an input like any other: the same change that renames a database can turn it off.",
  fix: "Set the resource option `protect: true`.",
  judge(resource, { fail }) {
    if (!resource.protect && !isReplica(resource)) fail(resource.root, "The resource option `protect` is not set.");
  },
});
