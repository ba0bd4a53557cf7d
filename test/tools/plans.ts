import type { Plan, PlanResource, PlanValue, ResourceOptions } from "../../tools/plan/plan";

type Inputs = Readonly<Record<string, PlanValue>>;

export interface Sketch {
  readonly type: string;
  readonly name: string;
  readonly parent?: PlanResource;
  readonly inputs?: Inputs;
  readonly options?: ResourceOptions;
}

const stackUrn = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";

const root: PlanResource = {
  ...common(),
  urn: stackUrn,
  type: "pulumi:pulumi:Stack",
  name: "shop-prod",
  custom: false,
};

export function component(concern: string, implementation: string, more: Partial<Sketch> = {}): PlanResource {
  return sketch({ type: `slipway:${concern}:${implementation}`, name: concern, ...more }, false);
}

export function resource(type: string, name: string, inputs: Inputs = {}, more: Partial<Sketch> = {}): PlanResource {
  return sketch({ type, name, inputs, ...more }, true);
}

export function plan(...resources: PlanResource[]): Plan {
  return {
    version: 1,
    project: "shop",
    stack: "prod",
    source: "in-process",
    resources: [root, ...resources],
    outputs: {},
    diagnostics: [],
  };
}

function sketch({ type, name, parent, inputs = {}, options = {} }: Sketch, custom: boolean): PlanResource {
  const chain = parent ? `${parent.urn.split("::")[2]}$${type}` : type;
  return {
    ...common(),
    urn: `urn:pulumi:prod::shop::${chain}::${name}`,
    type,
    name,
    custom,
    parent: parent?.urn ?? stackUrn,
    inputs,
    outputs: inputs,
    options,
  };
}

function common() {
  return {
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
    operation: "create" as const,
  };
}
