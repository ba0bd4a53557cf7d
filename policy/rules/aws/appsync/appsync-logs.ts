import { defineRule } from "../../../rule";

export default defineRule({
  id: "appsync-logs",
  title: "GraphQL APIs log who asked for what",
  severity: "low",
  level: "advisory",
  appliesTo: ["aws:appsync/graphQLApi:GraphQLApi"],
  references: ["FSBP AppSync.2", "CKV_AWS_193"],
  why: "After an incident nobody can say what was asked, and by whom.",
  fix: "Set `logConfig` with `fieldLogLevel` and a role that may write to CloudWatch.",
  judge(api, { fail }) {
    const log = api.get("logConfig");
    if (log.absent) fail(log, "Requests are not logged.");
  },
});
