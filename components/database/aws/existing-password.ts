import type * as pulumi from "@pulumi/pulumi";
import { awsSecretReference } from "../../secrets/aws-secret-reference";
import type { AwsSecretRef } from "../../secrets/contract";

export interface AwsExistingPasswordArgs {
  /**
   * Secret with the password in the form RDS keeps one, `{"username": …, "password": …}`.
   * @default the one that RDS keeps for the master user
   * @example "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"
   */
  readonly passwordSecretArn?: string;
  /** KMS key of that secret. @default whichever encrypts it @example "arn:aws:kms:eu-central-1:111122223333:key/1" */
  readonly passwordKeyArn?: string;
}

/** Password of an instance or a cluster that exists. */
export function existingPassword(
  name: string,
  { passwordKeyArn, passwordSecretArn }: AwsExistingPasswordArgs,
  { masterUserSecrets }: { readonly masterUserSecrets: pulumi.Output<{ readonly secretArn: string }[]> },
): AwsSecretRef {
  const common = { store: "aws-secrets-manager", key: "password", delivery: "fetched" } as const;
  if (passwordSecretArn === undefined) return { ...common, arn: masterUserSecrets[0]!.secretArn, keyOfAws: true };
  const named = awsSecretReference(passwordSecretArn);
  if (named === undefined) {
    throw new Error(`${name}: passwordSecretArn: expected the ARN of a secret in Secrets Manager`);
  }
  const keyArn = passwordKeyArn === undefined ? {} : { keyArn: passwordKeyArn };
  return { ...common, arn: named.arn, foreign: named.arn, ...keyArn };
}
