import * as pulumi from "@pulumi/pulumi";

/**
 * Until 0.1 one component, AwsFargateService, was cluster, load balancer and service. Stacks that it made are taken up by
 * these aliases: nothing is created anew. They can go when no such stack is left.
 */
export const formerServiceType = "slipway:container-service:AwsFargateService";

export function formerService(name: string, parent?: pulumi.Resource): pulumi.Output<string> {
  return pulumi.createUrn(name, formerServiceType, parent);
}

/** The load balancer that was the service's own child. */
export function formerLoadBalancer(service: string, parent?: pulumi.Resource): pulumi.Output<string> {
  return pulumi.createUrn(
    `${service}-alb`,
    "slipway:container-service:AwsLoadBalancer",
    formerService(service, parent),
  );
}
