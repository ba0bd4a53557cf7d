/** Class of the AWS Load Balancer Controller, and of EKS Auto Mode. */
export function isAlb(ingressClass: string | undefined): boolean {
  return ingressClass === "alb";
}

/**
 * What an ALB has to be told: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/.
 * By itself it sends to ports of the nodes, which a ClusterIP Service has none of, asks `/`, and listens for plain HTTP
 * alone. Its certificates are ACM's, found by the host. `given`: annotations that come after these.
 */
export function alb(
  healthPath: string | undefined,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const https = {
    [`${prefix}listen-ports`]: '[{"HTTP":80},{"HTTPS":443}]',
    [`${prefix}ssl-redirect`]: "443",
  };
  return {
    [`${prefix}target-type`]: "ip",
    // A redirect to a port that somebody else's list has not would be refused.
    ...(`${prefix}listen-ports` in given ? {} : https),
    // It takes 200 alone, and an application may redirect from `/`.
    ...(healthPath === undefined ? {} : { [`${prefix}healthcheck-path`]: healthPath }),
  };
}

const prefix = "alb.ingress.kubernetes.io/";
