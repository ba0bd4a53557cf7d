import { eventually } from "./control-plane";
import { findProgram, run } from "./programs";

export interface Live {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly annotations?: Record<string, string>;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1?: object }[];
  };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly observedGeneration?: unknown };
}

export type Inputs = Record<string, unknown> & {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
};

const manager = "pulumi-kubernetes";

/** Does to objects what Pulumi's provider for Kubernetes does (provider/pkg/await), where that cannot be had. */
export class LiveObjects {
  constructor(private readonly kubectl: (args: readonly string[], input?: string) => Promise<string>) {}

  /** The provider's handleSSAIgnoreFields: what is another's is left out, what is ours is sent as it is. */
  async apply(inputs: Inputs, ignored: readonly string[][]): Promise<void> {
    const sent = structuredClone(inputs);
    if (ignored.length > 0) {
      const live = await this.live(inputs, true);
      for (const path of ignored) {
        const owns = (ours: boolean) =>
          (live?.metadata.managedFields ?? []).some(
            (entry) => (entry.manager === manager) === ours && hasField(entry.fieldsV1, path),
          );
        if (owns(false) && !owns(true)) set(sent, path, undefined);
        else if (live !== undefined && get(live, path) !== undefined) set(sent, path, get(live, path));
      }
    }
    const force = inputs.metadata.annotations?.["pulumi.com/patchForce"] === "true" ? ["--force-conflicts"] : [];
    await this.kubectl(
      ["apply", "--server-side", "--validate=false", `--field-manager=${manager}`, ...force, "-f", "-"],
      JSON.stringify(sent),
    );
  }

  async wait(inputs: Inputs, seconds: number, interrupted?: AbortSignal): Promise<void> {
    const { name, namespace, annotations } = inputs.metadata;
    if (annotations?.["pulumi.com/skipAwait"] === "true") return;
    const kubectl = (...args: string[]) => this.kubectl(["-n", namespace!, ...args]);
    if (inputs.kind === "Deployment") await kubectl("rollout", "status", `deployment/${name}`, "--timeout=120s");
    if (inputs.kind === "Job") await kubectl("wait", "--for=condition=Complete", `job/${name}`, "--timeout=120s");
    const waitFor = annotations?.["pulumi.com/waitFor"];
    if (waitFor === undefined) return;
    const conditions = waitFor.startsWith("[") ? (JSON.parse(waitFor) as string[]) : [waitFor];
    await eventually(
      `${nameOf(inputs)} meets ${waitFor}`,
      async () => {
        const live = await this.live(inputs);
        return live !== undefined && (await meets(live, conditions));
      },
      seconds,
      interrupted,
    );
  }

  async delete(inputs: Inputs): Promise<void> {
    const { name, namespace } = inputs.metadata;
    const scope = namespace === undefined ? [] : ["-n", namespace];
    await this.kubectl([...scope, "delete", typeOf(inputs), name, "--ignore-not-found", "--timeout=60s"]);
  }

  async live(inputs: Inputs, managedFields = false): Promise<Live | undefined> {
    const { name, namespace } = inputs.metadata;
    const scope = namespace === undefined ? [] : ["-n", namespace];
    const flags = managedFields ? ["--show-managed-fields"] : [];
    const text = await this.kubectl([
      ...[...scope, "get", typeOf(inputs), name, "-o", "json", "--ignore-not-found", ...flags],
    ]);
    return text === "" ? undefined : (JSON.parse(text) as Live);
  }
}

/** As the provider's condition: a number in `observedGeneration` must be current, text is not looked at. */
async function meets(object: Live, conditions: readonly string[]): Promise<boolean> {
  const { generation } = object.metadata;
  const observed = object.status?.observedGeneration;
  if (typeof observed === "number" && generation !== undefined && observed < generation) return false;
  const parsed = conditions.map((condition) => {
    const [, path, value] = /^jsonpath=\{\s*(.*?)\s*\}(?:=([^=]+))?$/.exec(condition)!;
    return { path: path!.startsWith("$") ? path! : `$${path}`, value };
  });
  const found = await run(
    findProgram("jsonpath")!,
    parsed.map(({ path }) => path),
    JSON.stringify(object),
  );
  const lines = found.split("\n");
  return parsed.every(({ value }, index) => {
    const line = lines[index]!;
    return line !== "" && (value === undefined || String(JSON.parse(line)) === value);
  });
}

export function nameOf({ kind, metadata }: Inputs): string {
  return `${kind}/${metadata.name}`;
}

/** `Rollout.v1alpha1.argoproj.io`, which names one kind in any cluster. */
function typeOf(inputs: Inputs): string {
  const [version, group] = (inputs["apiVersion"] as string).split("/").reverse() as [string, string | undefined];
  return `${inputs.kind}.${version}.${group ?? ""}`;
}

export function get(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

export function set(object: object, path: readonly string[], value: unknown): void {
  const parent = get(object, path.slice(0, -1)) as Record<string, unknown> | undefined;
  if (parent === undefined) return;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
}

function hasField(fields: object | undefined, path: readonly string[]): boolean {
  return (
    fields !== undefined &&
    get(
      fields,
      path.map((key) => `f:${key}`),
    ) !== undefined
  );
}
