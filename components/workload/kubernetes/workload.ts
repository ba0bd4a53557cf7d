import type { types } from "@pulumi/kubernetes";
import { all, type Input, type Output } from "@pulumi/pulumi";
import { tcp } from "../../ingress/contract";
import { type ContainerServiceArgs, defaultUser, killAfterSeconds } from "../contract";
import { mebibytes } from "../../shared/kubernetes-quantity";
import { podEnvironment, type PodEnvironment } from "./environment";
import {
  placed,
  restrictedContainer,
  restrictedPod,
  spread,
  spreadRequired,
  type Container,
  type Placement,
  type PodSpec,
  type Requests,
  type Size,
} from "../../shared/kubernetes-pod";

/** How the pods of any process fit into a cluster. */
export interface PodArgs {
  /**
   * Secret of type `kubernetes.io/dockerconfigjson` for a private registry.
   *
   * @default the image is public
   * @example "registry"
   */
  readonly imagePullSecret?: Input<string>;
  /** Which nodes run the pods, and how urgently. @default any @example { nodeSelector: { pool: "web" } } */
  readonly placement?: Placement;
  /** More labels of the pods. @default none @example { team: "shop" } */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** More annotations of the pods. @default none @example { "linkerd.io/inject": "enabled" } */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** A claim for uploads that every replica mounts at `/data`. @default none @example "uploads" */
  readonly uploadsClaim?: Input<string>;
  /** Whether containers are throttled at their CPU. @default true @example false */
  readonly cpuLimit?: boolean;
}

/** A pod of a process, whether it serves, works or ends. */
export interface ProcessPodArgs
  extends
    PodArgs,
    Pick<ContainerServiceArgs, "image" | "environment" | "size" | "shutdown" | "metricsPort" | "user" | "writable"> {
  readonly labels: Readonly<Record<string, Input<string>>>;
  readonly serviceAccount: Input<string>;
}

export interface WorkloadArgs
  extends
    ProcessPodArgs,
    Pick<ContainerServiceArgs, "health" | "port" | "migration" | "migrationEnvironment" | "command"> {
  /** What a node keeps for each replica. Default: its size. */
  readonly requests?: Requests;
  /** Whether replicas must be spread evenly over zones. Default: preferred. */
  readonly zones?: "required" | "preferred";
}

type PodTemplate = types.input.core.v1.PodTemplateSpec;

