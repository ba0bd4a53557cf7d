import { join } from "node:path";
import { stringify } from "yaml";
import { isSecret, isUnknown, type Plan, type PlanResource, type PlanValue } from "../../tools/plan/plan";
import { projectDir } from "../project";

export const goldenFile = (stack: string): string => join(__dirname, `${stack}.yaml`);

/**
 * A plan for a reviewer: every resource by type and name, inputs and options sorted, secrets masked, what is known only
 * after deployment named, JSON texts as what they say. The same plan gives the same text on every machine.
 */
export function goldenText(plan: Plan): string {
  const resources = plan.resources.map((resource): [string, unknown] => [heading(resource), described(resource)]);
  const document = {
    resources: Object.fromEntries(resources.sort(byKey)),
    outputs: readable(plan.outputs),
    warnings: plan.diagnostics.map(({ message }) => message),
  };
  return `# Written by \`npm run golden\`: a change here is a change of what a stack creates.\n${stringify(document, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })}`;
}

const heading = ({ urn }: PlanResource): string => urn.split("::").slice(2).join(" ");

function described({ custom, inputs, options: all, dependencies }: PlanResource): unknown {
  // The provider's version is the lock file's to say, once.
  const { version: _, ...options } = all;
  return {
    ...(custom && { inputs: readable(inputs) }),
    ...(Object.keys(options).length > 0 && { options: readable(options) }),
    ...(custom && dependencies.length > 0 && { dependsOn: dependencies.map(shortUrn).sort() }),
  };
}

function readable(value: PlanValue): unknown {
  if (isSecret(value)) return "(secret)";
  if (isUnknown(value))
    return text(value.template ?? (value.$unknown.length === 1 ? "{0}" : "(unknown)"), value.$unknown);
  if (typeof value === "string") return text(value, []);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, PlanValue>)
      .map(([key, item]): [string, unknown] => [key, readable(item)])
      .sort(byKey),
  );
}

/** `{0}` becomes the output that it stands for. */
function text(template: string, sources: readonly string[]): unknown {
  const filled = template
    .replace(/\{(\d+)\}/g, (hole, index: string) => {
      const source = sources[Number(index)];
      return source === undefined ? hole : `<${shortUrn(source)}>`;
    })
    .replaceAll(projectDir, "<project>");
  return parsed(filled) ?? filled;
}

function parsed(json: string): unknown {
  if (!/^[[{]/.test(json)) return undefined;
  try {
    return { "(JSON)": readable(JSON.parse(json) as PlanValue) };
  } catch {
    return undefined;
  }
}

const shortUrn = (urn: string): string => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "") || urn;

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
