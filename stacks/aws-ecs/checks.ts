import type { AwsHealthCheck } from "../../components/monitoring/aws/health-checks";
import { awsPartition } from "../../components/shared/aws-partition";
import type { AwsEcsSettings } from "../settings/settings";

/**
 * What is asked for from outside. By default only in production, and where the domain's records are made with the stack: a domain
 * that is pointed here later, or a load balancer that may be internal, would notify from the first day.
 */
export function syntheticChecks(settings: AwsEcsSettings, region: string): readonly AwsHealthCheck[] {
  const { cdn, loadBalancer, monitoring, preset, service, tls } = settings;
  if (monitoring.syntheticChecks !== undefined) return monitoring.syntheticChecks;
  const reached = tls.hostedZoneId !== undefined && (cdn.implementation !== "none" || loadBalancer.arn === undefined);
  if (preset !== "production" || !reached || awsPartition(region) !== "aws") return [];
  const ready = service.health?.ready ?? "/api/ready";
  const paths = new Set([...(ready.startsWith("/") ? [ready] : []), "/"]);
  return [...paths].map((path) => ({ path }));
}
