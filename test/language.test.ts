import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "./project";

/** Words that readers had to learn, each with the field's own. */
const refused: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bentrances?\b/i, "ingress"],
  [/\bway (in|out) (for|from|through)\b|\bwithout a way (in|out)\b|\bno way out\b/i, "ingress, egress, origin"],
  [/\bcan be had back\b/, "is recoverable"],
  [/\bdrawn anew\b/, "regenerated"],
  [/\bfor ever\b/, "indefinitely; or say that it does not expire"],
  [/\b(who|what|which)soever\b|\bwhoever\b/i, "name the person or the thing"],
  [/\bdearest\b/i, "most expensive"],
  [/\bin so many words\b/, "literally"],
  [/\bwrong use\b/, "usage error"],
  [/\bbroke down\b/, "failed"],
  [/\bthe release before (it|that|this|can|until|serves|,|\.)/, "the previous release"],
  [/\btruth value\b/, "boolean"],
  [/\bwithout asking anybody\b/, "offline"],
  [/\b(a month and replica|a minute and replica)\b/, "per month and replica"],
  [/\b(nobody|somebody|who) is told\b/, "recipients, notified"],
  [/\bkept pages?\b/, "cached, prerendered page"],
  [/\bpairings?\b(?! of)/, "constraint"],
  [
    /\b(restsUntil|worthIt|mostTries|withWho|openDoors|howToRestore|howToRotate)\b/,
    "circuitOpenUntil, isRetryable, maxAttempts, …",
  ],
  [/\b(CloudWatchFigure|entranceNamespace|DoorsArgs|#deaf|patient\()/, "statistic, ingressNamespace, …"],
  [/\bno figures? (for|of)\b|\b(has|have) figures for\b/, "metric"],
];

/** Names that stacks have had since the first version: another would be another resource. */
const kept = [
  /const formerIngress = "-entrance"/,
  /formerName: `\$\{name\}-entrance`/,
  /NetworkPolicy web-entrance/,
  /^test\/stacks\/aws-ecs\/before-split\//,
];

const sources = execFileSync(
  "git",
  ["ls-files", "--", "*.ts", "*.tsx", "*.cjs", "*.mjs", "*.md", "*.sh", "*.yml", "*.yaml"],
  {
    cwd: projectDir,
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((file) => file !== "" && !/^(test\/(golden|language)|CHANGELOG)|\/golden\/|node_modules/.test(file));

describe("the language of code, texts and docs", () => {
  it("is the field's", () => {
    ok(sources.length > 500);
    const found = sources.flatMap((file) => {
      let text: string;
      try {
        text = readFileSync(join(projectDir, file), "utf8");
      } catch {
        // Deleted, and not committed yet.
        return [];
      }
      return text.split("\n").flatMap((line, index) => {
        if (kept.some((one) => one.test(line) || one.test(file))) return [];
        return refused
          .filter(([pattern]) => pattern.test(line))
          .map(([pattern, instead]) => `${file}:${index + 1}: "${pattern.exec(line)![0]}": ${instead}`);
      });
    });
    deepEqual(found, []);
  });

  it("would find each of the words", () => {
    const samples = [
      "the entrance",
      "without a way out",
      "can be had back",
      "drawn anew",
      "for ever",
      "Whoever asks",
      "the dearest first",
      "in so many words",
      "wrong use",
      "it broke down",
      "the release before it",
      "a truth value",
      "without asking anybody",
      "a month and replica",
      "nobody is told",
      "a kept page",
      "a pairing",
      "worthIt",
      "patient(server)",
      "no figure for it",
    ];
    deepEqual(
      samples.map((sample, index) => refused[index]![0].test(sample)),
      samples.map(() => true),
    );
  });
});
