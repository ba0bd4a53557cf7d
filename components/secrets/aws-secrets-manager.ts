import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import { awsSecretReference } from "./aws-secret-reference";
import {
  type AwsSecretRef,
  generatedName,
  type SecretSource,
  type SecretStore,
  type SecretStoreArgs,
} from "./contract";

export interface AwsSecretsManagerArgs extends SecretStoreArgs {
  /**
   * KMS key of the secrets.
   *
   * @default `aws/secretsmanager`, which costs nothing but cannot be shared with other accounts
   * @example key.arn
   */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * Days for which a deleted secret is recoverable: 7 to 30, or 0 to delete at once. Free while it waits.
   *
   * @default 30
   * @example 7
   */
  readonly recoveryWindowDays?: number;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly secret?: Transform<aws.secretsmanager.SecretArgs> };
}

/**
 * The application's own secrets in AWS Secrets Manager, one each, so that a task may be allowed one and not another.
 * Generated ones are made once and never change by themselves: `slipway rotate` does that, with the previous one accepted
 * for as long as it is needed.
 *
 * Values pass through Pulumi's state, encrypted there as secrets. $0.40 a month and secret
 * (https://aws.amazon.com/secrets-manager/pricing/).
 */
export class AwsSecretsManager extends pulumi.ComponentResource implements SecretStore {
  readonly refs: Readonly<Record<string, AwsSecretRef>>;

  constructor(name: string, args: AwsSecretsManagerArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:AwsSecretsManager", name, {}, transforming(options, args.transform));
    const child = { parent: this };

    this.refs = Object.fromEntries(
      Object.entries(args.secrets)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([variable, source]) => [variable, refTo(variable, source)]),
    );
    this.registerOutputs({});

    function refTo(variable: string, source: SecretSource): AwsSecretRef {
      switch (source.from) {
        case "reference":
          return existing(variable, source);
        case "value":
          return store(variable, source.value);
        case "generate":
          return store(variable, generate(generatedName(variable, source), source.bytes));
      }
    }

    function existing(variable: string, { keyArn, reference }: SecretSource & { from: "reference" }): AwsSecretRef {
      const named = awsSecretReference(reference);
      if (named === undefined) {
        throw new Error(`${name}: ${variable}: the reference is not the ARN of a secret in Secrets Manager`);
      }
      return { ...named, foreign: named.arn, ...(keyArn === undefined ? {} : { keyArn }) };
    }

    function generate(generated: string, length: number): pulumi.Output<string> {
      return new random.RandomBytes(`${name}-${suffixOf(generated)}`, { length }, child).base64;
    }

    function store(variable: string, value: pulumi.Input<string>): AwsSecretRef {
      const secret = new aws.secretsmanager.Secret(
        ...childOf<aws.secretsmanager.SecretArgs>(
          `${name}-${suffixOf(variable)}`,
          {
            description: `${variable} of ${pulumi.getProject()} ${pulumi.getStack()}`,
            kmsKeyId: args.keyArn,
            recoveryWindowInDays: args.recoveryWindowDays ?? 30,
          },
          child,
          args.transform?.secret,
        ),
      );
      const version = new aws.secretsmanager.SecretVersion(
        `${name}-${suffixOf(variable)}`,
        { secretId: secret.id, secretString: value },
        child,
      );
      return { store: "aws-secrets-manager", arn: secret.arn, versionId: version.versionId };
    }
  }
}

function suffixOf(variable: string): string {
  return variable.toLowerCase().replaceAll("_", "-");
}
