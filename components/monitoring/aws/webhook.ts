import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustOf } from "../../shared/aws-policy-document";

export interface AwsWebhookArgs {
  /** HTTPS address that gets each alarm as a POST of `{ "text": "…" }`, as chat services take it. */
  readonly url: string;
  /** ARNs of the alarms, all of one region. */
  readonly alarmArns: readonly pulumi.Input<string>[];
  /** Region of the alarms. Default: the stack's. */
  readonly region?: string;
}

/**
 * Posts each change of an alarm to a web address. Through EventBridge and not as a subscription of the topic: a chat service
 * cannot answer the confirmation that SNS asks for, and does not understand its messages. $0.20 for a million alarms.
 */
export class AwsWebhook extends pulumi.ComponentResource {
  constructor(name: string, args: AwsWebhookArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsWebhook", name, {}, options);
    const child = { parent: this };
    const place = args.region === undefined ? {} : { region: args.region };
    const { accountId } = aws.getCallerIdentityOutput({}, child);

    const connection = new aws.cloudwatch.EventConnection(
      name,
      {
        ...place,
        description: "The address itself is what opens it",
        authorizationType: "API_KEY",
        authParameters: { apiKey: { key: "x-slipway-stack", value: pulumi.getStack() } },
      },
      child,
    );
    const destination = new aws.cloudwatch.EventApiDestination(
      name,
      {
        ...place,
        connectionArn: connection.arn,
        // Everybody who knows the address of a chat's webhook can write to it.
        invocationEndpoint: pulumi.secret(args.url),
        httpMethod: "POST",
        invocationRateLimitPerSecond: 5,
      },
      child,
    );
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        ...place,
        description: "Alarms that go off or end",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.cloudwatch"],
          "detail-type": ["CloudWatch Alarm State Change"],
          resources: args.alarmArns,
          detail: { state: { value: ["ALARM", "OK"] }, previousState: { value: ["ALARM", "OK"] } },
        }),
      },
      child,
    );
    const role = new aws.iam.Role(name, { assumeRolePolicy: trustOf("events.amazonaws.com", accountId) }, child);
    new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: policyDocument([{ Effect: "Allow", Action: "events:InvokeApiDestination", Resource: destination.arn }]),
      },
      child,
    );
    new aws.cloudwatch.EventTarget(
      name,
      {
        ...place,
        rule: rule.name,
        arn: destination.arn,
        roleArn: role.arn,
        inputTransformer: {
          inputPaths: { alarm: "$.detail.alarmName", state: "$.detail.state.value", reason: "$.detail.state.reason" },
          inputTemplate: '{"text": "<state>: <alarm>. <reason>"}',
        },
      },
      child,
    );
    this.registerOutputs({});
  }
}
