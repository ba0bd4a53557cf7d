import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { everyRule, packConfiguration, type PackConfiguration } from "../../../policy/index";
import { isSecret, isUnknown, type Plan, type PlanValue } from "../../../tools/plan/plan";
import { preview } from "../../../tools/review/preview";
import { linkProject, projectDir } from "../../project";
import { unknownString, type WireResource } from "./analyzer";
import type { Violation } from "./answers";

const image = "ghcr.io/acme/shop@sha256:4be1c7a0d5e9f8b3a6c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0";
const small = { "slipway:preset": "development", "slipway:domain": "shop.example.com", "slipway:image": image };

/** The stacks that are shipped, and small ones of which rules have more to say. */
const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["prod", "staging", "local"].map((stack) => [
      stack,
      readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8"),
    ]),
  ),
  "small-aws": stringify({
    config: {
      ...small,
      "aws:region": "eu-central-1",
      "slipway:target": "aws-ecs",
      "slipway:tls": { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
      "slipway:policies": {
        rules: { "rds-backup": { level: "mandatory" }, "logs-retention": { minimumDays: 30 } },
        exemptions: [{ rule: "sm-rotation", resource: "secrets-*", reason: "by the runbook", expires: "2099-12-31" }],
      },
    },
  }),
  "small-kubernetes": stringify({ config: { ...small, "slipway:target": "kubernetes" } }),
};
export const ownStacks = Object.keys(files);

/** The project, in a folder of its own so that the engine may write to its stack files. */
export class OwnProject {
  readonly folder = mkdtempSync(join(tmpdir(), "own-stacks-"));

  constructor() {
    mkdirSync(join(this.folder, "state"));
    linkProject(this.folder);
    for (const [stack, file] of Object.entries(files)) writeFileSync(join(this.folder, `Pulumi.${stack}.yaml`), file);
  }

  /** What the in-process preview says of a stack, and what another way needs to say the same. */
  async inProcess(stack: string): Promise<{ violations: Violation[]; plan: Plan; settings: PackConfiguration }> {
    const { plan, policies, settings } = await preview({ projectDir: this.folder, stack });
    const violations = policies.verdicts.map(({ rule, resource, outcome, level, property, message, fix }) => ({
      rule,
      urn: resource,
      level,
      message: outcome === "fail" ? `${property ? `${property}: ` : ""}${message} ${fix}` : message,
    }));
    return { violations, plan, settings: packConfiguration(settings?.policies ?? {}, everyRule) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A plan as the engine would send it: a string of which one part is unknown is unknown, a secret is plain text. */
export function onTheWire({ resources }: Plan): WireResource[] {
  return resources.map(({ urn, type, name, inputs, propertyDependencies, parent, options }) => ({
    urn,
    type,
    name,
    properties: raw(inputs) as Record<string, unknown>,
    references: propertyDependencies,
    ...(parent !== undefined && { parent }),
    ...(options.protect !== undefined && { protect: options.protect }),
  }));
}

function raw(value: PlanValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isUnknown(value)) return unknownString;
  if (isSecret(value)) return "plain-text-of-a-secret";
  if (Array.isArray(value)) return value.map(raw);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, raw(item)]));
}

/**
 * Two ways agree when each failure is the same, to the letter, or could not be judged there, and when nothing fails
 * there that passed here. Where here nothing could be judged, neither can it be there.
 */
export function agree(here: readonly Violation[], there: readonly Violation[]): { same: number; open: number } {
  const pair = ({ rule, urn }: Violation) => `${rule} on ${urn.split("::").slice(2).join(" ")}`;
  const line = (one: Violation) => `${pair(one)}: ${one.level}: ${one.message}`;
  const open = (one: Violation) => one.message.startsWith("not evaluated");
  const openThere = new Set(there.filter(open).map(pair));
  const failThere = new Set(there.filter((one) => !open(one)).map(line));
  const failHere = new Set(here.filter((one) => !open(one)).map(line));

  const lost = here.filter((one) => (open(one) || !failThere.has(line(one))) && !openThere.has(pair(one)));
  assert.deepEqual(lost.map(line), [], "said here, not there");
  assert.deepEqual(
    [...failThere].filter((one) => !failHere.has(one)),
    [],
    "fails there, not here",
  );
  return { same: failThere.size, open: openThere.size };
}
