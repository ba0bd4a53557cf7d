import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/aws-policy-document";
import { awsDnsSuffix } from "../shared/aws-partition";
import { awsArn } from "../shared/aws-region";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";

export interface AwsEncryptionKeyArgs {
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /**
   * Also usable in us-east-1, where CloudFront's alarms must be: $1 more a month, unless the stack is in us-east-1
   * itself.
   *
   * @example true
   */
  readonly edge: boolean;
  /** Keep the key when the stack is destroyed: without it, what it encrypted is lost. @example true */
  readonly protect: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly key?: Transform<aws.kms.KeyArgs> };
}

/**
 * One KMS key for logs, secrets and notifications. An own key rather than AWS's, because an encrypted SNS topic takes
 * alarms from CloudWatch only with a key whose policy says so; once it is there, everything may use it. Database, cache
 * and buckets keep AWS's own keys: those cannot be deleted, so a backup can always be read.
 *
 * Creates the key with yearly rotation, an alias, and a replica for the edge. $1 a month, $2 with the replica, and $1 more
 * for each of the first two rotations (https://aws.amazon.com/kms/pricing/).
 */
export class AwsEncryptionKey extends pulumi.ComponentResource {
  /** Key in the stack's region. */
  readonly arn: pulumi.Output<string>;
  /** The same key in us-east-1, when asked for. */
  readonly edgeArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: AwsEncryptionKeyArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:encryption:AwsEncryptionKey", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const stateful = pulumi.mergeOptions(child, args.protect ? { protect: true, retainOnDelete: true } : {});
    const replicated = args.edge && args.region !== "us-east-1";

    const { accountId } = aws.getCallerIdentityOutput({}, child);
    const key = createKey();
    createAlias();
    const replica = replicated ? createReplica() : undefined;

    this.arn = key.arn;
    this.edgeArn = args.edge ? (replica ?? key).arn : undefined;
    this.registerOutputs({ arn: this.arn, edgeArn: this.edgeArn });

    function createKey(): aws.kms.Key {
      return new aws.kms.Key(
        ...childOf<aws.kms.KeyArgs>(
          name,
          {
            description: `${pulumi.getProject()} ${pulumi.getStack()}: logs, secrets, notifications`,
            enableKeyRotation: true,
            deletionWindowInDays: 30,
            // Cannot be changed later, and costs nothing until there is a replica.
            multiRegion: true,
            policy: policyDocument(statements(args.region)),
          },
          stateful,
          args.transform?.key,
        ),
      );
    }

    function createAlias(): void {
      const alias = `alias/${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
      new aws.kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, child);
    }

    function createReplica(): aws.kms.ReplicaKey {
      return new aws.kms.ReplicaKey(
        `${name}-edge`,
        {
          region: "us-east-1",
          primaryKeyArn: key.arn,
          deletionWindowInDays: 30,
          policy: policyDocument(statements("us-east-1")),
        },
        stateful,
      );
    }

    function statements(region: string): Statement[] {
      return [
        {
          // Without it nobody, not even the account's owner, could change the key any more.
          Sid: "AccountAdministers",
          Effect: "Allow",
          Principal: { AWS: awsArn(pulumi.interpolate`iam::${accountId}:root`, region) },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "LogsEncrypt",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.${awsDnsSuffix(region)}` },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn": awsArn(pulumi.interpolate`logs:${region}:${accountId}:*`, region),
            },
          },
        },
        // CloudWatch says for which account it publishes; EventBridge does not, and RDS documents its statement without a
        // condition. With one that is never met every notification would be dropped silently. What they may publish where is
        // decided by the topic: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        publisher("cloudwatch.amazonaws.com", { StringEquals: { "aws:SourceAccount": accountId } }),
        publisher("events.amazonaws.com"),
        publisher("events.rds.amazonaws.com"),
      ];
    }
  }

  /** A key that exists. Its policy must let CloudWatch, EventBridge, RDS and the logs of both regions use it. */
  static get(
    _name: string,
    args: { readonly arn: pulumi.Input<string>; readonly edgeArn?: pulumi.Input<string> },
  ): Pick<AwsEncryptionKey, "arn" | "edgeArn"> {
    return {
      arn: pulumi.output(args.arn),
      edgeArn: args.edgeArn === undefined ? undefined : pulumi.output(args.edgeArn),
    };
  }
}

/** A service that publishes to an encrypted topic. */
function publisher(service: string, condition?: Statement["Condition"]): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: service },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}
