import { defineRule } from "../../../rule";

export default defineRule({
  id: "cognito-protect",
  title: "User pools cannot be deleted by mistake",
  severity: "medium",
  level: "advisory",
  appliesTo: ["aws:cognito/userPool:UserPool"],
  references: [],
  why: "Every account is gone with the pool, and nobody can export passwords.",
  fix: "Set `deletionProtection` to `ACTIVE`.",
  judge(pool, { fail }) {
    const protection = pool.get("deletionProtection");
    if (protection.isNot("ACTIVE")) fail(protection, "Deletion protection is off.");
  },
});
