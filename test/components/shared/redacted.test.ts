import { strict as assert } from "node:assert";
import { redacted } from "../../../components/shared/redacted";

describe("a log that is shown", () => {
  it("has none of the values that are known, in a URL, in JSON, line by line", () => {
    const values = ["p@ss/word\n", "-----BEGIN KEY-----\nMIIBsecretline\n-----END KEY-----", 'quo"ted'];
    const log = [
      "password p@ss/word was refused",
      "postgres://app:p%40ss%2Fword@database/app",
      "key MIIBsecretline is bad",
      JSON.stringify({ value: 'quo"ted' }),
    ].join("\n");
    const shown = redacted(log, values);
    for (const part of ["p@ss", "p%40ss", "MIIBsecret", "quo"]) assert.equal(shown.includes(part), false, shown);
    assert.match(shown, /password \[secret\] was refused/);
  });

  it("masks the longer of two values whole, and nothing for a value too short to be one", () => {
    assert.equal(redacted("abcdefgh abcd no", ["abcd", "abcdefgh", "no", ""]), "[secret] [secret] no");
  });

  for (const [line, shown] of [
    ["connect postgres://app:hunter2@db:5432/app failed", "connect postgres://app:[secret]@db:5432/app failed"],
    ["redis://:a@b:c@cache:6379", "redis://:[secret]@cache:6379"],
    ["DATABASE_PASSWORD=hunter2 PORT=3000", "DATABASE_PASSWORD=[secret] PORT=3000"],
    ["  password: 'hunter 2',", "  password: [secret],"],
    ['{"clientSecret":"hunter2","port":3000}', '{"clientSecret":[secret],"port":3000}'],
    ["authorization: Bearer abc.def", "authorization: Bearer [secret]"],
    ["STRIPE_API_KEY=sk_live_1", "STRIPE_API_KEY=[secret]"],
  ] as const)
    it(`masks what looks like a secret: ${line}`, () => assert.equal(redacted(line), shown));

  for (const line of [
    "password authentication failed for user app",
    "GET https://shop.example.com:8443/a?b=c 200",
    "at file:///app/server.js:12:3 (user@host)",
    "Error: relation tokens does not exist",
  ])
    it(`leaves the rest alone: ${line}`, () => assert.equal(redacted(line, ["hunter2"]), line));
});
