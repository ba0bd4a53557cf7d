import { defineRule } from "../../../rule";

export default defineRule({
  id: "cognito-password",
  title: "User pools ask for passwords that cannot be guessed",
  severity: "medium",
  level: "advisory",
  appliesTo: ["aws:cognito/userPool:UserPool"],
  references: ["FSBP Cognito.3"],
  why: "Short passwords are tried out in minutes, one account after the other.",
  fix: "Set `passwordPolicy.minimumLength` to 8 or more, or leave the policy out: 8 is AWS's default.",
  judge(pool, { fail }) {
    const length = pool.get("passwordPolicy", "minimumLength");
    const least = length.number();
    if (least !== undefined && least < 8) fail(length, "Passwords of less than 8 characters are taken.");
  },
});
