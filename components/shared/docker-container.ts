import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** What every container of a stack on one host is given: the least it needs to run, and a way back up after a restart. */
export interface HardenedArgs {
  readonly cpuMillis: number;
  readonly memoryMb: number;
  /** Writable places in memory beside the volumes. Default: `/tmp` alone. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** Folders that the process writes to, in memory like `/tmp`. Default: none. */
  readonly writable?: readonly string[];
}

const scratch = "rw,noexec,nosuid,nodev,size=64m";

/** Docker's `user`, with a group of the same number. */
export const userOf = (user: number = 1001) => `${user}:${user}`;

/**
 * Read-only root, no capabilities, no way to gain them, limits on memory, CPU, processes and logs.
 *
 * The numbers: 10 MB x 3 of logs keeps a full disk from being an outage; 512 processes stop a fork bomb and are far more
 * than any of the services starts.
 */
export function hardened({ cpuMillis, memoryMb, tmpfs = { "/tmp": scratch }, writable = [] }: HardenedArgs) {
  return {
    readOnly: true,
    // Docker keeps capability names as it was given them; anything but upper case would be a change on each run.
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    init: true,
    restart: "unless-stopped",
    tmpfs: { ...tmpfs, ...Object.fromEntries(writable.map((folder) => [folder, scratch])) },
    // As the engine gives it back, or each run would replace the container: 0.25, and 1.0 for a whole number.
    cpus: cpuMillis % 1000 === 0 ? `${cpuMillis / 1000}.0` : String(cpuMillis / 1000),
    memory: memoryMb,
    // The same as the memory: swap would make the limit a slow death instead of a clear one.
    memorySwap: memoryMb,
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    wait: true,
  } satisfies Partial<docker.ContainerArgs>;
}

/** No health check. Every value, or the engine fills in those of the image, and the next run shows a change. */
export const unasked = {
  tests: ["NONE"],
  interval: "30s",
  timeout: "30s",
  startPeriod: "1s",
  retries: 1,
} satisfies docker.ContainerArgs["healthcheck"];

/** A container that is created for its volumes and never started: `docker ps --all` shows it as `Created`. */
export const neverStarted = {
  command: ["true"],
  start: false,
  mustRun: false,
  wait: false,
  restart: "no",
  networkMode: "none",
} satisfies Partial<docker.ContainerArgs>;

/** Labels that tell a stack's containers apart on a shared host. `docker ps --filter label=app.slipway.stack=local` */
export function labels(component: string, more: Readonly<Record<string, pulumi.Input<string>>> = {}) {
  const all = { "app.slipway.stack": pulumi.getStack(), "app.slipway.component": component, ...more };
  // In the order that the provider reads them back, or each run would show a change.
  return Object.entries(all)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}

/** `NAME=value` in the order of names, as the provider reads them back. */
export function envs(environment: Readonly<Record<string, pulumi.Input<string>>>): pulumi.Output<string>[] {
  return Object.keys(environment)
    .sort()
    .map((name) => pulumi.interpolate`${name}=${environment[name]!}`);
}

/** `1m30s`: as the engine gives durations back, or each run would show a change. */
export function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return `${h}h${m}m${s}s`;
  return m > 0 ? `${m}m${s}s` : `${s}s`;
}

/** Where a mounted volume with one secret is seen in a container. */
export function secretPath(volume: string, file: string): string {
  return `/run/secrets/${volume}/${file}`;
}
