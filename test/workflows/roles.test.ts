import { deepEqual, equal, match } from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { claimsOf, refusal, type Run, signed, type TrustPolicy } from "./oidc";
import { trustOfRoles } from "./roles";

const pull = { event: "pull_request", ref: "refs/pull/7/merge" } as const;
const main = "refs/heads/main";
const branch = "refs/heads/feature";

/** [what runs, the roles that its token is good for]. A branch may edit any workflow, and name any environment in it. */
const table: readonly (readonly [string, Run, string])[] = [
  ["live preview", { ...pull, workflow: "preview.yml", environment: "live-preview" }, "preview"],
  ["the job without credentials", { ...pull, workflow: "preview.yml" }, ""],
  ["drift, as planned", { event: "schedule", ref: main, workflow: "drift.yml", environment: "drift-prod" }, "drift"],
  [
    "drift, by hand",
    { event: "workflow_dispatch", ref: main, workflow: "drift.yml", environment: "drift-prod" },
    "drift",
  ],
  ["a drill, as planned", { event: "schedule", ref: main, workflow: "drill.yml", environment: "drill-prod" }, "drill"],
  [
    "a branch's workflow that names the drill",
    { event: "push", ref: branch, workflow: "mine.yml", environment: "drill-prod" },
    "",
  ],
  [
    "drift, by hand from a branch",
    { event: "workflow_dispatch", ref: branch, workflow: "drift.yml", environment: "drift-prod" },
    "",
  ],
  [
    "deployment of what was merged",
    { event: "push", ref: main, workflow: "deploy.yml", environment: "prod" },
    "deploy",
  ],
  [
    "deployment, by hand from a branch",
    { event: "workflow_dispatch", ref: branch, workflow: "deploy.yml", environment: "prod" },
    "",
  ],
  [
    "a branch's workflow that names production",
    { event: "push", ref: branch, workflow: "mine.yml", environment: "prod" },
    "",
  ],
  ["a pull request's workflow that names production", { ...pull, workflow: "preview.yml", environment: "prod" }, ""],
  ["a pull request's workflow that names drift", { ...pull, workflow: "preview.yml", environment: "drift-prod" }, ""],
  [
    "a tag that is called main",
    { event: "push", ref: "refs/tags/main", workflow: "deploy.yml", environment: "prod" },
    "",
  ],
  ["main without an environment", { event: "push", ref: main, workflow: "deploy.yml" }, ""],
  ["another stack's environment", { event: "push", ref: main, workflow: "deploy.yml", environment: "staging" }, ""],
  ["the environment in other letters", { event: "push", ref: main, workflow: "deploy.yml", environment: "Prod" }, ""],
  ["building the image", { event: "push", ref: main, workflow: "deploy.yml", environment: "image" }, ""],
  [
    "somebody else's repository",
    { repository: "mallory/shop", event: "push", ref: main, workflow: "deploy.yml", environment: "prod" },
    "",
  ],
  [
    "a repository whose name begins alike",
    { repository: "acme/shop-fork", event: "push", ref: main, workflow: "deploy.yml", environment: "prod" },
    "",
  ],
  [
    "the name in other letters",
    { repository: "Acme/shop", event: "push", ref: main, workflow: "deploy.yml", environment: "prod" },
    "",
  ],
  [
    "a fork, were it given a token",
    { repository: "mallory/shop", ...pull, workflow: "preview.yml", environment: "live-preview" },
    "",
  ],
];

/** The trust policies that components/pipeline makes, asked with the claims of GitHub's documentation. */
describe("whom the roles of the workflows trust", () => {
  let roles: ReadonlyMap<string, TrustPolicy>;
  before(async () => (roles = await trustOfRoles()));

  const good = (token: string) =>
    [...roles].filter(([, trust]) => refusal(token, trust) === undefined).map(([name]) => name);

  for (const [what, run, expected] of table) {
    it(`${what}: ${expected || "none"}`, () => {
      deepEqual(good(signed(claimsOf(run), "sts.amazonaws.com")).join(" "), expected);
    });
  }

  it("no token for another audience, that has expired, or that somebody else signed", () => {
    const claims = claimsOf({ event: "push", ref: main, workflow: "deploy.yml", environment: "prod" });
    deepEqual(good(signed(claims, "sts.amazonaws.com")), ["deploy"]);
    deepEqual(good(signed(claims, "https://github.com/acme")), []);
    deepEqual(good(signed(claims, "sts.amazonaws.com", { exp: 1 })), []);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    match(
      refusal(signed(claims, "sts.amazonaws.com", {}, privateKey), roles.get("deploy")!)!,
      /not signed by the issuer/,
    );
  });

  it("by equality of subject and audience in every one: no pattern", () => {
    equal(roles.size, 4);
    for (const { Statement } of roles.values()) deepEqual(Object.keys(Statement[0]!.Condition), ["StringEquals"]);
  });
});
