import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../../shared/aws-policy-document";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsAlertTopicArgs {
  /**
   * KMS key in the topic's own region, whose policy lets CloudWatch use it: an encrypted topic without stays silent.
   * @example key.arn
   */
  readonly keyArn: pulumi.Input<string>;
  /** Addresses that get an e-mail. AWS asks each of them to confirm once. @example ["ops@example.com"] */
  readonly emails: readonly string[];
  /** Whether rules of EventBridge publish here too. @default false @example true */
  readonly events?: boolean;
  /**
   * Region of the topic. Not a setting: alarms tell topics of their own region alone.
   *
   * @default the stack's
   * @example "eu-central-1"
   */
  readonly region?: string;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * Where alarms go: an encrypted SNS topic with e-mail subscriptions. The first 1,000 e-mails a month are free, then $2 for
 * each 100,000 (https://aws.amazon.com/sns/pricing/).
 */
export class AwsAlertTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AwsAlertTopicArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsAlertTopic", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const place = args.region === undefined ? {} : { region: args.region };
    const { accountId } = aws.getCallerIdentityOutput({}, child);

    const topic = new aws.sns.Topic(name, { ...place, kmsMasterKeyId: args.keyArn }, child);
    letServicesPublish();
    for (const email of args.emails) {
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { ...place, topic: topic.arn, protocol: "email", endpoint: email },
        child,
      );
    }

    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });

    function letServicesPublish(): void {
      new aws.sns.TopicPolicy(
        name,
        {
          ...place,
          arn: topic.arn,
          policy: policyDocument([
            ...["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"].map((service): Statement => ({
              Effect: "Allow",
              Principal: { Service: service },
              Action: "sns:Publish",
              Resource: topic.arn,
              Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            })),
            // EventBridge is documented to publish where there is no condition:
            // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
            ...(args.events === true ? ["events.amazonaws.com"] : []).map((service): Statement => ({
              Effect: "Allow",
              Principal: { Service: service },
              Action: "sns:Publish",
              Resource: topic.arn,
            })),
          ]),
        },
        child,
      );
    }
  }

  /** A topic that exists. Its policy, and that of its key, must let CloudWatch publish. */
  static get(_name: string, args: { readonly arn: pulumi.Input<string> }): Pick<AwsAlertTopic, "arn"> {
    return { arn: pulumi.output(args.arn) };
  }
}