/** The application's pods: what a Deployment or a Rollout makes replicas of. */
export function serverTemplate(args: WorkloadArgs): PodTemplate {
  const { shutdown, labels, port, metricsPort, health } = args;
  const environment = podEnvironment({
    ...args.environment,
    RELEASE: args.image.release,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    // Container runtimes set HOSTNAME to the pod's name, and Next.js binds to what HOSTNAME says: here both families.
    HOSTNAME: "::",
    // Proxies keep idle connections for later: nginx for 60 s, Traefik for 90, Google's load balancers for 600, Envoy for an
    // hour. One that the application has closed meanwhile is a 502 for the request that gets it.
    KEEP_ALIVE_TIMEOUT: "3600000",
    // The preStop hook has waited already when SIGTERM arrives.
    SHUTDOWN_DELAY_SECONDS: "0",
    SHUTDOWN_GRACE_SECONDS: String(shutdown.graceSeconds),
  });
  const probe = (path: string, failureThreshold: number, periodSeconds = health.intervalSeconds) => ({
    ...(path === tcp ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http" } }),
    periodSeconds,
    timeoutSeconds: health.timeoutSeconds,
    failureThreshold,
  });
  return template(args, environment, {
    terminationGracePeriodSeconds: killAfterSeconds(shutdown),
    topologySpreadConstraints: args.zones === "required" ? spreadRequired(labels) : spread(labels),
    containers: [
      container({ ...args, size: { ...args.size, requests: args.requests } }, environment, {
        name: "web",
        ...(args.command === undefined ? {} : { command: [...args.command] }),
        ports: [
          { name: "http", containerPort: port },
          { name: "metrics", containerPort: metricsPort },
        ],
        // Often, until it has passed once: a release waits for every replica's first success.
        startupProbe: probe(health.livePath, Math.ceil(health.startupSeconds / 2), 2),
        // Every replica loses the database at the same moment. Kubernetes, unlike a load balancer of AWS, then sends
        // requests to none: one that has been ready keeps its place, and serves what it can.
        readinessProbe: probe((health.platform ?? true) ? `${health.readyPath}?for=routing` : health.readyPath, 2),
        // A restart helps a process that hangs; it does not help against a busy minute.
        livenessProbe: probe(health.livePath, 6),
        // A pod that stops leaves the endpoints at once, but proxies and gateways learn of it seconds later: until then
        // it keeps serving. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow
        ...(shutdown.drainSeconds > 0 ? { lifecycle: { preStop: { sleep: { seconds: shutdown.drainSeconds } } } } : {}),
      }),
    ],
  });
}

/**
 * What replaces the pods when a Secret changes that is somebody else's: Reloader (https://github.com/stakater/Reloader),
 * where it is installed. It reads the annotation on Deployments, and on Rollouts with `--is-Argo-Rollouts=true`.
 */
export function reloaderAnnotations({ environment }: Pick<ProcessPodArgs, "environment">): {
  annotations?: Record<string, Output<string>>;
} {
  const { reload } = podEnvironment(environment);
  if (reload.length === 0) return {};
  const names = all([...reload]).apply((each) => [...new Set(each)].sort().join(","));
  return { annotations: { "secret.reloader.stakater.com/reload": names } };
}

/** One pod that migrates the database and ends. The same image and rights as the server. */
export function migrationTemplate(args: WorkloadArgs, command: readonly string[]): PodTemplate {
  const environment = podEnvironment({
    ...(args.migrationEnvironment ?? args.environment),
    RELEASE: args.image.release,
  });
  return template(args, environment, {
    restartPolicy: "Never",
    containers: [container(args, environment, { name: "migrate", command: [...command] })],
  });
}

/** A pod that nobody sends requests to: of a worker, which runs until it is stopped, or of a job, which ends. */
export function processTemplate(
  args: ProcessPodArgs,
  name: string,
  command: readonly string[],
  ends: boolean,
): PodTemplate {
  const { shutdown } = args;
  const environment = podEnvironment({
    ...args.environment,
    RELEASE: args.image.release,
    METRICS_PORT: String(args.metricsPort),
    SHUTDOWN_DELAY_SECONDS: String(shutdown.drainSeconds),
    SHUTDOWN_GRACE_SECONDS: String(shutdown.graceSeconds),
  });
  return template(args, environment, {
    terminationGracePeriodSeconds: killAfterSeconds(shutdown),
    ...(ends ? { restartPolicy: "Never" } : { topologySpreadConstraints: spread(args.labels) }),
    containers: [container(args, environment, { name, command: [...command] })],
  });
}

function template(args: ProcessPodArgs, environment: PodEnvironment, spec: PodSpec): PodTemplate {
  const { labels, serviceAccount, imagePullSecret, image, uploadsClaim } = args;
  return {
    metadata: {
      labels: { ...args.podLabels, ...labels },
      annotations: {
        ...args.podAnnotations,
        "slipway/release": image.release,
        ...(environment.version === undefined ? {} : { "slipway/secrets": environment.version }),
      },
    },
    spec: restrictedPod(args.user ?? defaultUser, {
      serviceAccountName: serviceAccount,
      ...(imagePullSecret === undefined ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
      ...placed(args.placement),
      volumes: [
        ...environment.volumes,
        { name: "tmp", emptyDir: { sizeLimit: mebibytes(folderMb) } },
        ...(args.writable ?? []).map((_, index) => ({
          name: writableVolume(index),
          emptyDir: { sizeLimit: mebibytes(folderMb) },
        })),
        ...(uploadsClaim === undefined
          ? []
          : [{ name: "uploads", persistentVolumeClaim: { claimName: uploadsClaim } }]),
      ],
      ...spec,
    }),
  };
}

/** Of each folder on the node that a container writes to. */
const folderMb = 256;

const writableVolume = (index: number) => `writable-${index + 1}`;

function container(
  args: ProcessPodArgs & { readonly size: Size },
  environment: PodEnvironment,
  more: Container,
): Container {
  return restrictedContainer({
    image: args.image.reference,
    env: environment.env,
    size: { ...args.size, cpuLimit: args.cpuLimit, diskMb: folderMb * (1 + (args.writable ?? []).length) },
    volumeMounts: [
      ...environment.mounts,
      { name: "tmp", mountPath: "/tmp" },
      ...(args.writable ?? []).map((mountPath, index) => ({ name: writableVolume(index), mountPath })),
      ...(args.uploadsClaim === undefined ? [] : [{ name: "uploads", mountPath: "/data" }]),
    ],
    ...more,
  });
}
