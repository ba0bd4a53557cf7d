import { deepEqual, equal, ok } from "node:assert/strict";
import { resolveSettings, settingsFrom } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import type { AwsEcsSettings, Settings } from "../../../stacks/settings/settings";
import { type Raw, stackFile } from "./refused";

const file: Readonly<Record<string, string>> = {
  "slipway:target": "docker",
  "slipway:domain": "shop.example.com",
  "slipway:image": "ghcr.io/acme/shop:1.4.2",
  "slipway:preset": "staging",
};

/** What is said of a configuration as the engine hands it over, of which these keys are encrypted. */
function said(config: Readonly<Record<string, string>>, ...encrypted: string[]): string[] {
  return refusals(() => settingsFrom("test", { ...file, ...config }, (key) => encrypted.includes(key)));
}

function refusals(load: () => Settings): string[] {
  try {
    load();
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(
      ({ found, key, message }) => `${key}${found === undefined ? "" : ` ${JSON.stringify(found)}`} ${message}`,
    );
  }
}

const holds = (key: string) =>
  `${key} holds an encrypted value, and would show it in what is created: only slipway:secrets takes secrets. Here in plain text: pulumi config set --plaintext --path '${key}'`;
const webhook = JSON.stringify({ webhook: "https://hooks.example.com/a", emails: [] });
const plainWebhook =
  "slipway:monitoring.webhook is in plain text: pulumi config set --secret --path slipway:monitoring.webhook, and a new address if the file was ever shared";
const service = JSON.stringify({ environment: { GREETING: "hello", DEEP: "x" }, maxConcurrentRequests: 100 });

/** By each key, as the in-process preview says it; by the section alone, as the engine does. */
const encrypted: readonly (readonly [
  what: string,
  Readonly<Record<string, string>>,
  keys: readonly string[],
  said: readonly string[],
])[] = [
  ["nothing", {}, [], []],
  ["the domain", {}, ["slipway:domain"], [holds("slipway:domain")]],
  ["the region", {}, ["aws:region"], [holds("aws:region")]],
  ["another's key", {}, ["other:key"], []],
  ["a section", { "slipway:service": service }, ["slipway:service"], [holds("slipway:service")]],
  [
    "a value of a section",
    { "slipway:service": service },
    ["slipway:service", "slipway:service.maxConcurrentRequests"],
    [holds("slipway:service.maxConcurrentRequests")],
  ],
  [
    "a variable",
    { "slipway:service": service },
    ["slipway:service", "slipway:service.environment", "slipway:service.environment.GREETING"],
    [
      "slipway:service.environment.GREETING is encrypted, and a variable is readable on every target: pulumi config set --secret --path slipway:secrets.GREETING",
    ],
  ],
  [
    "a member of a list",
    { "slipway:monitoring": JSON.stringify({ emails: ["ops@example.com"] }) },
    ["slipway:monitoring", "slipway:monitoring.emails", "slipway:monitoring.emails.0"],
    [holds("slipway:monitoring.emails[0]")],
  ],
  [
    "a section that holds nothing",
    { "slipway:monitoring": "null" },
    ["slipway:monitoring"],
    [holds("slipway:monitoring")],
  ],
  ["the webhook", { "slipway:monitoring": webhook }, ["slipway:monitoring", "slipway:monitoring.webhook"], []],
  ["the webhook, said of its section alone", { "slipway:monitoring": webhook }, ["slipway:monitoring"], []],
  ["no webhook", { "slipway:monitoring": webhook }, [], [plainWebhook]],
  [
    "the receivers beside a webhook in plain text",
    { "slipway:monitoring": webhook },
    ["slipway:monitoring", "slipway:monitoring.emails"],
    [holds("slipway:monitoring.emails")],
  ],
  [
    "a section without a webhook",
    { "slipway:monitoring": '{"dashboard":true}' },
    ["slipway:monitoring"],
    [holds("slipway:monitoring")],
  ],
];

describe("what is encrypted in a stack file", () => {
  for (const [what, config, keys, expected] of encrypted)
    it(`${what}: ${expected.length === 0 ? "accepted" : "refused"}`, () => deepEqual(said(config, ...keys), expected));

  it("is not asked for where nobody knows it", () => {
    const settings = settingsFrom("test", {
      ...file,
      "slipway:monitoring": webhook,
      "slipway:secrets": '{"A":"hunter2"}',
    });
    deepEqual([settings.monitoring.webhook, settings.secrets["A"]], ["https://hooks.example.com/a", "hunter2"]);
  });

  it("is looked for in no section of secrets that is none", () => {
    for (const secrets of ["null", "7"]) equal(said({ "slipway:secrets": secrets }).length, 1);
  });
});

