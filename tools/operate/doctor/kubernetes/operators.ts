import type { Answer } from "../contract";
import { commandLine } from "../install";
import { type ChartName, charts, installOf } from "./charts";
import type { Cluster, KubernetesObject } from "./cluster";
import { type Facts, kubectl, missing, present } from "./facts";

interface PodTemplate {
  readonly spec: {
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly image: string; readonly args?: readonly string[] }[];
  };
}

export interface Workload extends KubernetesObject {
  readonly spec: { readonly template: PodTemplate };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly replicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
  };
}

/** A program in the cluster that serves kinds of its own. */
export interface Operator {
  /** @example "postgresql.cnpg.io/v1" */
  readonly groupVersion: string;
  /** What its image is called, wherever it is mirrored to. */
  readonly image: RegExp;
  /** The least version that does. @example "1.26" */
  readonly least?: string;
  readonly chart: ChartName;
}

export async function askOperator(facts: Facts, operator: Operator, name: string): Promise<Answer> {
  const install = installOf(operator.chart, facts);
  const lacks = (found: string): Answer => ({
    ...{ state: "missing", found, fix: [commandLine(install.program, install.args)] },
    install,
  });
  if ((await facts.cluster.kinds(operator.groupVersion)).size === 0) {
    return lacks(`nothing serves ${operator.groupVersion}`);
  }
  const [controller] = await running(facts.cluster, operator.image);
  if (controller === undefined) {
    return lacks(`${operator.groupVersion} is served, and no Deployment runs an image like ${operator.image.source}`);
  }
  const { workload, version } = controller;
  const where = `${workload.metadata.namespace}/${workload.metadata.name}`;
  const ready = workload.status?.readyReplicas ?? workload.status?.numberReady ?? 0;
  if (ready === 0) {
    return missing(
      `${where} has no ready pod`,
      kubectl(facts, "--namespace", workload.metadata.namespace!, "get", "events", "--sort-by", ".lastTimestamp"),
    );
  }
  if (operator.least !== undefined && version !== undefined && isOlder(version, operator.least)) {
    // Somebody installed it, perhaps in another way: to replace it is for them to decide.
    const { chart, version: pinned }: { chart: string; version: string } = charts[operator.chart];
    return missing(
      `${where} runs ${version}; expected ${operator.least} or later`,
      `# upgrade it in the way it was installed; by chart it is ${chart} ${pinned}`,
    );
  }
  return present(`${name} ${version ?? "of a version that its image does not say"}, in ${where}`);
}

/** Deployments and DaemonSets with an image of that name, and its version. */
export async function running(
  cluster: Cluster,
  image: RegExp,
): Promise<{ readonly workload: Workload; readonly version: string | undefined }[]> {
  const workloads = (
    await Promise.all(["deployments", "daemonsets"].map((kind) => cluster.list<Workload>("apps/v1", kind)))
  ).flat();
  return workloads.flatMap((workload) => {
    const found = workload.spec.template.spec.containers.find((container) => image.test(nameOf(container.image)));
    return found === undefined ? [] : [{ workload, version: versionOf(found.image) }];
  });
}

/** Without registry, tag and digest. */
function nameOf(image: string): string {
  return image
    .replace(/@.*$/, "")
    .replace(/:[^/:]*$/, "")
    .replace(/^[^/]*[.:][^/]*\//, "");
}

function versionOf(image: string): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?)[^/]*$/.exec(image.replace(/@.*$/, ""))?.[1];
}

export function isOlder(version: string, least: string): boolean {
  const [one, other] = [version, least].map((text) => text.split(".").map(Number));
  for (const [index, number] of other!.entries()) {
    const found = one![index] ?? 0;
    if (found !== number) return found < number;
  }
  return false;
}
