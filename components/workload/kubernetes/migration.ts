import { Job, type JobArgs } from "@pulumi/kubernetes/batch/v1";
import { output, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import { child as childOf, type Transform } from "../../shared/transform";
import { migrationTemplate, type WorkloadArgs } from "./workload";

/**
 * One Job a release, named after it. It has no `ttlSecondsAfterFinished`: Pulumi would find a Job that removed itself
 * missing, and run it again. The next release's Job replaces it, and its log stays until then.
 */
export function createMigration(
  name: string,
  namespace: Input<string>,
  workload: WorkloadArgs & { readonly migration: readonly string[] },
  transform: Transform<JobArgs> | undefined,
  options: CustomResourceOptions,
): Job {
  const labels = { "app.kubernetes.io/name": `${name}-migrate` };
  return new Job(
    ...childOf<JobArgs>(
      `${name}-migration`,
      {
        metadata: {
          name: output(workload.image.release).apply((release) => jobName(`${name}-migrate`, release)),
          namespace,
          labels,
          // One that failed is made anew by the next `pulumi up`, also of the same release.
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: 1800,
          template: migrationTemplate({ ...workload, labels: { ...workload.labels, ...labels } }, workload.migration),
        },
      },
      { ...options, customTimeouts: { create: "35m" } },
      transform,
    ),
  );
}

/** A name that Kubernetes takes, whatever characters a tag has. Pods get it as a label: at most 63. */
function jobName(prefix: string, release: string): string {
  const suffix = release.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  return `${prefix}-${suffix}`.slice(0, 63).replace(/-+$/, "");
}
