import { join } from "node:path";

import { catalogue, type Rule } from "../../policy/index";
import { leftOut } from "../../stacks/settings/policy-levels";
import { presetNames } from "../../stacks/settings/settings";
import { referenceUrl } from "../judge/policy/references";

export const policiesPage = join(__dirname, "../../docs/policies.md");

/** The page of all rules. `node -r ./tools/typescript.cjs tools/generate/policies-page.ts` writes it; a test compares. */
export function renderPolicies(): string {
  const sections = ["AWS", "Kubernetes", "Docker"].map((area) => {
    const rules = catalogue.filter((rule) => areaOf(rule) === area);
    return [`## ${area}`, ...rules.map(ruleSection)].join("\n\n");
  });
  return `${[introduction(), ...sections].join("\n\n")}\n`;
}

function introduction(): string {
  const mandatory = catalogue.filter(({ level }) => level === "mandatory").length;
  return `# Security policies

<!-- Written by tools/generate/policies-page.ts from the rules themselves. -->

${catalogue.length} rules judge a stack before anything is deployed: ${mandatory} are mandatory, the rest advise. Each
answers in one of three ways: it **passes**, it **fails**, or it is **not evaluated**, with the property that is not known
until deployment. What is known around an unknown value is judged all the same. No answer repeats the value of a property.

The same rules give the same answers in three places: in \`slipway preview\`, in any tool that speaks the SDK's analyzer
protocol, and in the engine:

\`\`\`sh
npx slipway policy list
npx slipway policy explain rds-private
npx slipway policy check --plan plan.json --config Pulumi.prod.yaml
npx slipway policy config --config Pulumi.prod.yaml > policies.json
pulumi preview --policy-pack policy --policy-pack-config policies.json
\`\`\`

In any other program of Pulumi, whatever its language, the rules are a package of their own that needs nothing of the rest of
Slipway. It is not on npm yet: in a clone, \`npm pack\`, then \`npm pack ./dist/policy\`, make its tarball.

\`\`\`sh
npm install --save-dev slipway-policies
pulumi preview --policy-pack node_modules/slipway-policies --policy-pack-config policies.json
\`\`\`

\`policies.json\` holds levels and parameters by rule, \`{ "all": "advisory", "rds-private": "mandatory" }\`; without it every rule
has its own.

The engine hands rules a string of which one part is unknown as an unknown whole, and a secret as plain text. So a rule
may say "not evaluated" there where the preview in-process decides, and misses a secret whose name is innocent; it never
decides otherwise.

## Strictness

In a stack file, levels, parameters and exemptions are under \`slipway:policies\`. A name that does not exist is refused.

\`\`\`yaml
config:
  slipway:policies:
    level: advisory # a ceiling for all rules: everything is reported, nothing is stopped
    rules:
      rds-private: { level: mandatory } # said outright, it is above the ceiling
      rds-backup: { minimumDays: 14 }
      ecr-scan: { level: remediate } # repaired on the way, and shown
      cf-waf: { level: disabled }
    exemptions:
      - rule: rds-multi-az
        resource: "reports-*" # a name, or a URN that starts with urn:
        reason: read-only copy, rebuilt every night
        expires: 2027-03-31 # the last day; after it the resource fails again
\`\`\`

A rule advises where the stack's preset leaves out on purpose what it asks for. Nothing else is relaxed, and production
relaxes nothing:

${presetLevels()}

A level in the stack file is above that of the preset: \`rules: { rds-backup: { level: mandatory } }\` for one rule,
\`level: mandatory\` for all. The engine learns of both from \`slipway policy config\`; without it every rule has its own
level. \`slipway preview\` shows what was repaired, and which exemption covers what, for how long.

Rules read resources of \`@pulumi/aws\`, \`@pulumi/kubernetes\`, \`@pulumi/docker\` and \`@pulumi/docker-build\`, older and
sibling types included. Resources of \`@pulumi/aws-native\` are not read. What other collections have, and these have not:
[policies-compared.md](policies-compared.md).`;
}

function presetLevels(): string {
  const rules = [...new Set(Object.values(leftOut).flatMap((chosen) => Object.keys(chosen)))];
  const rows = rules.map((rule) => {
    const presets = presetNames.filter((preset) => rule in leftOut[preset]);
    return `| \`${rule}\` | ${presets.join(", ")} | ${leftOut[presets[0]!][rule]} |`;
  });
  return ["| rule | advises in | because the preset has |", "| --- | --- | --- |", ...rows].join("\n");
}

function ruleSection(rule: Rule): string {
  const parameters = Object.entries(rule.parameters ?? {}).map(
    ([name, parameter]) => `- \`${name}\`: ${parameter.description} Default: \`${JSON.stringify(parameter.default)}\`.`,
  );
  const facts = [
    rule.level,
    rule.severity,
    ...(rule.scope === "stack" ? ["judged across the stack"] : []),
    ...(rule.remediate ? ["can be repaired"] : []),
  ];
  return [
    `### ${rule.id}`,
    `**${rule.title}.** ${facts.join(" · ")}`,
    rule.why,
    `Fix: ${rule.fix}`,
    ...(parameters.length > 0 ? [parameters.join("\n")] : []),
    ...(rule.references.length > 0 ? [`References: ${rule.references.map(link).join(", ")}.`] : []),
  ].join("\n\n");
}

function link(reference: string): string {
  const url = referenceUrl(reference);
  return url === undefined ? reference : `[${reference}](${url})`;
}

function areaOf({ appliesTo: [first] }: Rule): string {
  const type = String(first);
  if (type.includes("kubernetes")) return "Kubernetes";
  return type.includes("docker") ? "Docker" : "AWS";
}
