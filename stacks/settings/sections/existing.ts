import { z } from "zod";
import * as format from "../formats";
import { text, type SettingMeta, whole } from "../formats";

/** What exists already on AWS, by its id: nothing of it is created, changed or deleted. */

const why = {
  kubernetes: "the cluster's own Gateway or Ingress routes",
  docker: "nginx on the host routes",
  vercel: "Vercel routes",
};

export const loadBalancer = z
  .strictObject({
    arn: text(
      {
        description: "An Application Load Balancer that exists, in the VPC of `network.vpcId`.",
        example: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/main/50dc6c495c0c9188",
      },
      format.matches(
        /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[\w-]{1,32}\/[0-9a-f]{16}$/,
        "expected the ARN of an Application Load Balancer",
      ),
    ).optional(),
    listenerArn: text(
      {
        description: "Its HTTPS listener. Default: the one on port 443.",
        example:
          "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/main/50dc6c495c0c9188/f2f7dc8efc522ab2",
      },
      format.matches(
        /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[\w/-]+$/,
        "expected the ARN of a listener",
      ),
    ).optional(),
    securityGroupId: text(
      {
        description: "Its security group, which gets a rule out to the tasks. Default: its first.",
        example: "sg-0a1b2c3d",
      },
      format.securityGroupId,
    ).optional(),
    priority: whole(1, 49_998, {
      description:
        "First of three places among the rules of a listener that others use too: redirects, the release that is tested, the site. No other stack may have one of them.",
      example: 20,
    }).optional(),
  })
  .meta({
    on: ["aws-ecs"],
    why,
    description: "A load balancer that exists, or that several stacks share: docs/aws.md#what-exists-already.",
  } satisfies SettingMeta);

export const cluster = z
  .strictObject({
    arn: text(
      { description: "An ECS cluster that exists.", example: "arn:aws:ecs:eu-central-1:123456789012:cluster/main" },
      format.matches(
        /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/,
        "expected the ARN of an ECS cluster",
      ),
    ).optional(),
  })
  .meta({
    on: ["aws-ecs"],
    why: {
      kubernetes: "the kubeconfig says which cluster",
      docker: "one host is no cluster",
      vercel: "a function runs in no cluster",
    },
    description: "An ECS cluster that exists. With Fargate Spot it must offer FARGATE_SPOT.",
  } satisfies SettingMeta);

export const shared = text(
  {
    on: ["aws-ecs"],
    why,
    description:
      "Stack of a team that owns VPC, NAT and load balancer, which this one uses: docs/aws.md#shared-by-several-stacks. Needs `loadBalancer.priority`.",
    example: "acme/platform/prod",
  },
  format.matches(/^[\w.-]+(\/[\w.-]+){2}$/, "expected organization/project/stack, as `pulumi stack ls --all` shows it"),
);
