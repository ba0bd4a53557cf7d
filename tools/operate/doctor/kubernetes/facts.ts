import type { KubernetesSettings } from "../../../../stacks/settings/settings";
import type { Check } from "../contract";
import { commandLine } from "../install";
import type { Cluster } from "./cluster";

/** What the questions are asked with. */
export interface Facts {
  readonly stack: string;
  readonly settings: KubernetesSettings;
  readonly cluster: Cluster;
  readonly probe: boolean;
  /** `group/version Kind` of every object that the stack makes, each once. */
  kinds(): Promise<readonly string[]>;
}

export type Row = Check<Facts>;

export { missing, present, unknown } from "../answers";

/** The command that changes a setting of the stack file. */
export function setting({ stack }: Facts, path: string, value: string): string {
  const [section, ...below] = path.split(".");
  return commandLine("pulumi", [
    ...["config", "set", "--stack", stack],
    ...(below.length === 0 ? [`slipway:${section}`] : ["--path", `slipway:${path}`]),
    value,
  ]);
}

/** `kubectl` with the flags that choose the cluster, for a person to run. */
export function kubectl({ cluster }: Facts, ...args: readonly string[]): string {
  return commandLine("kubectl", [...cluster.flags, ...args]);
}
