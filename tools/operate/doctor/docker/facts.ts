import type { DockerSettings } from "../../../../stacks/settings/settings";
import type { Run } from "../../watched";
import type { Check } from "../contract";

/** What the questions are asked with. */
export interface Facts {
  readonly stack: string;
  readonly settings: DockerSettings;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  /** Of the stack's containers, networks and volumes. */
  readonly name: string;
  /** What `docker info` says. */
  readonly engine: Engine;
  /** This machine's time when the engine was asked, in ms since 1970. */
  readonly askedAt: number;
  /** The engine is this machine's: its files and ports can be looked at. */
  readonly isLocal: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly run: Run;
  /** Whether something listens there. */
  listens(host: string, port: number): Promise<boolean>;
  /** Free bytes where a file lies. */
  free(path: string): Promise<number>;
}

/** https://docs.docker.com/reference/api/engine/ */
export interface Engine {
  readonly ServerVersion: string;
  readonly DockerRootDir: string;
  readonly MemTotal: number;
  readonly SystemTime: string;
  readonly LiveRestoreEnabled: boolean;
}

export type Row = Check<Facts>;
