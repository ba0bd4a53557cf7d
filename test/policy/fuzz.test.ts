import { ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import * as fc from "fast-check";

import { catalogue, Resource, type Rule, Secret, Unknown } from "../../policy/index";
import { remediationsOf } from "../../policy/evaluate";
import { judge } from "../../policy/judge";
import { Stack } from "../../policy/stack";
import { concreteTypes } from "./types";

const rulesDirectory = join(__dirname, "../../policy/rules");

/** Words that rules ask for, so that odd values turn up where they look. A rule's own come first. */
const words = (code: string) => [...code.matchAll(/"([A-Za-z_:-]{2,40})"/g)].map(([, word]) => word ?? "");
const codeOf = new Map(sources(rulesDirectory));
const shared = [...new Set([...codeOf.values()].flatMap(words))];
const vocabularyOf = ({ id }: Rule) => {
  const own = words(codeOf.get(id) ?? "");
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own, "spec") },
    { weight: 1, arbitrary: fc.constantFrom(...shared) },
  );
};

/** Stands for whatever must never be printed. */
const planted = "pl4nted";

const text = fc.oneof(
  fc.string({ maxLength: 30 }).map((string) => `${planted}${string}`),
  fc.constantFrom(
    `postgres://u:${planted}@db/x`,
    `NAME=${planted}`,
    `AKIAIOSFODNN7EXAMPL${planted}`,
    `${planted}@sha256:${"0".repeat(64)}`,
  ),
  fc.constantFrom(
    `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"${planted}"}]}`,
    `[{"name":"${planted}"}]`,
    `[{`,
    `${"(".repeat(2000)}${planted}`,
  ),
);

const leaf = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, undefined, true, false, 0, 80, -1, Number.NaN, "*", "true", ""),
  fc.constant(new Secret()),
  fc.constant(new Unknown()),
  text.map((template) => new Unknown([`urn#${planted}`], `{0}${template}{1}`)),
);

function propertiesOf(rule: Rule) {
  const keys = vocabularyOf(rule);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(keys, tie("tree"), { maxKeys: 8 }),
    ),
  }));
  return fc.dictionary(keys, tree, { maxKeys: 8 });
}

describe("rules on odd input", function () {
  this.timeout(60_000);

  for (const rule of catalogue) {
    it(`${rule.id} answers, quickly, and prints no value`, () => {
      const subjects = concreteTypes.filter(
        (type) => new Stack([resource(type, {})]).ofType(...rule.appliesTo).length > 0,
      );
      ok(subjects.length > 0, "no concrete type for the rule");
      const properties = propertiesOf(rule);
      fc.assert(
        fc.property(fc.constantFrom(...subjects), properties, properties, (type, own, others) =>
          answers(rule, type, own, others),
        ),
        { numRuns: 100 },
      );
    });
  }
});

function answers(rule: Rule, type: string, own: Record<string, unknown>, others: Record<string, unknown>): void {
  const subject = resource(type, own);
  const around = rule.scope === "stack" ? concreteTypes : [];
  const stack = new Stack([
    subject,
    ...around.map((other, index) => resource(other, index % 2 === 0 ? others : own, `other${index}`)),
  ]);
  const findings = judge(rule, subject, stack);
  ok(quickest(() => judge(rule, subject, stack)) < 50, "took more than 50 ms");
  remediationsOf(rule, subject);
  const printed = JSON.stringify(findings);
  ok(!printed.includes(planted), `printed a value: ${printed}`);
  ok(!printed.includes("cannot read this resource"), "threw something else than what it could not know");
}

/** Milliseconds of the best of three tries: a rule is slow when it is slow each time, not when the machine is busy once. */
function quickest(action: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best >= 50; tries++) {
    const start = performance.now();
    action();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function resource(type: string, own: Record<string, unknown>, name = "subject"): Resource {
  return new Resource({ urn: `urn:pulumi:prod::shop::${type}::${name}`, type, name, properties: own });
}

/** The code of each file, by the id of the rule in it. */
function sources(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [basename(file, ".ts"), readFileSync(join(directory, file), "utf8")]);
}
