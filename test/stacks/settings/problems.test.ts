import { deepEqual, equal, ok } from "node:assert/strict";
import { joined, SettingsError, withoutKeys } from "../../../stacks/settings/problems";
import { resolveSettings } from "../../../stacks/settings/load";
import { type Raw, stackFile } from "./refused";

/** One wrong value, and how its line ends in the error. */
const lines: readonly (readonly [what: string, more: Raw, line: string])[] = [
  [
    "a number in quotes",
    { service: { minReplicas: "2" } },
    '"2": expected a whole number from 1 to 100, written without quotes: 2',
  ],
  [
    "a number with spaces",
    { service: { minReplicas: " 2 " } },
    '" 2 ": expected a whole number from 1 to 100, written without quotes: 2',
  ],
  ["a word for a number", { service: { minReplicas: "two" } }, '"two": expected a whole number from 1 to 100'],
  ["spaces for a number", { service: { minReplicas: "  " } }, '"  ": expected a whole number from 1 to 100'],
  ["nothing for a number", { service: { minReplicas: "" } }, "expected a whole number from 1 to 100"],
  ["true in quotes", { docker: { grafana: "true" } }, '"true": expected true or false, written without quotes: true'],
  [
    "false in quotes",
    { docker: { grafana: "false" } },
    '"false": expected true or false, written without quotes: false',
  ],
  ["yes", { docker: { grafana: "yes" } }, '"yes": expected true or false'],
  ["a number for true", { docker: { grafana: 1 } }, "1: expected true or false"],
  ["a number for a text", { service: { environment: { A: 7 } } }, '7: expected text, in quotes: "7"'],
  ["true for a text", { service: { environment: { A: true } } }, 'true: expected text, in quotes: "true"'],
  [
    "the largest number for a text",
    { service: { environment: { A: 9007199254740991 } } },
    '9007199254740991: expected text, in quotes: "9007199254740991"',
  ],
  [
    "a larger number for a text",
    { service: { environment: { A: 9007199254740992 } } },
    "9007199254740992: expected text, in quotes",
  ],
  [
    "a number that is one of the words",
    { database: { version: 17 } },
    '17: expected 15, 16, 17 or 18, in quotes: "17"',
  ],
  ["a number that is none of the words", { database: { version: 9 } }, "9: expected 15, 16, 17 or 18"],
  ["a list for a mapping", { service: ["a"] }, '["a"]: expected keys below it, not a list'],
  ["a number for a mapping", { service: 7 }, "7: expected keys below it, not a number"],
  [
    "null for a mapping",
    { service: null },
    "null is empty: expected keys below it; leave the line out for the defaults",
  ],
  [
    "a text for a list",
    { monitoring: { emails: "a@b.de" } },
    '"a@b.de": expected a list: each entry on a line of its own after a hyphen',
  ],
  [
    "a rule that is none",
    { policies: { exemptions: [{ rule: "x", resource: "y", reason: "because it is so", expires: "2027-01-31" }] } },
    '"x": expected one of the names in docs/policies.md',
  ],
  [
    "a text of 60 characters",
    { domain: "A".repeat(58) },
    `"${"A".repeat(58)}": expected a host name in lower case: ${"a".repeat(58)}`,
  ],
  [
    "a text of more",
    { domain: "A".repeat(59) },
    `"${"A".repeat(56)}…: expected a host name in lower case: ${"a".repeat(59)}`,
  ],
  [
    "a password in an address",
    {
      database: { implementation: "external", url: "postgres://app:hunter2@a/b" },
      secrets: { DATABASE_PASSWORD: { generate: 32 } },
    },
    '"postgres://app:***@a/b": expected an address without a password in it: the password is a secret',
  ],
  ["a typing error", { service: { minReplica: 1 } }, "is not a setting; did you mean slipway:service.minReplicas?"],
  [
    "three letters of a long key",
    { service: { minReplxyzs: 1 } },
    "is not a setting; did you mean slipway:service.minReplicas?",
  ],
  ["another key", { service: { zzz: 1 } }, "is not a setting"],
  ["a short key, two letters off", { servxxe: {} }, "is not a setting; did you mean slipway:service?"],
  ["a short key, three letters off", { sexxxce: {} }, "is not a setting"],
];

describe("problems of a stack file", () => {
  const messageOf = (more: Raw, remarks: readonly string[] = []) => {
    try {
      resolveSettings("test", stackFile("docker", more), { awsRegion: "eu-central-1", remarks });
    } catch (error) {
      ok(error instanceof SettingsError, String(error));
      return error.message.split("\n");
    }
    throw new Error("accepted");
  };

  for (const [what, more, line] of lines)
    it(what, () => {
      const [first, , found] = messageOf(more);
      equal(first, "Pulumi.test.yaml has 1 problem. Nothing was created.");
      equal(found!.replace(/^ {2}slipway:[\w.[\]]+ {2}/, ""), line);
    });

  it("stand below one another, with remarks and where to read more", () => {
    deepEqual(messageOf({ nothing: 1, service: { port: "a" } }, ["It imports an environment."]), [
      "Pulumi.test.yaml has 2 problems. Nothing was created.",
      "",
      '  slipway:service.port  "a": expected a whole number from 1 to 65535',
      "  slipway:nothing       is not a setting",
      "",
      "  It imports an environment.",
      "  Every setting: docs/settings.md",
    ]);
  });

  it("a key that is longer than 40 characters moves nothing else", () => {
    const [, , line] = messageOf({ service: { environment: { ["a".repeat(40)]: "1" } }, nothing: 1 });
    ok(line!.startsWith(`  slipway:service.environment.${"a".repeat(40)}  `), line);
    const other = messageOf({ service: { environment: { ["a".repeat(40)]: "1" } }, nothing: 1 })[3];
    equal(other, `  ${"slipway:nothing".padEnd(40)}  is not a setting`);
  });

  it("are named as people write them", () => {
    deepEqual([["a"], ["a", "b"], ["a", "0", "b"], ["a", "10"], ["a", "b1"], ["a", "1b"]].map(joined), [
      "a",
      "a.b",
      "a[0].b",
      "a[10]",
      "a.b1",
      "a.1b",
    ]);
  });

  it("a section that is none says what to write", () => {
    deepEqual([undefined, "", null, true].map(withoutKeys), [
      "expected keys below it",
      ...Array<string>(2).fill("is empty: expected keys below it; leave the line out for the defaults"),
      "expected keys below it, not a boolean",
    ]);
  });
});
