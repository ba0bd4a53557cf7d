import { deepEqual } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import type { Target } from "../../../stacks/settings/settings";
import { warningsOf } from "../../../stacks/settings/warnings";
import { type Raw, stackFile } from "./refused";

const found = (target: Target, more: Raw) =>
  warningsOf(resolveSettings("test", stackFile(target, more), { awsRegion: "eu-central-1" }));

const plain = { health: { ready: "/", live: "/" } };
const digest = `ghcr.io/acme/shop@sha256:${"a".repeat(64)}`;
const staging = { preset: "staging" };
const development = { preset: "development" };
const small = { preset: "small" };
const none = { implementation: "none" };

const nobody = "no alarm recipients. slipway:monitoring.emails or slipway:monitoring.webhook";
const single = "one replica: its loss is an outage. slipway:service.minReplicas: 2";
const owner = "the application owns its tables: what an injection gets may drop them.";
const apart = (count: number) =>
  `${count} replicas without a shared cache: one does not hear what another invalidates.`;
const moving = "the image ghcr.io/acme/shop:1.4.2 is named by tag, and a tag is mutable.";
const without = "an image without @slipway/next: no Content-Security-Policy but its own, no cache that replicas share";

/** Whether a sentence that begins so is said. */
const cases: readonly (readonly [what: string, Target, Raw, begins: string, said: boolean])[] = [
  ["nobody to tell", "aws-ecs", {}, nobody, true],
  ["nobody to tell in development", "aws-ecs", development, nobody, false],
  ["somebody to tell", "aws-ecs", { monitoring: { emails: ["ops@example.com"] } }, nobody, false],
  ["a chat to tell", "aws-ecs", { monitoring: { webhook: "https://hooks.example.com/a" } }, nobody, false],
  ["one replica", "aws-ecs", { service: { minReplicas: 1 } }, single, true],
  ["two replicas", "aws-ecs", { service: { minReplicas: 2 } }, single, false],
  ["one replica in a cluster", "kubernetes", { service: { minReplicas: 1 } }, single, true],
  ["one replica in staging", "aws-ecs", { ...staging, service: { minReplicas: 1 } }, single, false],
  ["one replica on one host", "docker", { service: { minReplicas: 1, maxReplicas: 1 } }, single, false],
  ["functions", "vercel", {}, single, false],
  ["no cache", "docker", { cache: none, service: { minReplicas: 3, maxReplicas: 3 } }, apart(3), true],
  ["no cache for one replica", "docker", { cache: none, service: { minReplicas: 1, maxReplicas: 1 } }, apart(1), false],
  ["no cache for two", "docker", { cache: none, service: { minReplicas: 2, maxReplicas: 2 } }, apart(2), true],
  ["a cache for three", "docker", { service: { minReplicas: 3, maxReplicas: 3 } }, apart(3), false],
  ["no cache for functions", "vercel", {}, "10 replicas without", false],
  ["one role", "aws-ecs", {}, owner, true],
  ["one role in staging", "aws-ecs", staging, owner, false],
  ["one role, said", "aws-ecs", { database: { separateRoles: false } }, owner, false],
  ["two roles", "aws-ecs", { database: { separateRoles: true } }, owner, false],
  ["no database", "aws-ecs", { database: none }, owner, false],
  ["one role of an image without @slipway/next", "aws-ecs", { service: plain }, owner, false],
  ["one role without a migration", "aws-ecs", { service: { migration: false } }, owner, false],
  ["a tag", "aws-ecs", {}, moving, true],
  ["a digest", "aws-ecs", { image: digest }, `the image ${digest}`, false],
  ["a build", "vercel", {}, "the image", false],
  ["an image with @slipway/next", "aws-ecs", {}, "an image without", false],
  ["a plain image", "aws-ecs", { service: plain }, without, true],
];

const lost = (...more: string[]) =>
  [
    "no Content-Security-Policy but its own",
    "no cache that replicas share",
    "no skew protection",
    "nothing is turned away at maxConcurrentRequests",
    ...more,
  ].join(", ");
const atEdge = [
  "no static files of earlier releases but those at the edge",
  "revalidateTag and revalidatePath do not reach CloudFront",
];
const noMetrics = "no metrics, so no alarms on errors, latency and load";
const inSecretsManager = " and DATABASE_URL is without its password, which Secrets Manager has";
const inFiles = " and secrets are files that NAME_FILE names, and DATABASE_URL is without its password";
const judged = "a release is judged by readiness alone";

/** All that a plain image is without. */
const plainImages: readonly (readonly [what: string, Target, Raw, said: string])[] = [
  ["behind CloudFront", "aws-ecs", { service: plain }, lost("no metrics of the process", ...atEdge) + inSecretsManager],
  ["without a CDN", "aws-ecs", { service: plain, cdn: none }, lost("no metrics of the process") + inSecretsManager],
  ["on one host", "docker", { service: plain }, lost(noMetrics) + inFiles],
  ["in a cluster", "kubernetes", { service: plain }, lost(noMetrics) + inFiles],
  [
    "in a cluster, blue-green",
    "kubernetes",
    { service: plain, release: { strategy: "blue-green" } },
    lost(noMetrics, judged) + inFiles,
  ],
  [
    "on ECS, blue-green",
    "aws-ecs",
    { service: plain, cdn: none, release: { strategy: "blue-green" } },
    lost("no metrics of the process") + inSecretsManager,
  ],
];

describe("warnings", () => {
  for (const [what, target, more, begins, said] of cases)
    it(`${target}, ${what}: ${said ? "said" : "nothing"}`, () =>
      deepEqual(
        found(target, more).filter((text) => text.startsWith(begins)).length,
        said ? 1 : 0,
        found(target, more).join("\n"),
      ));

  for (const [what, target, more, said] of plainImages)
    it(`a plain image ${what}: all that it is without`, () =>
      deepEqual(
        found(target, more).filter((text) => text.startsWith("an image without")),
        [`an image without @slipway/next: ${said}. docs/bring-your-app.md#a-plain-image`],
      ));

  it("values of a preset that nothing reads are said, and those of the preset itself are not", () => {
    const idle = (more: Raw) => found("aws-ecs", more).filter((text) => text.includes("has no effect"));
    deepEqual(idle({}), []);
    deepEqual(idle({ cache: { ...none, ttlSeconds: 60 } }), []);
    deepEqual(idle({ cache: { ...none, nodeType: "cache.t4g.micro" } }), [
      "slipway:cache.nodeType has no effect with implementation none: it is for elasticache",
    ]);
    deepEqual(idle({ release: { bakeMinutes: 7 } }), [
      "slipway:release.bakeMinutes has no effect with strategy rolling: it is for blue-green, canary or linear",
    ]);
    deepEqual(idle({ ...small, cache: { ...none } }), []);
  });
});
