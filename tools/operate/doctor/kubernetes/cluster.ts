import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed } from "../../stack";
import { parsed, type Run } from "../../watched";

/** The Kubernetes API as `kubectl` reaches it. Nothing is asked twice. */
export class Cluster {
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(
    /** Flags that choose the cluster. */
    readonly flags: readonly string[],
    private readonly run: Run = printed,
  ) {}

  /** @throws OperateError with what kubectl said, when it fails. */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.run("kubectl", [...this.flags, ...args]);
  }

  /** A path of the API. Undefined when nothing is there. @example "/apis/apps/v1/deployments" */
  get<T>(path: string): Promise<T | undefined> {
    const known = this.answers.get(path);
    if (known !== undefined) return known as Promise<T | undefined>;
    const answer = this.kubectl("get", "--raw", path).then(
      (text) => parsed<T>(text, `kubectl get --raw ${path}`),
      (error: Error) => {
        if (/\(NotFound\)|could not find the requested resource/.test(error.message)) return undefined;
        throw new Error(firstLine(error.message), { cause: error });
      },
    );
    this.answers.set(path, answer);
    return answer;
  }

  async apply(object: object): Promise<void> {
    await this.from(object, ["apply", "--server-side"]);
  }

  /**
   * Puts questions to the server, such as access reviews.
   * @returns for each the fields at the paths. @example ["{.status.allowed}"]
   */
  async ask(questions: readonly object[], fields: readonly string[]): Promise<string[][]> {
    const list = { apiVersion: "v1", kind: "List", items: questions };
    const separated = fields.join("{'\\t'}");
    const text = await this.from(list, ["create", "--output", `jsonpath=${separated}{'\\n'}`]);
    return text.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")]));
  }

  private async from(object: object, command: readonly string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-doctor-"));
    try {
      await writeFile(join(folder, "object.json"), JSON.stringify(object));
      return await this.kubectl(...command, "--filename", join(folder, "object.json"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Everything of a kind, in a namespace or in all. Nothing where the kind is not known. */
  async list<T = KubernetesObject>(groupVersion: string, plural: string, namespace?: string): Promise<T[]> {
    const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
    return (await this.get<{ items: T[] }>(`${root(groupVersion)}${scope}/${plural}`))?.items ?? [];
  }

  /** Kinds that the API serves in a group and version, and how it calls them. */
  async kinds(groupVersion: string): Promise<ReadonlyMap<string, string>> {
    const found = await this.get<{ resources: { kind: string; name: string }[] }>(root(groupVersion));
    const resources = found?.resources ?? [];
    return new Map(resources.filter(({ name }) => !name.includes("/")).map(({ kind, name }) => [kind, name]));
  }
}

function root(groupVersion: string): string {
  return groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
}

export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What is wrong, unless the condition is true. */
export function notTrue(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): string | undefined {
  const condition = object.status?.conditions?.find((each) => each.type === type);
  if (condition?.status === "True") return undefined;
  if (condition === undefined) return `it says nothing of ${type}: does its controller run?`;
  return `${type} is ${condition.status}: ${condition.message ?? condition.reason ?? "without a reason"}`;
}

/** Errors of kubectl repeat the command, which is said already. */
function firstLine(message: string): string {
  const lines = message.split("\n").filter((line) => line !== "");
  return lines.find((line) => line.startsWith("Error")) ?? lines[0] ?? message;
}
