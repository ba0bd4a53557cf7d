import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createFunction } from "../../shared/aws-function";

export interface AwsCachePurgeArgs {
  readonly distribution: { readonly arn: pulumi.Input<string>; readonly id: pulumi.Input<string> };
  /** Service whose releases and ways back empty the cache. */
  readonly service: { readonly clusterName: pulumi.Input<string>; readonly name: pulumi.Input<string> };
  readonly keyArn?: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/**
 * Empties CloudFront's cache when a release of the service is complete and when ECS has taken one back, by any command:
 * what ECS says of a deployment is the occasion. Only the one distribution, by a role that may do nothing else.
 *
 * An emptied cache is one path. The first 1,000 paths of an account and month are free, then $0.005 each
 * (https://aws.amazon.com/cloudfront/pricing/).
 */
export class AwsCachePurge extends pulumi.ComponentResource {
  constructor(name: string, args: AwsCachePurgeArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:cdn:AwsCachePurge", name, {}, options);
    const child = { parent: this };
    const { distribution, service } = args;

    const purge = createFunction(
      name,
      {
        description: `Empties the CDN's cache after a release of ${pulumi.getProject()} ${pulumi.getStack()}`,
        code: purgeCode,
        timeoutSeconds: 30,
        keyArn: args.keyArn,
        logRetentionDays: args.logRetentionDays,
        environment: { DISTRIBUTION: distribution.id },
        statements: [{ Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: distribution.arn }],
      },
      child,
    );
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "Releases that are complete or went back",
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
        eventPattern: pulumi.jsonStringify({
          source: ["aws.ecs"],
          "detail-type": ["ECS Deployment State Change"],
          resources: [{ suffix: pulumi.interpolate`/${service.clusterName}/${service.name}` }],
          detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"] },
        }),
      },
      child,
    );
    new aws.lambda.Permission(
      name,
      {
        function: purge.function.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      child,
    );
    new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: purge.function.arn }, child);
    this.registerOutputs({});
  }
}

/** An event that is delivered twice empties the cache once: CloudFront knows an invalidation by its reference. */
export const purgeCode = `
const { CloudFrontClient, CreateInvalidationCommand } = require("@aws-sdk/client-cloudfront");
const cloudFront = new CloudFrontClient({});

exports.handler = ({ id }) =>
  cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId: process.env.DISTRIBUTION,
      InvalidationBatch: { CallerReference: id, Paths: { Quantity: 1, Items: ["/*"] } },
    }),
  );
`;
