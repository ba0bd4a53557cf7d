import { setTimeout as sleep } from "node:timers/promises";
import { OperateError } from "../contract";
import { parsed } from "../watched";
import type { RotateTools } from "./contract";

/**
 * RDS makes the password, changes it in the database and in Secrets Manager, where the application reads it again when it is
 * refused. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
 */
export async function rotateRds(
  instance: string,
  { run, progress, pollSeconds }: RotateTools,
  kind: RdsKind = "instance",
): Promise<string> {
  const aws = async <T>(...args: readonly string[]) =>
    parsed<T>(await run("aws", [...args, "--output", "json"]), `aws ${args.slice(0, 2).join(" ")}`);
  const one = [`--db-${kind}-identifier`, instance];
  const state = async () => {
    const { DBInstances, DBClusters } = await aws<Found>("rds", `describe-db-${kind}s`, ...one);
    const secret = (DBClusters ?? DBInstances)?.[0]?.MasterUserSecret;
    if (secret === undefined) throw new OperateError(`RDS keeps no password of ${instance}`);
    const { VersionIdsToStages: versions } = await aws<{ VersionIdsToStages: Readonly<Record<string, string[]>> }>(
      ...["secretsmanager", "describe-secret", "--secret-id", secret.SecretArn],
    );
    const current = Object.entries(versions).find(([, stages]) => stages.includes("AWSCURRENT"))?.[0];
    return { current, status: secret.SecretStatus };
  };

  const before = await state();
  if (before.status !== "active")
    throw new OperateError(`the secret of ${instance} is ${before.status}: try again later`);
  await aws("rds", `modify-db-${kind}`, ...one, "--rotate-master-user-password", "--apply-immediately");
  progress("asked", `RDS to rotate the password of ${instance}`);
  for (const until = Date.now() + 15 * 60_000; ;) {
    const { current, status } = await state();
    if (status === "impaired")
      throw new OperateError(`RDS could not rotate it: aws rds describe-db-${kind}s ${one.join(" ")}`);
    if (status === "active" && current !== before.current) break;
    if (Date.now() > until) throw new OperateError(`after 15 minutes the secret of ${instance} is ${status}`);
    await sleep(pollSeconds * 1000);
  }
  return "replicas read the new password at their next connection";
}

export type RdsKind = "instance" | "cluster";

interface Found {
  readonly DBInstances?: readonly Server[];
  readonly DBClusters?: readonly Server[];
}

interface Server {
  readonly MasterUserSecret?: { readonly SecretArn: string; readonly SecretStatus: string };
}
