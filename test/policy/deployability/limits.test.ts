import { deepEqual, equal, ok } from "node:assert/strict";

import { findRule, refusals } from "../../../policy/index";
import { judge, sentence } from "../../../policy/judge";
import { limitRules } from "../../../policy/deployability/aws/limits";
import { given, unknown } from "../spec";

/** The last value that AWS takes on each side, and the first that it refuses, read from the page that the row links. */
const boundaries: Readonly<Record<string, readonly [accepted: readonly unknown[], refused: readonly unknown[]]>> = {
  "ecs-linear-step-percent": [
    [3, 100, "3.0"],
    [2.9, 101],
  ],
  "ecs-linear-step-minutes": [
    [0, 1440],
    [-1, 1441],
  ],
  "ecs-canary-percent": [
    [0.1, 100],
    [0, 100.1],
  ],
  "ecs-canary-minutes": [[0, 1440], [1441]],
  "ecs-bake-minutes": [["0", "1440"], ["1441"]],
  "fargate-ephemeral-storage": [
    [21, 200],
    [20, 201],
  ],
  "alb-idle-timeout": [
    [1, 4000],
    [0, 4001],
  ],
  "alb-name": [
    ["a", "a".repeat(32), "shop-prod"],
    ["a".repeat(33), "-shop", "shop-", "internal-shop", "shop_prod"],
  ],
  "target-group-name": [
    ["a".repeat(32), "internal-shop"],
    ["a".repeat(33), "shop-", "shop.prod"],
  ],
  "target-group-drain": [[0, 3600], [3601]],
  "target-group-check-interval": [
    [5, 300],
    [4, 301],
  ],
  "target-group-check-timeout": [
    [2, 120],
    [1, 121],
  ],
  "target-group-healthy-threshold": [
    [2, 10],
    [1, 11],
  ],
  "target-group-unhealthy-threshold": [
    [2, 10],
    [1, 11],
  ],
  "listener-rule-priority": [
    [1, 50000],
    [0, 50001],
  ],
  "rds-identifier": [
    ["a", `a${"b".repeat(62)}`, "shop-prod-1"],
    [`a${"b".repeat(63)}`, "1shop", "shop-", "shop--prod", "shop_prod"],
  ],
  "rds-master-username": [
    ["app", "a".repeat(16)],
    ["a".repeat(17), "1app", "admin", "rdsadmin", "my-app"],
  ],
  "rds-database-name": [
    ["app", "a".repeat(63)],
    ["a".repeat(64), "1app", "my-app"],
  ],
  "rds-port": [
    [1150, 65535],
    [1149, 65536],
  ],
  "rds-backup-retention": [
    [0, 35],
    [-1, 36],
  ],
  "rds-monitoring-interval": [
    [0, 1, 5, 10, 15, 30, 60],
    [2, 20, 45, 120],
  ],
  "rds-insights-retention": [
    [7, 31, 93, 713, 731],
    [1, 30, 94, 744],
  ],
  "elasticache-identifier": [["a".repeat(40)], ["a".repeat(41), "1cache", "cache-", "my--cache"]],
  "elasticache-snapshot-retention": [[0, 35], [36]],
  "cloudfront-comment": [["", "a".repeat(128)], ["a".repeat(129)]],
  "cloudfront-origin-read-timeout": [
    [1, 120],
    [0, 121],
  ],
  "cloudfront-origin-keepalive": [
    [1, 120],
    [0, 121],
  ],
  "waf-rate-limit": [
    [10, 2_000_000_000],
    [9, 2_000_000_001],
  ],
  "logs-retention-values": [
    [1, 90, 400, 3653],
    [2, 45, 100, 3654],
  ],
  "logs-group-name": [["/ecs/shop#1"], ["shop:prod", "shop prod", "a".repeat(513)]],
  "logs-delivery-name": [["slipway-prod_cdn"], ["shop.prod", "a".repeat(61)]],
  "secret-recovery-window": [
    [0, 7, 30],
    [1, 6, 31],
  ],
  "kms-deletion-window": [
    [7, 30],
    [6, 31],
  ],
  "kms-alias-name": [["alias/slipway-prod-key"], ["slipway-prod-key", "alias/aws/rds", "alias/my.shop"]],
  "log-filter-pattern": [['{ $.level = "error" }', "a".repeat(1024)], ["a".repeat(1025)]],
  "health-check-regions": [
    ["us-east-1", "sa-east-1"],
    ["eu-central-1", "global"],
  ],
  "health-check-interval": [
    [10, 30],
    [5, 20, 60],
  ],
  "health-check-threshold": [
    [1, 10],
    [0, 11],
  ],
  "health-check-path": [
    ["/", `/${"a".repeat(254)}`],
    [`/${"a".repeat(255)}`, "/a b"],
  ],
  "backup-vault-name": [
    ["ab", "a".repeat(50), "shop_prod-1"],
    ["a", "a".repeat(51), "shop.prod"],
  ],
  "backup-plan-rule-name": [
    ["a", "a".repeat(50), "a.b"],
    ["a".repeat(51), "a b"],
  ],
  "backup-selection-name": [
    ["a", "a".repeat(50), "a.b"],
    ["a".repeat(51), "a b"],
  ],
  "backup-retention": [
    [1, 36_500],
    [0, 36_501],
  ],
  "backup-copy-retention": [
    [1, 36_500],
    [0, 36_501],
  ],
  "backup-lock-date": [
    [3, 36_500],
    [2, 36_501],
  ],
  "backup-lock-least": [
    [1, 36_500],
    [0, 36_501],
  ],
  "acm-domain-length": [["a".repeat(64)], ["a".repeat(65)]],
  "alarm-period": [
    [10, 20, 30, 60, 300, 86400],
    [0, 15, 45, 90, 86460],
  ],
  "alarm-name": [
    ["Shop: errors", "a".repeat(255)],
    ["a".repeat(256), "a\nb"],
  ],
  "dashboard-name": [["slipway-prod_1"], ["shop.prod", "a".repeat(256)]],
  "event-rule-name": [["shop.backup-1"], ["a".repeat(65), "shop:backup"]],
  "iam-role-name": [
    ["a".repeat(64), "shop=web@prod"],
    ["a".repeat(65), "shop/web"],
  ],
  "aurora-identifier": [
    ["shop", "a".repeat(63), "shop-1"],
    ["1shop", "shop--1", "shop-", "a".repeat(64)],
  ],
  "aurora-database-name": [
    ["app", "_app", "a".repeat(63)],
    ["1app", "my-app", "a".repeat(64)],
  ],
  "aurora-backup-retention": [
    [1, 35],
    [0, 36],
  ],
  "aurora-promotion-tier": [
    [0, 15],
    [-1, 16],
  ],
  "aurora-monitoring-interval": [
    [0, 60],
    [2, 61],
  ],
  "ecr-repository-name": [
    ["acme/shop", "a1"],
    ["Shop", "a", "acme//shop", "shop-", "a".repeat(257)],
  ],
  "s3-bucket-name": [
    ["abc", "my.bucket-1"],
    ["ab", "My-bucket", "192.168.0.1", "xn--shop", "a..b", "shop-s3alias", "a".repeat(64)],
  ],
  "ecs-family-name": [["slipway-prod_web"], ["slipway.prod", "a".repeat(256)]],
  "lambda-memory": [
    [128, 32768],
    [127, 32769],
  ],
};

