import { output } from "@pulumi/pulumi";
import type { DockerPostgresArgs } from "../../components/database/docker/postgres";
import type { DockerServiceArgs } from "../../components/workload/docker/service";
import { registryImage } from "../../components/image/registry-image";
import type { DockerNetwork } from "../../components/network/contract";
import type { Plan, PlanResource, PlanValue } from "../../tools/plan/plan";
import { all, only } from "../record";
import { commonArgs } from "./service";

/** What the components of the Docker target are tried with. */
export const network: DockerNetwork = { edge: output("shop-edge"), internal: output("shop-internal") };

export const serviceArgs: DockerServiceArgs = {
  network,
  image: registryImage("ghcr.io/acme/shop:1.4.2"),
  environment: {},
  size: { cpuMillis: 250, memoryMb: 512 },
  ...commonArgs,
  scaling: { ...commonArgs.scaling, maxReplicas: 2 },
  shutdown: { drainSeconds: 5, graceSeconds: 25 },
};

export const postgresArgs: DockerPostgresArgs = {
  network,
  image: "postgres:17",
  version: "17",
  backupRetentionDays: 7,
  backupAt: { hour: 3, minute: 5 },
  protect: true,
  cpuMillis: 1000,
  memoryMb: 2048,
};

export const containerType = "docker:index/container:Container";
export const volumeType = "docker:index/volume:Volume";

/** The part of a container's inputs that tests look at, as the plan holds it. */
export interface ContainerInputs {
  readonly name?: string;
  readonly image: PlanValue;
  readonly user: string;
  readonly command?: readonly string[];
  readonly entrypoints?: readonly string[];
  readonly envs?: readonly PlanValue[];
  readonly mounts: readonly object[];
  readonly labels: readonly { readonly label: string; readonly value: PlanValue }[];
  readonly networksAdvanced: readonly object[];
  readonly ports?: readonly object[];
  readonly uploads?: readonly { readonly file: string; readonly content: PlanValue; readonly permissions: string }[];
  readonly healthcheck: { readonly tests: readonly string[]; readonly retries?: number };
  readonly [more: string]: unknown;
}

export function container(plan: Plan, name: string): { resource: PlanResource; inputs: ContainerInputs } {
  const resource = only(plan, containerType, name);
  return { resource, inputs: resource.inputs as unknown as ContainerInputs };
}

/** The containers that run, without those that only fill volumes. */
export function running(plan: Plan): PlanResource[] {
  return all(plan, containerType).filter(({ inputs }) => inputs["start"] !== false);
}

/** The content of a file that a writer brings, wherever it is. */
export function fileNamed(plan: Plan, file: string): PlanValue {
  const found = all(plan, containerType)
    .flatMap(({ inputs }) => (inputs as unknown as ContainerInputs).uploads ?? [])
    .filter((upload) => upload.file.endsWith(`/${file}`));
  if (found.length !== 1) throw new Error(`expected one file ${file}, found ${found.length}`);
  return found[0]!.content;
}

/** The same, of a file that is no secret. */
export function textNamed(plan: Plan, file: string): string {
  const content = fileNamed(plan, file);
  if (typeof content !== "string") throw new Error(`${file} is not plain text`);
  return content;
}

export const labelNames = ({ labels }: ContainerInputs) => labels.map(({ label }) => label);
