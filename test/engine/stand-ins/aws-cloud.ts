import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { consequencesOf } from "../../../tools/judge/refusals/changes";
import type { Plan, PlanResource, PlanValue, PropertyChange } from "../../../tools/plan/plan";
import { refusals, Resource } from "../../../policy/index";
import { judge } from "../../../policy/judge";
import { Stack } from "../../../policy/stack";
import { inUse, namedOnce, noticedLater, onlyOnceItHasGrown } from "./aws-documented";

type Properties = Readonly<Record<string, unknown>>;

/** Something that lives in the account. */
interface Live {
  readonly id: string;
  readonly urn: string;
  readonly type: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/**
 * An account that remembers what is in it, in a file, and refuses what AWS documents as refused: at creation and update by the
 * rules of policy/deployability, at an update by the rows of tools/judge/refusals/changes, at a deletion by these and by what
 * still uses the resource.
 */
export class AwsCloud {
  constructor(private readonly file: string) {}

  create(live: Live): void {
    const others = this.all();
    this.takeName(live, others);
    judged(live, others);
    this.write([...others, live]);
  }

  update(live: Live, changes: readonly Omit<PropertyChange, "forcesReplacement">[]): void {
    const all = this.all();
    const others = all.filter(({ id, type }) => id !== live.id || type !== live.type);
    if (movesToAnotherVpc(this.find(live.id, live.type), live, others))
      throw refused("Update", live, ["InvalidSubnet"]);
    const findings = rowsOf(live, "update", changes).filter(({ id }) => !onlyOnceItHasGrown.includes(id));
    if (findings.length > 0)
      throw refused(
        "Update",
        live,
        findings.map(({ id }) => id),
      );
    judged(live, others);
    this.write([...others, live]);
  }

  delete(id: string, urn: string): void {
    const all = this.all();
    const live = this.find(id, typeOf(urn));
    if (live === undefined) return;
    const others = all.filter((one) => one.id !== id || one.type !== live.type);
    const rows = rowsOf(live, "delete", []).map((row) => row.id);
    if (rows.length > 0) throw refused("Delete", live, rows);
    const users = others.filter((one) => inUse[live.type]?.by.test(one.type) === true && names(one, live));
    if (users.length > 0) {
      throw refused("Delete", live, [
        `${inUse[live.type]!.answer} by ${users.map((one) => nameOf(one.urn)).join(", ")}`,
      ]);
    }
    this.write(others);
  }

  find(id: string, type: string): Live | undefined {
    return this.all().find((one) => one.id === id && one.type === type);
  }

  all(): Live[] {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as Live[]) : [];
  }

  private takeName(live: Live, others: readonly Live[]): void {
    for (const property of namedOnce[live.type] ?? []) {
      const wanted = JSON.stringify(live.inputs[property]);
      const taken = others.some(
        ({ inputs, type }) =>
          type === live.type &&
          inputs["region"] === live.inputs["region"] &&
          JSON.stringify(inputs[property]) === wanted,
      );
      if (wanted !== undefined && taken) throw refused("Create", live, [`AlreadyExists: ${property} ${wanted}`]);
    }
  }

  private write(all: readonly Live[]): void {
    writeFileSync(this.file, JSON.stringify(all));
  }
}

function judged(live: Live, existing: readonly Live[]): void {
  const others = apart(existing, live);
  const subject = resourceOf(live, others);
  const stack = new Stack([subject, ...others.map((one) => resourceOf(one, []))]);
  const found = refusals
    .filter(({ appliesTo, id }) => !noticedLater.includes(id) && applies(appliesTo, live.type))
    .flatMap((rule) => judge(rule, subject, stack).map((finding) => ({ ...finding, id: rule.id })))
    .filter(({ outcome }) => outcome === "fail");
  if (found.length > 0)
    throw refused(
      "Create or update",
      live,
      found.map(({ id, property }) => `${id} ${property ?? ""}`),
    );
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html: all subnets are in the group's VPC. */
function movesToAnotherVpc(before: Live | undefined, after: Live, others: readonly Live[]): boolean {
  if (!/\/subnetGroup:SubnetGroup$/.test(after.type) || before === undefined) return false;
  const vpcsOf = (group: Live) =>
    others
      .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
      .filter((one) => names(group, one))
      .map(({ inputs }) => inputs["vpcId"]);
  const old = vpcsOf(before);
  return vpcsOf(after).some((vpc) => !old.includes(vpc));
}

/** While another takes its place, two have one URN: the one that goes gets another here. */
function apart(existing: readonly Live[], live: Live): Live[] {
  const newest = new Map([...existing, live].map(({ id, urn }) => [urn, id]));
  return existing.map((one) => (newest.get(one.urn) === one.id ? one : { ...one, urn: `${one.urn} ${one.id}` }));
}

function rowsOf(
  { inputs, type, urn }: Live,
  operation: "update" | "delete",
  changes: readonly Omit<PropertyChange, "forcesReplacement">[],
): ReturnType<typeof consequencesOf> {
  const resource = {
    urn,
    type,
    name: nameOf(urn),
    custom: true,
    inputs: inputs as Record<string, PlanValue>,
    options: {},
    operation,
    changes: changes.map((change) => ({ ...change, forcesReplacement: false })),
  } as unknown as PlanResource;
  const plan = { stack: "test", resources: [resource] } as unknown as Plan;
  return consequencesOf(plan).filter(({ severity, id }) => severity === "refused" && !rowsThatSubnetsHave.includes(id));
}

/** What uses a subnet is looked at one by one. */
const rowsThatSubnetsHave = ["subnet-goes"];

function resourceOf({ inputs, outputs, type, urn }: Live, others: readonly Live[]): Resource {
  const references = Object.fromEntries(
    Object.entries(inputs).map(([property, value]) => {
      const text = JSON.stringify(value) ?? "";
      return [property, others.filter((one) => mentions(text, one)).map((one) => one.urn)];
    }),
  );
  return new Resource({ urn, type, name: nameOf(urn), properties: { ...inputs }, outputs: { ...outputs }, references });
}

const names = (one: Live, other: Live) => mentions(JSON.stringify(one.inputs), other);

function mentions(text: string, { id, outputs }: Live): boolean {
  // At the end of a text, or in quotes within one, as the rule of a composite alarm has it.
  return [id, outputs["arn"]].some(
    (name) => typeof name === "string" && name !== "" && ['"', '\\"'].some((end) => text.includes(`${name}${end}`)),
  );
}

function applies(matchers: readonly (string | RegExp)[], type: string): boolean {
  return matchers.some((matcher) => (typeof matcher === "string" ? matcher === type : matcher.test(type)));
}

export const typeOf = (urn: string): string => urn.split("::")[2]!.split("$").at(-1)!;
const nameOf = (urn: string) => urn.split("::").at(-1)!;

function refused(call: string, { type, urn }: Live, reasons: readonly string[]): Error {
  return new Error(`AWS refuses: ${call} of ${type} ${nameOf(urn)}: ${reasons.join("; ")}`);
}
