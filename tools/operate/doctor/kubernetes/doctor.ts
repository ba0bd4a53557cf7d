import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { customResources } from "../../../plan/plan";
import { previewStack } from "../../../sources/in-process/in-process";
import { OperateError } from "../../contract";
import { printed } from "../../stack";
import type { Run } from "../../watched";
import type { Doctor, DoctorRequest } from "../contract";
import { Cluster } from "./cluster";
import type { Facts, Row } from "./facts";
import { clusterRows } from "./rows/cluster";
import { dataRows } from "./rows/data";
import { ingressRows } from "./rows/ingress";
import { monitoringRows } from "./rows/monitoring";
import { networkRows } from "./rows/network";
import { releaseRows, secretRows } from "./rows/releases";

export const kubernetesRows: readonly Row[] = [
  ...clusterRows,
  ...networkRows,
  ...ingressRows,
  ...dataRows,
  ...releaseRows,
  ...secretRows,
  ...monitoringRows,
];

export const kubernetesDoctor: Doctor<"kubernetes", Facts> = { checks: kubernetesRows, open };

export async function open(request: DoctorRequest<"kubernetes">, run: Run = printed) {
  const flags = flagsOf(request);
  const cluster = new Cluster(flags, run);
  const { gitVersion } = await reached(cluster);
  const context = request.context ?? (await cluster.kubectl("config", "current-context").catch(() => ""));
  let kinds: Promise<readonly string[]> | undefined;
  const { stack, settings, probe } = request;
  const facts: Facts = {
    ...{ stack, settings, cluster, probe },
    kinds: () => (kinds ??= kindsOf(request)),
  };
  return {
    place: `${context === "" ? "the cluster of this pod" : `context ${context}`}, Kubernetes ${gitVersion}`,
    facts,
  };
}

/** As Pulumi's provider chooses: https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ */
function flagsOf({ context, configuration: { config }, folder }: DoctorRequest<"kubernetes">): string[] {
  const file = config["kubernetes:kubeconfig"];
  const chosen = context ?? config["kubernetes:context"];
  if (file !== undefined && !existsSync(resolve(folder, file))) {
    throw new OperateError(
      "kubernetes:kubeconfig of the stack file is no path: write it to a file, and name that in KUBECONFIG and --context",
    );
  }
  return [
    ...(file === undefined ? [] : ["--kubeconfig", resolve(folder, file)]),
    ...(chosen === undefined ? [] : ["--context", chosen]),
  ];
}

async function reached(cluster: Cluster): Promise<{ gitVersion: string }> {
  const version = await cluster.get<{ gitVersion?: string }>("/version").catch((error: Error) => {
    if (error.message.includes("not on PATH"))
      throw new OperateError(`${error.message}: https://kubernetes.io/docs/tasks/tools/`);
    throw new OperateError(
      `the cluster cannot be reached: ${error.message}\nWhich one is asked: kubectl config current-context`,
    );
  });
  if (version?.gitVersion === undefined) throw new OperateError("what answers there is no Kubernetes");
  return { gitVersion: version.gitVersion };
}

async function kindsOf({ folder, stack, configuration, settings }: DoctorRequest<"kubernetes">): Promise<string[]> {
  const plan = await previewStack({ projectDir: folder, stack, configuration, argument: settings });
  const kinds = customResources(plan)
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => `${inputs["apiVersion"] as string} ${inputs["kind"] as string}`);
  return [...new Set(kinds)].sort();
}
