import { defineRule } from "../../../rule";

export default defineRule({
  id: "redis-user-password",
  title: "Users of caches prove who they are",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:elasticache/user:User"],
  references: ["FSBP ElastiCache.6"],
  why: "Whatever else runs in the network could be this user.",
  fix: "Set `authenticationMode` of type `password` or `iam`, or switch the user off: `accessString` that begins with `off`.",
  judge(user, { fail }) {
    const [free, type] = [user.get("noPasswordRequired"), user.get("authenticationMode").get("type")];
    if (!free.is(true) && !type.is("no-password-required")) return;
    if (!/^\s*off(\s|$)/.test(user.get("accessString").string() ?? ""))
      fail(free.is(true) ? free : type, "No password is asked for.");
  },
});
