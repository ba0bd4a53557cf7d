import type { DockerOperations } from "../../../stacks/operations";
import type { Stack } from "../contract";
import { parsed } from "../watched";
import { partOf } from "./candidates";
import type { Engine, Inspected } from "./engine";

/** Containers of a stack that run, by what its state and its outputs know of them. */
export interface Sorted {
  /** Replicas of the last `pulumi up` that ended. */
  readonly stable: readonly Inspected[];
  /** Replicas in the state that its outputs do not name: of a `pulumi up` that did not end. */
  readonly unfinished: readonly Inspected[];
  /** In no state: what made them was killed before it could say so. */
  readonly orphans: readonly Inspected[];
}

interface Exported {
  readonly deployment?: {
    readonly resources?: readonly { readonly type: string; readonly id?: string }[];
  };
}

/** Without the candidates, which are in no state as long as a release goes on. */
export async function sorted(stack: Stack<DockerOperations>, engine: Engine): Promise<Sorted> {
  const { operations } = stack;
  const [exported, all] = await Promise.all([
    stack.pulumi("stack", "export"),
    engine.containers({
      labels: { "app.slipway.stack": operations.stack },
      networks: partOf(operations, operations.service).networks,
    }),
  ]);
  const { deployment } = parsed<Exported>(exported, "pulumi stack export");
  const known = new Set((deployment?.resources ?? []).map(({ id }) => id));
  const own = all.filter(({ Config }) => !componentOf(Config).startsWith("candidate"));
  const isKnown = ({ Id }: Inspected) => known.has(Id);
  const isNamed = ({ Name }: Inspected) => operations.containers.includes(Name.slice(1));
  const replicas = own.filter(({ Config }) => componentOf(Config) === operations.service);
  return {
    stable: replicas.filter(isNamed),
    unfinished: replicas.filter((each) => isKnown(each) && !isNamed(each)),
    orphans: own.filter((each) => !isKnown(each) && !(isNamed(each) && replicas.includes(each))),
  };
}

export const componentOf = ({ Labels }: Inspected["Config"]): string => Labels["app.slipway.component"] ?? "";
