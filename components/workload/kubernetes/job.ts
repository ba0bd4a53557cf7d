import { CronJob, type CronJobArgs } from "@pulumi/kubernetes/batch/v1";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { SignalSource } from "../../monitoring/contract";
import { child, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { resolveCommand } from "../contract";
import { scheduleOf } from "../schedule";
import { type KubernetesProcessArgs, pods } from "./process";
import { processTemplate } from "./workload";

export interface KubernetesJobArgs extends KubernetesProcessArgs {
  /**
   * When it runs: five cron fields in UTC; a day of the month and a weekday not at once.
   * @default only when it is started by hand
   * @example "15 3 * * *"
   */
  readonly cron?: string;
  /** Minutes after which a run is stopped. @default 60 @example 15 */
  readonly timeoutMinutes?: number;
  /** Changes to the children, before they are created. @default none @example { cronJob: { metadata: { name: "sweep" } } } */
  readonly transform?: ChildTransforms & { readonly cronJob?: Transform<CronJobArgs> };
}

/**
 * A process that ends: a CronJob, which never runs two at once; without `cron` it is suspended, and there to be started by
 * hand. A run that fails is not repeated. Costs its size on your nodes while it runs.
 *
 * @example
 * new KubernetesJob("cleanup", { network, process: { image, command: ["node", "cleanup.js"] }, cron: "15 3 * * *" });
 */
export class KubernetesJob extends ComponentResource {
  /** Command that starts a run now. */
  readonly start: Output<string>;
  /** Command that follows the logs. */
  readonly logs: Output<string>;
  readonly signals: readonly SignalSource[];
  readonly nodes: { readonly cronJob: CronJob };

  constructor(name: string, args: KubernetesJobArgs, options?: ComponentResourceOptions) {
    super("slipway:container-service:KubernetesJob", name, {}, transforming(options, args.transform));
    const { cron, network, timeoutMinutes = 60 } = args;
    const { namespace } = network;
    const process = resolveCommand(name, args.process);
    if (cron !== undefined) scheduleOf(name, cron);
    const labels = { "app.kubernetes.io/name": name };
    const cronJob = new CronJob(
      ...child<CronJobArgs>(
        name,
        {
          metadata: { name, namespace, labels, annotations: { "pulumi.com/patchForce": "true" } },
          spec: {
            // A CronJob must have one, also where it is suspended.
            schedule: cron ?? "0 0 1 1 *",
            timeZone: "Etc/UTC",
            suspend: cron === undefined,
            concurrencyPolicy: "Forbid",
            // Without it a controller that was away for a hundred runs starts none at all:
            // https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline
            startingDeadlineSeconds: 300,
            successfulJobsHistoryLimit: 1,
            failedJobsHistoryLimit: 3,
            jobTemplate: {
              metadata: { labels },
              spec: {
                backoffLimit: 0,
                activeDeadlineSeconds: timeoutMinutes * 60,
                // A day for a person to read the log; the alarm of a failed run ends with it.
                ttlSecondsAfterFinished: 86_400,
                template: processTemplate(pods(name, args, process, labels), "job", process.command, true),
              },
            },
          },
        },
        { parent: this },
        args.transform?.cronJob,
      ),
    );

    this.start = interpolate`kubectl -n ${namespace} create job --from=cronjob/${name} ${name}-$(date +%s)`;
    this.logs = interpolate`kubectl -n ${namespace} logs -f --prefix --max-log-requests 50 -l app.kubernetes.io/name=${name}`;
    this.signals = [{ kind: "job", name, identifiers: { exporter: "kubernetes", namespace, workload: name } }];
    this.nodes = { cronJob };
    this.registerOutputs({ start: this.start, logs: this.logs });
  }
}
