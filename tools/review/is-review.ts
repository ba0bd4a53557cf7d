import { z } from "zod";
import type { Review } from "./review";

const text = z.string();
const list = <T extends z.ZodType>(item: T) => z.array(item);

const value: z.ZodType = z.json();
const values = z.record(text, value);
const change = z.looseObject({ path: text, kind: z.enum(["add", "update", "delete"]), forcesReplacement: z.boolean() });
const resource = z.looseObject({
  ...{ urn: text, type: text, name: text, custom: z.boolean(), parent: text.optional() },
  ...{ inputs: values, outputs: values, dependencies: list(text), options: z.looseObject({}) },
  operation: z.enum(["create", "update", "replace", "delete", "same", "read", "refresh", "import"]),
  changes: list(change).optional(),
});
const plan = z.looseObject({
  resources: list(resource),
  diagnostics: list(z.looseObject({ severity: text, message: text, urn: text.optional() })),
});
const verdict = z.looseObject({
  ...{ rule: text, resource: text, outcome: text, level: text, message: text, fix: text },
  property: text.optional(),
});
const policies = z.looseObject({
  verdicts: list(verdict),
  counts: z.looseObject({ pass: z.number(), fail: z.number(), notEvaluated: z.number() }),
  exemptions: list(z.looseObject({ rule: text, resource: text, expires: text, state: text, daysLeft: z.number() })),
});
const money = z.looseObject({ monthlyUsd: z.number(), component: text });
const unpriced = z.looseObject({ urn: text, type: text, component: text, reason: text });
const cost = z.looseObject({
  ...{ region: text, pricesAsOf: text, monthlyUsd: z.number(), components: list(money), lines: list(money) },
  ...{ assumptions: list(z.looseObject({ key: text, value: z.number(), unit: text })), unpriced: list(unpriced) },
});
const finding = z.looseObject({
  ...{ id: text, severity: z.enum(["refused", "data", "outage", "harmless"]), message: text, remedy: text, link: text },
  ...{ urn: text.optional(), setting: text.optional() },
});

/** What the readers rely on: a review comes from a job that runs the pull request's own code. */
const review = z.looseObject({
  ...{ version: z.literal(1), project: text, stack: text, unknowns: list(text), reproduce: text },
  run: z.looseObject({ number: z.number(), attempt: z.number(), commit: text, at: text }),
  failure: z
    .looseObject({
      kind: z.enum(["settings", "program", "provider", "policy", "base", "cancelled"]),
      message: text,
      urn: text.optional(),
    })
    .optional(),
  relaxed: list(z.looseObject({ kind: text, subject: text, message: text })).optional(),
  guards: list(z.looseObject({ guard: text, message: text, label: text.optional() })).optional(),
  settings: list(
    z.looseObject({ key: text, before: text.optional(), after: text.optional(), encrypted: z.boolean() }),
  ).optional(),
  ...{ plan: plan.optional(), policies: policies.optional(), policiesBefore: policies.optional() },
  cost: z.looseObject({ before: cost.optional(), after: cost }).optional(),
  findings: z
    .looseObject({
      findings: list(finding),
      notEvaluated: list(z.looseObject({ id: text, reason: text, link: text })),
      passed: z.number(),
    })
    .optional(),
});

export function isReview(content: unknown): content is Review {
  return review.safeParse(content).success;
}
