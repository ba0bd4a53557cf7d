import { refusals } from "../../policy/index";
import { propertyRows, resourceRows } from "../judge/refusals/changes";
import { referenceCoverage } from "./reference-coverage";
import { requestCoverage } from "./request-coverage";
import { findingSeverities, type FindingSeverity } from "../judge/refusals/finding";

/** docs/deployability.md: what the target refuses, and what a change does to the site. */
export function deployabilityPage(): string {
  const changes = [...propertyRows, ...resourceRows];
  return `# Deployability

<!-- Written by tools/generate/deployability-page.ts from the rows themselves. -->

A preview says what AWS would refuse, before anything is created. ${refusals.length} rules judge one state, and
${changes.length} a change, each from AWS's own documentation. They answer like the [policies](policies.md): nothing found,
found, or **not evaluated** with the value that only the deployment knows.

They run in \`npm start\`, \`slipway preview\`, \`slipway diff\`, the pull-request comment and, those of one state, in the
engine with \`--policy-pack policy\`. A refusal ends \`slipway preview\` with exit code 2. Where AWS has changed its mind, or a
quota was raised for you, switch the rule off by its id: \`slipway:policies: { rules: { acm-name-count: { level: disabled } } }\`.

What no row speaks of has not been checked: quotas of your account, names that others have taken, capacity of a zone, and
the regions in which a class or a feature exists.

## Refused in one state

| rule | what must hold | resource |
| --- | --- | --- |
${refusals.map(({ id, title, references: [link], appliesTo }) => `| [${id}](${link}) | ${cell(title)} | ${cell(typesOf(appliesTo))} |`).join("\n")}

## What a change does

| row | effect | properly |
| --- | --- | --- |
${findingSeverities
  .flatMap((severity) => changes.filter((row) => row.severity === severity))
  .map(({ id, link, severity, remedy }) => `| [${id}](${link}) | ${effects[severity]} | ${cell(remedy)} |`)
  .join("\n")}

## Checked against another description of AWS

The rows above are Slipway's reading of AWS's documentation. \`npm run test:reference\` asks three others, after
\`bash test/reference/build.sh\` has fetched them:

- **CloudFormation's resource schemas**, which AWS publishes, as [cfn-lint](https://github.com/aws-cloudformation/cfn-lint)
  applies them: names of properties, types, enumerations, patterns, ranges, what is required and what excludes what. Four stack
  files that between them have every resource are turned into templates, value by value. What only the deployment knows is a
  parameter, and its value is not checked. A type without schema, and a property that has no counterpart, is **unknown**: nothing
  is claimed of it.
- **The calls of AWS's API**, which AWS publishes for its SDKs, as [botocore](https://github.com/boto/botocore) has them: names of
  members, types, enumerations, ranges and patterns of the call that makes each resource. What a second call sets, such as the
  attributes of a load balancer, is not in the first and counts as unknown.
- **[iam-simulate](https://github.com/cloud-copilot/iam-simulate)**, an evaluator of IAM policies: a table of who may do what,
  allowed and denied, with no permission left that nothing in the table needs. Policies that AWS manages, and trust policies,
  are not in it.

Emulators such as moto have not been asked: the provider that would call them is not to be had where this was built.

| type | CloudFormation | checked | call | checked | unknown to both |
| --- | --- | --- | --- | --- | --- |
${Object.keys({ ...referenceCoverage, ...requestCoverage })
  .sort()
  .map(coverage)
  .join("\n")}
`;
}

function coverage(type: string): string {
  const { as = null, checked: properties = 0, unchecked: first = [] } = referenceCoverage[type] ?? {};
  const { call = null, checked: members = 0, unchecked: second = [] } = requestCoverage[type] ?? {};
  const both = as === null ? second : call === null ? first : first.filter((name) => second.includes(name));
  const unknown = as === null && call === null ? "everything" : both.map((name) => `\`${name}\``).join(", ");
  return `| \`${type.split(":").slice(1).join(":")}\` | ${as ?? "none, or not mapped"} | ${properties} | ${call ?? "not looked at"} | ${members} | ${unknown} |`;
}

const effects: Readonly<Record<FindingSeverity, string>> = {
  refused: "refused",
  data: "data or restore points lost",
  outage: "outage or restart",
  harmless: "harmless",
};

function typesOf(types: readonly (string | RegExp)[]): string {
  return types
    .map((type) => String(typeof type === "string" ? type.split(":").at(-1) : type.source.replace(/[\\^$]/g, "")))
    .map((type) => `\`${type}\``)
    .join(", ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
