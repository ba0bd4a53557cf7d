import type { AwsSecretRef } from "./contract";

/**
 * `arn:aws:secretsmanager:<region>:<account>:secret:<name>[:<json key>:<version stage>:<version id>]`, as a task definition has
 * it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
const reference =
  /^(?<arn>arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d+:secret:[\w/+=.@-]+)(?::(?<key>[^:]*)(?::(?<stage>[^:]*)(?::(?<version>[^:]*))?)?)?$/;

/** What a reference names; undefined where it is none. */
export function awsSecretReference(text: string): (AwsSecretRef & { readonly arn: string }) | undefined {
  const { arn, key = "", stage = "", version = "" } = reference.exec(text)?.groups ?? {};
  if (arn === undefined || (stage !== "" && version !== "")) return undefined;
  return {
    store: "aws-secrets-manager",
    arn,
    ...(key === "" ? {} : { key }),
    ...(stage === "" ? {} : { versionStage: stage }),
    ...(version === "" ? {} : { versionId: version }),
  };
}

/**
 * The secret as a policy must name it: with the six characters that Secrets Manager adds to a name. Where they were left out,
 * any six: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function awsSecretArns(arn: string): string[] {
  return /-[A-Za-z0-9]{6}$/.test(arn) ? [arn] : [arn, `${arn}-??????`];
}
