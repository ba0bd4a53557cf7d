import { defineRule } from "../../../rule";

export default defineRule({
  id: "sm-recovery",
  title: "A deleted secret can be brought back",
  severity: "low",
  level: "advisory",
  appliesTo: ["aws:secretsmanager/secret:Secret"],
  references: ["AWS Well-Architected SEC08-BP02"],
  why: "With a window of 0 days a wrong deletion of an encryption key loses what it encrypted.",
  fix: "Leave `recoveryWindowInDays` at 7 or more.",
  judge(secret, { fail }) {
    const window = secret.get("recoveryWindowInDays");
    if (window.is(0)) fail(window, "The secret is gone at once when it is deleted.");
  },
});
