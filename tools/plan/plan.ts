/**
 * The one model of what a stack would be. It comes from the in-process monitor, from the engine's
 * events, or from the difference of two plans; its readers (terminal, comment, policies, cost,
 * graph, render) never ask which.
 *
 * A plan is plain JSON. It never holds the value of a secret: {@link Secret} takes its place.
 */
export interface Plan {
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  readonly source: "in-process" | "engine" | "difference";
  /** In the order of registration. The stack itself, `pulumi:pulumi:Stack`, is the first. */
  readonly resources: readonly PlanResource[];
  /** What the stack exports. */
  readonly outputs: Readonly<Record<string, PlanValue>>;
  /** What the program said on the way. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanResource {
  readonly urn: string;
  /** The full type token, for example `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  /** False for components, which exist in the program alone. */
  readonly custom: boolean;
  /** A component that a package of its own makes (awsx, eks): what is in it, only the engine learns. */
  readonly remote?: true;
  readonly parent?: string;
  readonly inputs: Readonly<Record<string, PlanValue>>;
  /** What is known of the outputs: inputs echoed, the rest {@link Unknown}. */
  readonly outputs: Readonly<Record<string, PlanValue>>;
  /** URNs this resource waits for, for any reason. */
  readonly dependencies: readonly string[];
  /** Input name to the URNs its value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  /** Of the base, where they differ: what `pulumi up` would find in the state. */
  readonly previousOptions?: ResourceOptions;
  readonly operation: Operation;
  /** Where the program registers it; the engine's events do not say. */
  readonly place?: Place;
  /** Present on `update` and `replace`, when both sides are known. */
  readonly changes?: readonly PropertyChange[];
}

export interface Place {
  /** From the project's folder, with `/`. */
  readonly file: string;
  readonly line: number;
}

export interface ResourceOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  /** URNs, or names in the same type and parent, that this resource had before. */
  readonly aliases?: readonly string[];
  readonly deletedWith?: string;
  /** URNs: this one is replaced whenever one of them is. */
  readonly replaceWith?: readonly string[];
  /** Another value replaces the resource. */
  readonly replacementTrigger?: PlanValue;
  readonly importId?: string;
  readonly provider?: string;
  readonly version?: string;
  /** Seconds, by operation. */
  readonly customTimeouts?: { readonly create?: number; readonly update?: number; readonly delete?: number };
}

/** `create` is also what the in-process preview says of everything: it does not know the live state. */
export type Operation = "create" | "update" | "replace" | "delete" | "same" | "read" | "refresh" | "import";

export interface PropertyChange {
  /** Dotted; list items by their name where they have one, by `[n]` where not: `containerDefinitions[web].environment[PORT].value`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly before?: PlanValue;
  readonly after?: PlanValue;
  readonly forcesReplacement: boolean;
}

export interface Diagnostic {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly message: string;
  readonly urn?: string;
  /** The preview made something up, since only a provider or another stack knows it. */
  readonly standIn?: true;
}

export type PlanValue =
  null | boolean | number | string | Secret | Unknown | readonly PlanValue[] | { readonly [key: string]: PlanValue };

/**
 * A secret, masked. The fingerprint is a keyed hash whose key lives only as long as the command:
 * two plans of one run can tell that a secret changed, and nobody can search for its value.
 */
export interface Secret {
  readonly $secret: string;
}

/**
 * A value that is known only after deployment. `$unknown` names the outputs it is made of, as
 * `urn#property`; it is empty when the source cannot tell. `template` is present when the rest of
 * the string is known: `arn:aws:s3:::{0}/*` with `{n}` standing for the nth name in `$unknown`.
 */
export interface Unknown {
  readonly $unknown: readonly string[];
  readonly template?: string;
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "$secret" in value;
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "$unknown" in value;
}

/** The resources that some provider would really create, as against components of the program. */
export function customResources(plan: Plan): PlanResource[] {
  return plan.resources.filter(isCreated);
}

/** Whether something outside of the program creates it. */
export function isCreated({ custom, remote, type }: PlanResource): boolean {
  return (custom || remote === true) && !type.startsWith("pulumi:");
}
