import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1";
import {
  log,
  output,
  runtime,
  unsecret,
  type CustomResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { child as childOf, type Transform } from "../../shared/transform";
import {
  analysisSpec,
  longestStepSeconds,
  rolloutSeconds,
  rolloutStrategy,
  type Analysis,
  type ProgressiveStrategy,
  type RolloutNames,
} from "./rollout";

export interface ReplicasArgs {
  readonly metadata: {
    readonly name: string;
    readonly namespace: Input<string>;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, Input<string>>;
  };
  readonly matchLabels: Readonly<Record<string, Input<string>>>;
  readonly template: types.input.core.v1.PodTemplateSpec;
  /** How many there are at the start. The autoscaler decides from then on. */
  readonly replicas: Input<number>;
  /** How many there are at least. */
  readonly minReplicas: number;
  readonly startupSeconds: number;
}

/**
 * What a controller writes is declared for the first creation alone: the autoscaler owns the number of replicas. A number
 * that is stated at one time and left out at another would be 1 in between.
 */
const scaled: CustomResourceOptions = { ignoreChanges: ["spec.replicas"] };

/**
 * A person's `kubectl rollout undo` or `kubectl argo rollouts restart` makes the fields theirs. The next deployment takes
 * them back instead of failing with a conflict.
 */
const takeBack = { "pulumi.com/patchForce": "true" };

/** Never fewer ready than asked for. */
export function createDeployment(
  name: string,
  args: ReplicasArgs,
  transform: Transform<DeploymentArgs> | undefined,
  options: CustomResourceOptions,
): Resource {
  return new Deployment(
    ...childOf<DeploymentArgs>(
      `${name}-deployment`,
      {
        metadata: { ...args.metadata, annotations: { ...args.metadata.annotations, ...takeBack } },
        spec: {
          ...replicaSpec(args),
          progressDeadlineSeconds: args.startupSeconds + 120,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        },
      },
      { ...options, ...scaled },
      transform,
    ),
  );
}

export interface RolloutArgs extends ReplicasArgs {
  readonly release: ProgressiveStrategy;
  readonly names: RolloutNames;
  readonly analysis: Analysis | undefined;
  /** How Prometheus calls what the PodMonitor of the pods finds. */
  readonly job: Input<string>;
  readonly transform?: {
    readonly rollout?: Transform<CustomResourceArgs>;
    readonly analysis?: Transform<CustomResourceArgs>;
  };
}

/** A Rollout, and what judges its releases. */
export function createRollout(name: string, args: RolloutArgs, options: CustomResourceOptions): Resource {
  const { release, names, analysis, transform } = args;
  const dependsOn = [options.dependsOn ?? []].flat() as CustomResource[];
  if (analysis !== undefined) {
    const template = new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${name}-analysis`,
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "AnalysisTemplate",
          metadata: args.metadata,
          spec: analysisSpec(analysis, release, args.job),
        },
        { parent: options.parent },
        transform?.analysis,
      ),
    );
    dependsOn.push(template);
  }
  const seconds = rolloutSeconds(release) + args.startupSeconds + 600;
  const [rolloutName, declared, own] = childOf<CustomResourceArgs>(
    `${name}-rollout`,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: args.metadata,
      spec: {
        ...replicaSpec(args),
        progressDeadlineSeconds: args.startupSeconds + 120 + longestStepSeconds(release),
        progressDeadlineAbort: true,
        strategy: rolloutStrategy(release, names, analysis !== undefined),
      },
    },
    {
      ...options,
      ...scaled,
      dependsOn,
      customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
    },
    transform?.rollout,
  );
  const rollout = new CustomResource(rolloutName, waitedFor(declared, args.minReplicas), own);
  sayWhatIsWaitedFor(name, args, seconds, rollout);
  failWithRelease(name, (rollout as CustomResource & { readonly status: Output<RolloutStatus | undefined> }).status);
  return rollout;
}

function replicaSpec({ replicas, matchLabels, template }: ReplicasArgs) {
  return { replicas, revisionHistoryLimit: 5, selector: { matchLabels: { ...matchLabels } }, template };
}

interface RolloutStatus {
  readonly phase?: string;
  readonly message?: string;
}

/**
 * Until the release has ended, well or not. `status.phase` alone would be that of the previous release until the controller
 * has looked, and its `observedGeneration` is text, which Pulumi does not compare. So the controller is asked for an
 * answer: it repeats `restartAt` in its status once it has seen the pods that are older, and there are none, since it is
 * a moment of the past, drawn from what is declared. https://argo-rollouts.readthedocs.io/en/stable/features/restart/
 */
function waitedFor(args: CustomResourceArgs, minReplicas: number): CustomResourceArgs {
  const { spec, metadata, ...rest } = args as CustomResourceArgs & { readonly spec: object };
  // Not of how many there are to begin with, which is another number each time.
  const moment = output(unsecret(output({ ...spec, replicas: minReplicas }))).apply(momentOf);
  const waitFor = moment.apply((at) =>
    JSON.stringify([`jsonpath={.status.restartedAt}=${at}`, `jsonpath={.status[?@ == 'Healthy' || @ == 'Degraded']}`]),
  );
  return {
    ...rest,
    metadata: output(metadata).apply((known) => ({
      ...known,
      annotations: { ...known?.annotations, ...takeBack, "pulumi.com/waitFor": waitFor },
    })),
    spec: { ...spec, restartAt: moment },
    // Nothing that is sent: by this key the SDK gives access to what the provider found.
    status: undefined,
  };
}

/** Between 1990 and 2007, when no pod was running. */
function momentOf(spec: unknown): string {
  const text = JSON.stringify(spec);
  // Of what a preview does not know yet, it has a token: the moment is as unknown as that.
  const unknown = /slipway-unknown-[0-9a-f]+-x/.exec(text)?.[0];
  if (unknown !== undefined) return unknown;
  const seconds = createHash("sha256").update(text).digest().readUInt32BE(0) >>> 3;
  return new Date(631_152_000_000 + seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Pulumi's own line says that a condition is awaited, and not of whom: without the controller it would be silence. */
function sayWhatIsWaitedFor(name: string, { names, release }: RolloutArgs, seconds: number, rollout: Resource): void {
  if (runtime.isDryRun()) return;
  const plugin = names.httpRoute !== undefined && release.strategy !== "blue-green";
  output(names.namespace).apply((namespace) => void log.info(waitingFor(name, namespace, plugin, seconds), rollout));
}

/** What a person who waits for a release has to know. */
export function waitingFor(name: string, namespace: string, plugin: boolean, seconds: number): string {
  return (
    `waits until Argo Rollouts has ended the release of ${name}, for ${Math.ceil(seconds / 60)} minutes at most. How far it is: ` +
    `kubectl -n ${namespace} get rollout ${name}. Where it does not begin, the cluster has no Argo Rollouts` +
    `${plugin ? " with its plugin for gateways" : ""}, which slipway doctor finds out`
  );
}

/** The command must not succeed with a release that went back: what is registered after it would be of no release. */
function failWithRelease(name: string, status: Output<RolloutStatus | undefined>): void {
  status.apply((found) => {
    const problem = releaseProblem(name, found);
    if (problem !== undefined && !runtime.isDryRun()) throw new Error(problem);
  });
}

/** What to tell about a release that ended, unless it ended well. */
export function releaseProblem(name: string, status: RolloutStatus | undefined): string | undefined {
  if (status?.phase !== "Degraded") return undefined;
  return (
    `the release of ${name} did not succeed: ${status.message ?? "Argo Rollouts gives no reason"}. The previous release ` +
    `serves, where there was one. What judged it: kubectl get analysisruns`
  );
}
