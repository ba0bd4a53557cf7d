import type { ReleaseStrategy } from "../components/workload/contract";
import type { Rotations } from "./rotations";

/** What the verbs of day two need to know of a stack: its output `operations`. No value in it is a secret. */
export type Operations = DockerOperations | EcsOperations | KubernetesOperations;

export interface DockerOperations extends Common {
  readonly target: "docker";
  readonly stack: string;
  /** Docker engine of the stack, where the stack file names one: `docker:host`. @example "ssh://deploy@203.0.113.7" */
  readonly host?: string;
  /** Label `app.slipway.component` of the replicas. */
  readonly service: string;
  /** Names of the replicas that the stack knows. */
  readonly containers: readonly string[];
  /** As in the stack file. */
  readonly image: string;
  readonly replicas: number;
  readonly networks: { readonly internal: string; readonly edge: string };
  readonly port: number;
  readonly readyPath: string;
  readonly startupSeconds: number;
  readonly drainSeconds: number;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopSeconds: number;
  readonly migration?: {
    readonly command: readonly string[];
    readonly network: string;
    /** Variables that it has in place of the replicas' `DATABASE_…`. Absent: it has theirs. */
    readonly variables?: Readonly<Record<string, string>>;
    /** Volumes with the secrets that those name, by folder. */
    readonly volumes?: Readonly<Record<string, string>>;
    /** Variables of the replicas, secrets too, that it does not get. Absent: it gets all. */
    readonly withheld?: readonly string[];
  };
  readonly release: ReleaseStrategy;
  /** Name of nginx's container. */
  readonly ingress: string;
  /** Volume with the receipts. */
  readonly receipts: string;
  /** Absent: the database is not the stack's. */
  readonly backup?: { readonly container: string };
}

interface Common {
  /** Absent: a version of Slipway from before `slipway rotate` made the stack. */
  readonly rotations?: Rotations;
}

export interface EcsOperations extends Common {
  readonly target: "aws-ecs";
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  readonly logGroup: string;
  /** Name of the application's container in a task. */
  readonly container: string;
  readonly image: string;
  /** Absent: the database is not the stack's. */
  readonly backups?: { readonly instance: string } | { readonly cluster: string };
  /** What `slipway connect` starts. Absent: it is off. */
  readonly connect?: EcsConnect;
}

export interface EcsConnect {
  /** Family of the task definition. */
  readonly task: string;
  readonly container: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Log group of the sessions. */
  readonly log: string;
  readonly database?: {
    /** Without a password. */
    readonly url: string;
    /** Secret with the password, as RDS keeps one. Absent: it is the application's DATABASE_PASSWORD. */
    readonly secretArn?: string;
  };
}

export interface KubernetesOperations extends Common {
  readonly target: "kubernetes";
  readonly namespace: string;
  readonly kind: "Deployment" | "Rollout";
  readonly name: string;
  /** Name of the application's container in a pod. */
  readonly container: string;
  readonly image: string;
  /** The CloudNativePG Cluster and its database. Absent: none is the stack's, or it has no bucket. */
  readonly backups?: { readonly cluster: string; readonly database: string };
}
