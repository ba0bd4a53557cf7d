import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustOf } from "../../shared/aws-policy-document";
import { type Chat, chatOf } from "../chat";
import { type ChildTransforms, transforming } from "../../shared/transform";

/** Events of one kind, and the sentence that is made of one. */
export interface AwsEventMessage {
  /** Pattern of EventBridge. @example { source: ["aws.cloudwatch"] } */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Where in the event a name of {@link text} stands. @example { alarm: "$.detail.alarmName" } */
  readonly values: Readonly<Record<string, string>>;
  /** The sentence, with `<name>` for each value. @example "<state>: <alarm>" */
  readonly text: string;
}

export interface AwsWebhookArgs {
  /**
   * HTTPS address that gets each event as a POST. Anybody who knows that of a chat can write to it: it stays secret.
   * @example "https://hooks.slack.com/services/T0/B0/…"
   */
  readonly url: pulumi.Input<string>;
  /**
   * In which form.
   *
   * @default what the address is known for, else `{ "text": "…" }` with each value beside it
   * @example "slack"
   */
  readonly chat?: Chat;
  /** What is posted, by name. The first keeps the component's own name. @example { release: { pattern, message } } */
  readonly events: Readonly<Record<string, AwsEventMessage>>;
  /** Region of the events. @default the stack's @example "eu-central-1" */
  readonly region?: string;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * Posts events to a web address. Through EventBridge and not as a subscription of a topic: a chat service cannot answer the
 * confirmation that SNS asks for, and does not understand its messages. $0.20 for a million events.
 */
export class AwsWebhook extends pulumi.ComponentResource {
  constructor(name: string, args: AwsWebhookArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsWebhook", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const place = args.region === undefined ? {} : { region: args.region };
    const chat = args.chat ?? (typeof args.url === "string" ? chatOf(args.url) : undefined);
    const { accountId } = aws.getCallerIdentityOutput({}, child);

    const destination = createDestination();
    const role = createRole();
    Object.entries(args.events).forEach(([kind, event], index) => post(index === 0 ? name : `${name}-${kind}`, event));
    this.registerOutputs({});

    function createDestination(): aws.cloudwatch.EventApiDestination {
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
      return new aws.cloudwatch.EventApiDestination(
        name,
        {
          ...place,
          connectionArn: connection.arn,
          invocationEndpoint: pulumi.secret(args.url),
          httpMethod: "POST",
          invocationRateLimitPerSecond: 5,
        },
        child,
      );
    }

    function createRole(): aws.iam.Role {
      const made = new aws.iam.Role(name, { assumeRolePolicy: trustOf("events.amazonaws.com", accountId) }, child);
      const Action = "events:InvokeApiDestination";
      new aws.iam.RolePolicy(
        name,
        { role: made.id, policy: policyDocument([{ Effect: "Allow", Action, Resource: destination.arn }]) },
        child,
      );
      return made;
    }

    function post(ruleName: string, { pattern, text, values }: AwsEventMessage): void {
      const rule = new aws.cloudwatch.EventRule(
        ruleName,
        { ...place, description: "What a webhook is told", eventPattern: pulumi.jsonStringify(pattern) },
        child,
      );
      new aws.cloudwatch.EventTarget(
        ruleName,
        {
          ...place,
          rule: rule.name,
          arn: destination.arn,
          roleArn: role.arn,
          inputTransformer: { inputPaths: values, inputTemplate: template(chat, text, Object.keys(values)) },
        },
        child,
      );
    }
  }
}

/** EventBridge puts a value in for each `<name>`, escaped as a JSON text needs it. */
function template(chat: Chat | undefined, text: string, values: readonly string[]): string {
  switch (chat) {
    case "slack":
      return JSON.stringify({ text });
    case "discord":
      return JSON.stringify({ content: text });
    case "teams":
      return JSON.stringify({
        type: "message",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: {
              $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
              type: "AdaptiveCard",
              version: "1.4",
              body: [{ type: "TextBlock", text, wrap: true }],
            },
          },
        ],
      });
    default:
      return JSON.stringify({ text, ...Object.fromEntries(values.map((value) => [value, `<${value}>`])) });
  }
}