describe("limits of AWS's API", () => {
  it("has the boundaries of every row here", () => {
    deepEqual(Object.keys(boundaries).sort(), limitRules.map(({ id }) => id).sort());
  });

  for (const [id, [accepted, refused]] of Object.entries(boundaries)) {
    it(`${id} takes the last value and refuses the next`, () => {
      const rule = findRule(id)!;
      const answers = (value: unknown) => judge(rule, withValue(rule, value)).map(({ outcome }) => outcome);
      for (const value of accepted) deepEqual(answers(value), [], `${String(value).slice(0, 40)} is taken`);
      for (const value of refused) deepEqual(answers(value), ["fail"], `${String(value).slice(0, 40)} is refused`);
      deepEqual(answers(unknown()), ["not-evaluated"]);
      deepEqual(judge(rule, given(rule.appliesTo[0] as string, {})), [], "what is not set has a default");
    });
  }
});

/** A resource whose property of the rule's title has the value. */
function withValue(rule: (typeof limitRules)[number], value: unknown) {
  const path = rule.fix.match(/`([^`]+)`/)![1]!;
  const lists = new Set(["origins", "rules"]);
  const properties = path
    .split(".")
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: lists.has(key) ? [inner] : inner }), value);
  return given(rule.appliesTo[0] as string, properties as Record<string, unknown>);
}

describe("the rules of what AWS refuses", () => {
  it("are more than forty, each with an address of AWS's documentation and a name of its own", () => {
    ok(refusals.length > 40, String(refusals.length));
    deepEqual(new Set(refusals.map(({ id }) => id)).size, refusals.length);
    for (const { id, references, family } of refusals) {
      ok(/^https:\/\/docs\.aws\.amazon\.com\/.+/.test(references[0] ?? ""), id);
      deepEqual(family, "deployability");
    }
  });
});

describe("a refusal", () => {
  it("is told in whole sentences, with the property and what to do", () => {
    for (const rule of limitRules) {
      const told = `${sentence(rule, { message: "is not what it takes", property: "a.b" })} ${rule.fix}`;
      equal(told.startsWith("`a.b` is not what it takes. Set `"), true, rule.id);
    }
    for (const { id, fix, why } of refusals) for (const text of [fix, why]) ok(/[.!)`]$/.test(text), `${id}: ${text}`);
  });
});
