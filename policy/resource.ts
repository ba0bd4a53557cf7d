import { Value } from "./value";

export interface ResourceFacts {
  readonly urn: string;
  /** Full type token: `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  /** Inputs, with {@link Unknown} and {@link Secret} in place of what cannot be read. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What is known of the outputs. By these, other resources name this one. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Property to the URNs of the resources its value comes from. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean;
  /** Seconds that the engine waits, where the program says so. */
  readonly timeouts?: { readonly create?: number; readonly update?: number; readonly delete?: number };
}

/** A resource as rules see it, whatever described it: a plan, the engine, a test. */
export class Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly references: Readonly<Record<string, readonly string[]>>;
  readonly root: Value;

  constructor(readonly facts: ResourceFacts) {
    this.urn = facts.urn;
    this.type = facts.type;
    this.name = facts.name;
    this.parent = facts.parent;
    this.protect = facts.protect ?? false;
    this.references = facts.references ?? {};
    this.root = new Value(facts.properties, "", /^kubernetes:.*Patch$/.test(facts.type));
  }

  get(...keys: readonly string[]): Value {
    return this.root.get(...keys);
  }

  /** The strings by which other resources may name this one. */
  identities(): string[] {
    const { outputs = {}, properties } = this.facts;
    const names = identifying.flatMap((key) => [outputs[key], properties[key]]);
    return [...new Set(names.filter((name): name is string => typeof name === "string" && name !== ""))];
  }
}

const identifying = ["id", "arn", "name", "bucket", "identifier", "clusterIdentifier", "replicationGroupId", "urn"];
