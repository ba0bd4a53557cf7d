import type {
  Policy,
  PolicyComplianceFramework,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import { remediationsOf } from "./evaluate";
import { type Exemption, Exemptions } from "./exemption";
import { type Finding, judge, sentence } from "./judge";
import { assign } from "./remediation";
import { Resource, type ResourceFacts } from "./resource";
import { defaultParameters, type Parameter, type ParameterValues, type Rule } from "./rule";
import { matchesType, Stack } from "./stack";
import { Unknown } from "./value";

/** A rule as the engine runs it. The verdicts are those of {@link evaluate}: both ask {@link judge}. */
export function toPolicy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  return rule.scope === "stack" ? stackPolicy(rule) : resourcePolicy(rule);
}

function resourcePolicy(rule: Rule): ResourceValidationPolicy {
  return {
    ...metadata(rule),
    ...repair(rule),
    validateResource: (args, report) => {
      if (!matchesType(args.type, rule.appliesTo)) return args.notApplicable("It judges resources of other types.");
      const settings = settingsOf(rule, args.getConfig());
      const resource = toResource(args);
      announce(rule, resource, judge(rule, resource, undefined, settings.parameters), settings, report);
    },
  };
}

/** The SDK asks every policy that has it, also one that otherwise judges the whole stack. */
function repair(rule: Rule): Pick<ResourceValidationPolicy, "remediateResource"> {
  if (!rule.remediate) return {};
  return {
    remediateResource: (args) => {
      if (!matchesType(args.type, rule.appliesTo)) return undefined;
      const resource = toResource(args);
      if (settingsOf(rule, args.getConfig()).exemptions.covering(rule.id, resource)) return undefined;
      const repairs = remediationsOf(rule, resource);
      for (const { property, value } of repairs) assign(args.props, property, value);
      return repairs.length > 0 ? args.props : undefined;
    },
  };
}

function stackPolicy(rule: Rule): StackValidationPolicy {
  return {
    ...metadata(rule),
    ...repair(rule),
    validateStack: (args, report) => {
      const settings = settingsOf(rule, args.getConfig());
      const stack = sharedStack(args);
      const subjects = stack.ofType(...rule.appliesTo);
      if (subjects.length === 0) return args.notApplicable("The stack has no resource that it judges.");
      for (const resource of subjects) {
        announce(rule, resource, judge(rule, resource, stack, settings.parameters), settings, report);
      }
    },
  };
}

let shared: Stack | undefined;

/**
 * The one index that all stack rules share. The SDK calls them one after the other without letting
 * anything else run in between, and gives each a copy of the same resources: what the first made
 * serves the others until the event loop turns.
 */
function sharedStack({ resources }: StackValidationArgs): Stack {
  if (!shared) {
    shared = new Stack(resources.map((one) => toResource(one, one.propertyDependencies)));
    setImmediate(() => {
      shared = undefined;
    });
  }
  return shared;
}

interface Settings {
  readonly parameters: ParameterValues;
  readonly exemptions: Exemptions;
}

/** The engine fills in the defaults of a configuration, the SDK alone does not. */
function settingsOf(rule: Rule, configuration: object): Settings {
  const { exemptions = [], ...parameters } = configuration as { exemptions?: Omit<Exemption, "rule">[] };
  return {
    parameters: { ...defaultParameters(rule), ...(parameters as ParameterValues) },
    exemptions: new Exemptions(
      exemptions.map((exemption) => ({ ...exemption, rule: rule.id })),
      new Date(),
    ),
  };
}

/**
 * Reports findings. The SDK's implementation takes an object too, with a level for this one
 * violation; its types know of the string alone. Without it, "not evaluated" would stop a preview.
 */
function announce(
  rule: Rule,
  resource: Resource,
  findings: readonly Finding[],
  settings: Settings,
  report: ReportViolation,
): void {
  const exemption = findings.length > 0 ? settings.exemptions.find(rule.id, resource) : undefined;
  if (exemption?.state === "active") return;
  for (const { outcome, message, property } of findings) {
    const expired = exemption ? `Its exemption expired on ${exemption.expires}.` : "";
    const violation = {
      name: rule.id,
      message:
        outcome === "fail"
          ? [sentence(rule, { message, property }), expired, rule.fix].filter(Boolean).join(" ")
          : message,
      urn: resource.urn,
      enforcementLevel: outcome === "fail" ? undefined : "advisory",
    };
    report(violation as unknown as string, resource.urn);
  }
}

type Args = Pick<StackValidationArgs["resources"][number], "urn" | "type" | "name" | "opts" | "props">;

function toResource(args: Args, references: Record<string, readonly { urn: string }[]> = {}): Resource {
  return new Resource({
    urn: args.urn,
    type: args.type,
    name: args.name,
    parent: args.opts.parent,
    protect: args.opts.protect,
    timeouts: timeoutsOf(args.opts.customTimeouts),
    properties: toRaw(() => args.props) as Record<string, unknown>,
    references: Object.fromEntries(Object.entries(references).map(([name, on]) => [name, on.map(({ urn }) => urn)])),
  });
}

function timeoutsOf(timeouts: Args["opts"]["customTimeouts"] = {} as never): ResourceFacts["timeouts"] {
  // Zero is the engine's way to say nothing.
  const said = (seconds = 0) => (seconds > 0 ? seconds : undefined);
  const { createSeconds, updateSeconds, deleteSeconds } = timeouts;
  return { create: said(createSeconds), update: said(updateSeconds), delete: said(deleteSeconds) };
}

/** Reading what is not known throws; here it becomes a value like any other. */
function toRaw(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch {
    return new Unknown();
  }
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, index) => toRaw(() => (value as unknown[])[index]));
  if (typeof value !== "object" || value === null) return value;
  // Assets and archives hold promises and files, nothing that a rule reads.
  if (Object.getPrototypeOf(value) !== Object.prototype) return {};
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, toRaw(() => (value as Record<string, unknown>)[key])]),
  );
}

function metadata(rule: Rule): Policy {
  return {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    enforcementLevel: rule.level,
    severity: rule.severity,
    remediationSteps: rule.fix,
    framework: framework(rule),
    configSchema: configSchema(rule),
  };
}

function framework({ references, title }: Rule): PolicyComplianceFramework | undefined {
  const [first] = references;
  if (first === undefined) return undefined;
  // A page and a check of one word have no framework of their own before them.
  const [, name = first, reference = first] = /^(.+) (\S+)$/.exec(first) ?? [];
  return { name, version: "", reference, specification: title };
}

function configSchema(rule: Rule): PolicyConfigSchema {
  const parameters = Object.entries(rule.parameters ?? {}).map(([name, parameter]) => [
    name,
    parameterSchema(parameter),
  ]);
  const text = (description: string) => ({ type: "string" as const, description });
  return {
    properties: {
      ...Object.fromEntries(parameters),
      exemptions: {
        type: "array",
        description: "Resources that may break this rule until a day.",
        items: {
          type: "object",
          required: ["resource", "reason", "expires"],
          properties: {
            resource: text("Name or URN; `*` stands for any run of characters."),
            reason: text("Why, and who said so."),
            expires: text("The last day on which it holds, YYYY-MM-DD."),
          },
        },
      },
    },
  };
}

function parameterSchema(parameter: Parameter) {
  const { description, default: value } = parameter;
  return parameter.type === "integer"
    ? { type: "integer" as const, description, default: value, minimum: parameter.minimum }
    : { type: "array" as const, items: { type: "string" as const }, description, default: [...parameter.default] };
}