describe("a configuration as the engine hands it over", () => {
  it("says what is no mapping and no text, and takes nothing for not said", () => {
    deepEqual(said({ "slipway:service": "" }), [
      "slipway:service is empty: expected keys below it; leave the line out for the defaults",
    ]);
    deepEqual(said({ "slipway:service": "big" }), ['slipway:service "big" expected keys below it, not text']);
    // The preset that nobody names is production.
    const unsaid = said({ "slipway:service": "{}", "slipway:preset": "", "slipway:images": "{}" });
    deepEqual([unsaid.length, unsaid], [1, said({ "slipway:preset": "production" })]);
    deepEqual(said({ "slipway:nothing": "1" }), ["slipway:nothing is not a setting"]);
    deepEqual(said({ "slipway:domain": "7" }), [
      'slipway:domain "7" expected a host name whose last part is no number, such as shop.example.com',
    ]);
  });

  it("leaves out what has a problem already", () => {
    const problems = [{ key: "slipway:domain", message: "was read otherwise" }];
    const found = refusals(() => settingsFrom("test", { ...file, "slipway:domain": "x y" }, () => false, { problems }));
    deepEqual(found, ["slipway:domain was read otherwise"]);
  });
});

describe("a stack file's content", () => {
  const of = (more: Raw, target: "docker" | "aws-ecs" = "docker") =>
    resolveSettings("test", stackFile(target, more), { awsRegion: "eu-central-1" });
  const wrong = (more: Raw) => refusals(() => of(more));

  it("says of a moment that it is a date without quotes", () => {
    const moment = "2027-01-31 00:00:00 +0000 UTC";
    deepEqual(wrong({ service: { environment: { A: moment } } }), [
      'slipway:service.environment.A is a date without quotes, which YAML makes a moment of: "2027-01-31"',
    ]);
    deepEqual(wrong({ service: { environment: { A: "2027-01-31 08:15:00 +0100 CET" } } }), [
      'slipway:service.environment.A is a date without quotes, which YAML makes a moment of: "2027-01-31 …"',
    ]);
    deepEqual(wrong({ service: { environment: { A: `on ${moment}`, B: "2027-01-31", C: `${moment} or so` } } }), []);
    const exemption = { rule: "docker-rofs", resource: "x", reason: "because it is so", expires: moment };
    deepEqual(wrong({ policies: { exemptions: [exemption] } }), []);
  });

  it("says one thing of one setting, and of another what is wrong with it", () => {
    deepEqual(wrong({ service: "big", network: { httpPort: 0, httpsPort: 0 } }), [
      'slipway:service "big" expected keys below it, not text',
      "slipway:network.httpPort 0 expected a whole number from 1 to 65535",
      "slipway:network.httpsPort 0 expected a whole number from 1 to 65535",
    ]);
    deepEqual(wrong({ monitoring: { emails: ["ops"] } }), [
      'slipway:monitoring.emails[0] "ops" expected an e-mail address',
    ]);
    deepEqual(wrong({ nothing: 1, service: { minReplicas: 2, maxReplicas: 1 } }), [
      "slipway:nothing is not a setting",
      "slipway:service.maxReplicas 1 is less than service.minReplicas, 2",
    ]);
    deepEqual(
      wrong({ servic: {}, service: { prt: 1 }, policies: { rules: { "docker-rofs": { lvel: "advisory" } } } }).map(
        (text) => text.split("?")[0],
      ),
      [
        "slipway:service.prt is not a setting; did you mean slipway:service.port",
        "slipway:policies.rules.docker-rofs.lvel is not a setting; did you mean slipway:policies.rules.docker-rofs.level",
        "slipway:servic is not a setting; did you mean slipway:service",
      ],
    );
  });

  it("runs nothing before a plain image, and a migration where it says one", () => {
    const health = { ready: "/", live: "/" };
    equal(of({ service: { health } }).service.migration, false);
    deepEqual(of({ service: { health, migration: ["a"] } }).service.migration, ["a"]);
    deepEqual(of({}).service.migration, ["node", "migrate.js"]);
  });

  it("is built for Graviton where every dollar counts, and only what is built", () => {
    const built = { image: undefined, build: { context: "app" } };
    const on = (more: Raw) => of(more, "aws-ecs").service.platform;
    deepEqual(
      [
        on({ ...built, preset: "small" }),
        on({ ...built, preset: "development" }),
        on({ ...built, preset: "staging" }),
        on({ preset: "small" }),
        on({ ...built, preset: "small", service: { platform: "linux/amd64" } }),
      ],
      ["linux/arm64", "linux/arm64", undefined, undefined, "linux/amd64"],
    );
    equal(of({ ...built, preset: "small" }).service.platform, undefined);
    const firewall = (more: Raw) => (of(more, "aws-ecs") as AwsEcsSettings).firewall.mode;
    equal(firewall({ ...built, preset: "small" }), "none");
    equal(firewall({ ...built, preset: "staging" }), undefined);
    equal(firewall({ preset: "small", firewall: { mode: "count" } }), "count");
  });

  it("advises where a preset leaves out on purpose, unless it says otherwise", () => {
    const rules = (policies: Raw) => of({ preset: "small", policies }, "aws-ecs").policies?.rules;
    equal(rules({})?.["alb-waf"]?.level, "advisory");
    equal(rules({ rules: { "alb-waf": { level: "disabled" } } })?.["alb-waf"]?.level, "disabled");
    equal(rules({ level: "mandatory" }), undefined);
  });
});
