import { provider } from "@pulumi/pulumi";
import { type Inputs, type Live, LiveObjects, nameOf } from "../live-objects";
import { findProgram, run } from "../programs";

/** What the engine marks secrets with: pkg/resource/sig. */
const secret = "4dabf18193072939515e22adb298388d";

type State = Record<string, unknown> & { readonly __inputs: Inputs };

/**
 * What controllers own. The engine tells a provider which inputs a program ignores, but not one that is written for Node.js:
 * a Service that is nobody's but the program's takes its selector back.
 */
const ignored: Readonly<Record<string, readonly string[][]>> = {
  Deployment: [["spec", "replicas"]],
  Rollout: [["spec", "replicas"]],
  Service: [["spec", "selector"]],
  HTTPRoute: [["spec", "rules"]],
};

/** Stands in for Pulumi's provider for Kubernetes beside the real engine. */
class KubernetesProvider implements provider.Provider {
  readonly version = "4.34.2";
  private readonly objects = new LiveObjects((args, input) => run(findProgram("kubectl")!, args, input));

  async check(_urn: string, _olds: unknown, news: Inputs): Promise<provider.CheckResult> {
    return { inputs: plain(news) };
  }

  async diff(_id: string, _urn: string, olds: State, news: Inputs): Promise<provider.DiffResult> {
    const before = olds.__inputs;
    const moved = nameOf(before) !== nameOf(news) || before.metadata.namespace !== news.metadata.namespace;
    const changes = JSON.stringify(sorted(before)) !== JSON.stringify(sorted(news));
    const replaces = moved ? ["metadata"] : changes && news.kind === "Job" ? ["spec"] : [];
    return { changes, replaces, deleteBeforeReplace: !moved };
  }

  async create(_urn: string, inputs: Inputs): Promise<provider.CreateResult> {
    await this.objects.apply(inputs, []);
    await this.objects.wait(inputs, 600);
    const { namespace, name } = inputs.metadata;
    return { id: namespace === undefined ? name : `${namespace}/${name}`, outs: await this.found(inputs) };
  }

  async read(id: string, urn: string, state?: State): Promise<provider.ReadResult> {
    const [namespace, name] = id.includes("/") ? id.split("/") : [undefined, id];
    const [, apiVersion, kind] = urn.split("::")[2]!.split("$").at(-1)!.split(":");
    const asked = { apiVersion, kind, metadata: { namespace, name } } as unknown as Inputs;
    const live = await this.objects.live(asked);
    if (live === undefined) return { id: "" };
    return { id, props: { ...live, __inputs: state?.__inputs ?? asked } };
  }

  async update(_id: string, _urn: string, _olds: State, news: Inputs): Promise<provider.UpdateResult> {
    const takesBack = news.metadata.annotations?.["pulumi.com/patchForce"] === "true" && news.kind === "Service";
    await this.objects.apply(news, takesBack ? [] : (ignored[news.kind] ?? []));
    await this.objects.wait(news, 600);
    return { outs: await this.found(news) };
  }

  async delete(_id: string, _urn: string, state: State): Promise<void> {
    await this.objects.delete(state.__inputs);
  }

  private async found(inputs: Inputs): Promise<Live & State> {
    return { ...(await this.objects.live(inputs))!, __inputs: inputs };
  }
}

/** Secrets arrive as objects with their value in them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (secret in value) return plain((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** The engine and the program put keys in an order of their own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

void provider.main(new KubernetesProvider(), process.argv.slice(2));
