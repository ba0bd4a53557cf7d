import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createFunction } from "../../shared/aws-function";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsCachePurgeArgs {
  /** Distribution whose cache is emptied. @example cdn.nodes.distribution */
  readonly distribution: { readonly arn: pulumi.Input<string>; readonly id: pulumi.Input<string> };
  /**
   * Service whose releases and ways back empty the cache.
   * @example { clusterName: cluster.name, name: service.nodes.service.name }
   */
  readonly service: { readonly clusterName: pulumi.Input<string>; readonly name: pulumi.Input<string> };
  /** KMS key of the log. @default a key of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /** Days that the log is kept. @example 90 */
  readonly logRetentionDays: number;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
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
    super("slipway:cdn:AwsCachePurge", name, {}, transforming(options, args.transform));
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
