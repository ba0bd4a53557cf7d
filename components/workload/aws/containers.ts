import * as pulumi from "@pulumi/pulumi";
import { type AwsSecretRef, isSecretRef } from "../../secrets/contract";
import { type HealthCheck, killAfterSeconds, type Shutdown } from "../contract";
import { canonical } from "../../shared/canonical";
import { containerProbe } from "../../shared/container-probe";
import type { Environment } from "../../shared/environment";

export interface Containers {
  /** Of the main container. */
  readonly name: string;
  /** Default: the image's own. */
  readonly command?: readonly string[];
  readonly image: pulumi.Input<string>;
  readonly environment: Environment;
  /** Absent where no request comes: a worker, a job. */
  readonly served?: { readonly port: number; readonly health: HealthCheck };
  /** User and group that run it. */
  readonly user: number;
  /** Folders beside `/tmp` that it writes to. */
  readonly writable: readonly string[];
  readonly metricsPort: number;
  readonly shutdown: Shutdown;
  readonly region: string;
  readonly logGroup: pulumi.Input<string>;
  /** Containers that run one after the other before the main one starts. */
  readonly before: readonly Step[];
  /** Secret that opens the image's registry. */
  readonly pullCredentialsArn?: pulumi.Input<string>;
}

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** `SUCCESS`: when it fails, so does the task. `COMPLETE`: the task goes on. */
  readonly condition: "SUCCESS" | "COMPLETE";
}

/**
 * The container definitions of the task, as the JSON that ECS stores: keys and variables sorted, and the values that ECS
 * would fill in filled in. Otherwise each preview shows a new task definition where nothing changed.
 */
export function containerDefinitions(args: Containers): pulumi.Output<string> {
  const steps = args.before.map((one, index) => step(args, one, args.before[index - 1]));
  return pulumi.jsonStringify(canonical([main(args, args.before.at(-1)), ...steps]));
}

/** References that ECS resolves before the container starts: the execution role must be allowed to read them. */
export function injectedSecrets(environment: Environment): AwsSecretRef[] {
  return secretsIn(environment).filter((ref) => ref.delivery !== "fetched");
}

/** References that the application reads itself: the task's role must be allowed to. */
export function fetchedSecrets(environment: Environment): AwsSecretRef[] {
  return secretsIn(environment).filter((ref) => ref.delivery === "fetched");
}

function secretsIn(environment: Environment): AwsSecretRef[] {
  return Object.entries(environment).flatMap(([name, value]) => (isSecretRef(value) ? [awsSecret(name, value)] : []));
}

function awsSecret(name: string, ref: { readonly store: string }): AwsSecretRef {
  if (ref.store !== "aws-secrets-manager") {
    throw new Error(`${name}: a secret in ${ref.store} cannot reach an ECS task; keep it in Secrets Manager`);
  }
  return ref as AwsSecretRef;
}

function main(args: Containers, previous: Step | undefined): object {
  const { command, served, shutdown } = args;
  return {
    ...hardened(args, args.name),
    ...after(previous),
    ...(command === undefined ? {} : { command }),
    essential: true,
    ...(served === undefined ? {} : { healthCheck: healthCheck(served) }),
    portMappings: [...(served === undefined ? [] : [served.port]), args.metricsPort].map((port) => ({
      containerPort: port,
      hostPort: port,
      protocol: "tcp",
    })),
    stopTimeout: killAfterSeconds(shutdown),
  };
}

function healthCheck({ health, port }: { readonly port: number; readonly health: HealthCheck }): object {
  const live = `http://127.0.0.1:${port}${health.livePath}`;
  return {
    // The platform's image has neither shell nor curl to rely on; Node it has.
    command:
      (health.platform ?? true)
        ? ["CMD", "node", "-e", `fetch("${live}").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`]
        : containerProbe(health, health.livePath, port),
    interval: health.intervalSeconds,
    retries: 3,
    startPeriod: health.startupSeconds,
    timeout: health.timeoutSeconds,
  };
}

function step(args: Containers, { command, name }: Step, previous: Step | undefined): object {
  return {
    ...hardened(args, name),
    ...after(previous),
    command,
    essential: false,
    portMappings: [],
  };
}

function after(previous: Step | undefined): object {
  return previous === undefined ? {} : { dependsOn: [{ condition: previous.condition, containerName: previous.name }] };
}

function hardened(args: Containers, name: string): object {
  const { environment, image, logGroup, pullCredentialsArn, region } = args;
  return {
    name,
    image,
    ...(pullCredentialsArn === undefined
      ? {}
      : { repositoryCredentials: { credentialsParameter: pullCredentialsArn } }),
    cpu: 0,
    environment: plainVariables(environment),
    secrets: secretVariables(environment),
    linuxParameters: { capabilities: { add: [], drop: ["ALL"] }, initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": region,
        "awslogs-stream-prefix": name,
        // A log service that is slow must not stop the site; what does not fit in the buffer is lost.
        "max-buffer-size": "25m",
        mode: "non-blocking",
      },
    },
    mountPoints: [
      { containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" },
      ...args.writable.map((containerPath, index) => ({
        containerPath,
        readOnly: false,
        sourceVolume: writableVolume(index),
      })),
    ],
    readonlyRootFilesystem: true,
    systemControls: [],
    user: `${args.user}:${args.user}`,
    volumesFrom: [],
  };
}

/** Name of the task's volume for a folder that is written to. */
export const writableVolume = (index: number) => `writable-${index + 1}`;

function plainVariables(environment: Environment): object[] {
  return sorted(environment).flatMap(([name, value]) => {
    if (!isSecretRef(value)) return [{ name, value }];
    const ref = awsSecret(name, value);
    return ref.delivery === "fetched" ? [{ name, value: ref.arn }] : [];
  });
}

function secretVariables(environment: Environment): object[] {
  return sorted(environment).flatMap(([name, value]) => {
    if (!isSecretRef(value)) return [];
    const ref = awsSecret(name, value);
    return ref.delivery === "fetched" ? [] : [{ name, valueFrom: valueFrom(ref) }];
  });
}

/** `arn:key:stage:version`; with a key or a version all four parts are there. */
function valueFrom({ arn, key, versionId, versionStage }: AwsSecretRef): pulumi.Input<string> {
  if (key === undefined && versionId === undefined && versionStage === undefined) return arn;
  return pulumi.interpolate`${arn}:${key ?? ""}:${versionStage ?? ""}:${versionId ?? ""}`;
}

function sorted(environment: Environment): [string, Environment[string]][] {
  return Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
}
