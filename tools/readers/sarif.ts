import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { findRule } from "../../policy/index";
import type { Verdict } from "../judge/policy/report";
import type { Finding } from "../judge/refusals/finding";
import { isCertain } from "../judge/relaxed/relaxed";
import type { Place } from "../plan/plan";
import { componentFinder, componentLabel } from "../plan/urn";
import { failuresOf } from "../review/failures";
import type { Review } from "../review/review";

interface Result {
  readonly rule: string;
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  readonly place: Place;
  /** Of the resource or subject: the same finding keeps it when lines move. */
  readonly subject: string;
  readonly help?: { readonly title: string; readonly link?: string };
}

/**
 * What reviews found, for code scanning: each result at the line of the program that registers the resource or, where
 * that is not the user's, at the setting in the stack file. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 */
export function sarifOf(reviews: readonly Review[], projectDir: string): object {
  const results = reviews.flatMap((review) => resultsOf(review, placesOf(review, projectDir)));
  const rules = new Map(results.map(({ rule, help }) => [rule, help]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "slipway",
            rules: [...rules].map(([id, help]) => ({
              id,
              ...(help && { shortDescription: { text: help.title }, ...(help.link && { helpUri: help.link }) }),
            })),
          },
        },
        // Of several stacks each finding is its own.
        results: results.map(({ rule, level, message, place, subject }) => ({
          ruleId: rule,
          level,
          message: { text: message },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: encodeURI(place.file) }, region: { startLine: place.line } },
            },
          ],
          partialFingerprints: { "slipway/v1": `${rule} ${subject}` },
        })),
      },
    ],
  };
}

interface Places {
  ofResource(urn: string): Place;
  ofSetting(key: string): Place;
  /** Of what a relaxation is about. */
  ofSubject(kind: string, subject: string): Place;
}

function resultsOf(review: Review, places: Places): Result[] {
  const { failure, findings, relaxed = [], guards = [], stack } = review;
  const at = ({ urn, setting }: Pick<Finding, "urn" | "setting">) =>
    urn !== undefined && setting === undefined ? places.ofResource(urn) : places.ofSetting(setting ?? "");
  const about = (subject: string) => `${stack} ${subject}`;
  return [
    ...(failure
      ? [result("preview-fails", "error", failure.message, failure.place ?? places.ofSetting(""), about("preview"))]
      : []),
    ...relaxed.map((one) => {
      const { kind, subject, message } = one;
      const place = kind === "protection" ? places.ofResource(subject) : places.ofSubject(kind, subject);
      const level = isCertain(one) ? "error" : "warning";
      return result(
        "relaxed",
        level,
        `${subject.split("::").pop()}: ${message}`,
        place,
        about(`${subject} ${message}`),
      );
    }),
    ...guards.map(({ guard, message }) =>
      result(`guard-${guard}`, "error", message, places.ofSetting(`guards.${guard}`), about(guard)),
    ),
    ...(findings?.findings ?? []).map((one): Result => ({
      ...result(one.id, severities[one.severity], `${one.message} ${one.remedy}`, at(one), about(one.urn ?? "")),
      help: { title: one.id, link: one.link },
    })),
    ...verdictsOf(review).map(([verdict, level]): Result => ({
      ...result(
        verdict.rule,
        level,
        `${verdict.resource.split("::").pop()}: ${verdict.message} ${verdict.fix}`,
        places.ofResource(verdict.resource),
        about(`${verdict.resource} ${verdict.property ?? ""}`),
      ),
      help: { title: findRule(verdict.rule)?.title ?? verdict.rule },
    })),
  ];
}

const severities = { refused: "error", data: "error", outage: "warning", harmless: "note" } as const;

function verdictsOf(review: Review): (readonly [Verdict, Result["level"]])[] {
  const { fresh, standing } = failuresOf(review);
  return [
    ...fresh.map((verdict) => [verdict, verdict.level === "mandatory" ? "error" : "warning"] as const),
    ...standing.map((verdict) => [verdict, "note"] as const),
  ];
}

function result(rule: string, level: Result["level"], message: string, place: Place, subject: string): Result {
  return { rule, level, message, place, subject };
}

/** Files that are Slipway's own in a repository made from it: nobody fixes a stack there. */
const ours = /^(components|stacks|tools|policy)\//;

function placesOf({ plan, stack }: Review, projectDir: string): Places {
  const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`, "Pulumi.yaml", "Pulumi.yml"].find((name) =>
    existsSync(join(projectDir, name)),
  );
  const lines = file === undefined ? new Map<string, number>() : linesOf(readFileSync(join(projectDir, file), "utf8"));
  const start = { file: file ?? "Pulumi.yaml", line: 1 };
  const ofSetting = (key: string): Place => {
    for (let at = `slipway:${key}`; at !== ""; at = at.includes(".") ? at.slice(0, at.lastIndexOf(".")) : "") {
      const line = lines.get(at);
      if (line !== undefined) return { ...start, line };
    }
    return start;
  };
  const byUrn = new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
  const componentOf = plan && componentFinder(plan);
  const ofResource = (urn: string): Place => {
    const resource = byUrn.get(urn);
    if (!resource || !componentOf) return start;
    const { place } = resource;
    return place && !ours.test(place.file) ? place : ofSetting(componentLabel(componentOf(resource)));
  };
  const ofSubject = (kind: string, subject: string): Place =>
    kind === "source" || kind === "workflow"
      ? { file: subject, line: 1 }
      : ofSetting(kind === "guard" ? subject : "policies");
  return { ofResource, ofSetting, ofSubject };
}

/** Line of each key under `config`: `slipway:database`, `slipway:database.storageGb`. */
function linesOf(text: string): Map<string, number> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const found = new Map<string, number>();
  const visit = (node: unknown, path: string) => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = path === "" ? String(key.value) : `${path}.${String(key.value)}`;
      if (key.range) found.set(name, counter.linePos(key.range[0] ?? 0).line);
      visit(value, name);
    }
  };
  visit(document.get("config"), "");
  return found;
}

interface MapNode {
  readonly items: readonly {
    readonly key: { readonly value: unknown; readonly range?: readonly number[] };
    readonly value: unknown;
  }[];
}

function isMap(node: unknown): node is MapNode {
  return (
    typeof node === "object" &&
    node !== null &&
    "items" in node &&
    Array.isArray(node.items) &&
    node.items.every((item: unknown) => typeof item === "object" && item !== null && "key" in item)
  );
}
