/**
 * Recall and precision of the rules against Checkov, on plans: `node -r ./tools/typescript.cjs
 * test/reference/checkov/compare.ts FOLDER` with `checkov` on PATH and a folder of `slipway preview --json`. Prints the
 * table of docs/policies-compared.md; with `--write`, writes it there.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { catalogue } from "../../../policy/catalogue";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import type { Plan } from "../../../tools/plan/plan";
import { terraformPlan } from "./terraform";

interface Check {
  readonly check_id: string;
  readonly resource: string;
}

/** What each of Checkov's checks is called here. */
const rulesOf = new Map<string, string[]>();
for (const { id, references } of catalogue)
  for (const reference of references.filter((one) => one.startsWith("CKV")))
    rulesOf.set(reference, [...(rulesOf.get(reference) ?? []), id]);

interface Row {
  resources: number;
  /** Checkov's failures. */
  theirs: number;
  /** Of those, by checks that a rule here cites. */
  cited: number;
  found: number;
  open: number;
  /** Failures here, by rules that cite a check which Checkov has answered for the resource. */
  ours: number;
  agreed: number;
}

const rows = new Map<string, Row>();
const missed: string[] = [];
const alone: string[] = [];

function rowOf(type: string): Row {
  const row = rows.get(type) ?? { resources: 0, theirs: 0, cited: 0, found: 0, open: 0, ours: 0, agreed: 0 };
  rows.set(type, row);
  return row;
}

function checkov(json: unknown): { readonly failed: readonly Check[]; readonly passed: readonly Check[] } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-checkov-"));
  try {
    const file = join(folder, "tfplan.json");
    writeFileSync(file, JSON.stringify(json));
    const args = ["-f", file, "-o", "json", "--framework", "terraform_plan", "--soft-fail", "--compact"];
    const out = execFileSync("checkov", args, {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { results } = JSON.parse(out) as { results?: { failed_checks: Check[]; passed_checks: Check[] } };
    return { failed: results?.failed_checks ?? [], passed: results?.passed_checks ?? [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(plan: Plan): void {
  const { json, urns } = terraformPlan(plan);
  if (urns.size === 0) return;
  const { failed, passed } = checkov(json);
  const { verdicts } = evaluatePlan(plan, {}, { today: new Date() });
  const typeOf = new Map(plan.resources.map(({ urn, type }) => [urn, type]));
  for (const urn of urns.values()) rowOf(typeOf.get(urn)!).resources += 1;
  const here = (outcome: string) =>
    new Set(verdicts.filter((one) => one.outcome === outcome).map(({ rule, resource }) => `${rule} ${resource}`));
  const [fails, open] = [here("fail"), here("not-evaluated")];
  const related = relatedIn(plan);
  const says = (answers: ReadonlySet<string>, rules: readonly string[], urn: string) =>
    [urn, ...(related.get(urn) ?? [])].some((one) => rules.some((rule) => answers.has(`${rule} ${one}`)));
  for (const { check_id: check, resource } of failed) {
    const urn = urns.get(resource);
    if (urn === undefined) continue;
    const row = rowOf(typeOf.get(urn)!);
    row.theirs += 1;
    const rules = rulesOf.get(check);
    if (!rules) continue;
    row.cited += 1;
    if (says(fails, rules, urn)) row.found += 1;
    else if (says(open, rules, urn)) row.open += 1;
    else missed.push(`${plan.project}: ${check} ${rules.join(",")} ${urn.split("::").slice(2).join(" ")}`);
  }
  const answered = (checks: readonly Check[]) =>
    new Set(checks.map(({ check_id: check, resource }) => `${check} ${urns.get(resource)}`));
  const [theirFails, theirPasses] = [answered(failed), answered(passed)];
  for (const { rule, resource: urn, outcome } of verdicts) {
    const type = typeOf.get(urn);
    if (outcome !== "fail" || type === undefined) continue;
    const ids = [...rulesOf].filter(([, rules]) => rules.includes(rule)).map(([check]) => check);
    const checks = [urn, ...(related.get(urn) ?? [])].flatMap((one) => ids.map((check) => `${check} ${one}`));
    const agrees = checks.some((check) => theirFails.has(check));
    if (!agrees && !checks.some((check) => theirPasses.has(check))) continue;
    rowOf(type).ours += 1;
    if (agrees) rowOf(type).agreed += 1;
    else alone.push(`${plan.project}: ${rule} ${urn.split("::").slice(2).join(" ")}`);
  }
}

/** A bucket and its public access block, a load balancer and its listener: the two name the same fault at either. */
function relatedIn({ resources }: Plan): Map<string, string[]> {
  const related = new Map<string, string[]>();
  const add = (left: string, right: string) => related.set(left, [...(related.get(left) ?? []), right]);
  for (const { urn, custom, propertyDependencies } of resources) {
    if (!custom) continue;
    for (const other of new Set(Object.values(propertyDependencies).flat())) {
      add(urn, other);
      add(other, urn);
    }
  }
  return related;
}

const [folder = ".", write] = process.argv.slice(2);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
let plans = 0;
for (const file of files) {
  const text = readFileSync(join(folder, file), "utf8");
  if (!text.startsWith("{")) continue;
  plans += 1;
  console.error(basename(file));
  compare(JSON.parse(text) as Plan);
}

const share = (part: number, whole: number) => (whole === 0 ? "" : `${Math.round((100 * part) / whole)} %`);
const sum = [...rows.values()].reduce(
  (all, row) => {
    for (const key of Object.keys(all) as (keyof Row)[]) all[key] += row[key];
    return all;
  },
  { resources: 0, theirs: 0, cited: 0, found: 0, open: 0, ours: 0, agreed: 0 },
);
const line = (name: string, row: Row): string =>
  `| ${name} | ${row.resources} | ${row.theirs} | ${row.cited} | ${row.found} | ${row.open} | ${share(row.found + row.open, row.cited)} | ${row.ours} | ${share(row.agreed, row.ours)} |`;
const table = [
  "| type | resources | Checkov fails | of which cited | failed here | not evaluated here | recall | failed here, answered by Checkov | precision |",
  "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
  ...[...rows]
    .filter(([, { theirs, ours }]) => theirs + ours > 0)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([type, row]) => line(`\`${type}\``, row)),
  line("all", sum),
].join("\n");
console.log(`${plans} plans\n\n${table}\n\nmissed\n${missed.join("\n")}\n\nalone\n${alone.join("\n")}`);
if (write === "--write") {
  const page = join(__dirname, "../../../docs/policies-compared.md");
  const text = readFileSync(page, "utf8");
  writeFileSync(page, text.replace(/(<!-- checkov:begin -->\n)[\s\S]*(<!-- checkov:end -->)/, `$1\n${table}\n\n$2`));
}
