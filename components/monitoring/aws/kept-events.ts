import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../shared/aws-policy-document";

/**
 * A target for a rule whose matches are counted: a queue that nobody reads. AWS does not say whether a rule without a target
 * counts what it matches (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html). The events of the last
 * four days are there to look at. Free.
 */
export function keepEvents(name: string, rule: aws.cloudwatch.EventRule, options: pulumi.CustomResourceOptions): void {
  const queue = new aws.sqs.Queue(name, { sqsManagedSseEnabled: true }, options);
  const allowed = new aws.sqs.QueuePolicy(
    name,
    {
      queueUrl: queue.id,
      policy: policyDocument([
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
        },
      ]),
    },
    options,
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: queue.arn },
    pulumi.mergeOptions(options, { dependsOn: allowed }),
  );
}
