import { Config, getProject, getStack } from "@pulumi/pulumi";
// Loaded when the stack file asks for RDS: the AWS SDK is most of a preview's time.
import { AwsRdsPostgres } from "../../components/database/aws/rds-postgres";
import { AwsEncryptionKey } from "../../components/encryption/aws-encryption-key";
import { AwsAlertTopic } from "../../components/monitoring/aws/alert-topic";
import { AwsCloudWatch } from "../../components/monitoring/aws/cloudwatch";
import { tagged } from "../../components/shared/aws-tags";
import { databaseArgs, rdsArgs } from "../application";
import type { Part } from "../parts";
import type { KubernetesSettings } from "../settings/settings";

type RdsSettings = Extract<KubernetesSettings["database"], { readonly implementation: "rds" }>;

/**
 * PostgreSQL on RDS, in the cluster's VPC. Its metrics and events are CloudWatch's, where no Prometheus sees them: what is
 * to be watched of it is watched there, with the same limits, for the same recipients.
 */
export function createRds(settings: KubernetesSettings, database: RdsSettings): Part {
  const { monitoring, domain } = settings;
  const { vpcId, subnetIds, clientSecurityGroupIds, protect } = database;
  const of = (component: string) => tagged({ stack: `${getProject()}-${getStack()}`, component });
  const rds = new AwsRdsPostgres(
    "database",
    { ...databaseArgs(settings), ...rdsArgs(settings), vpcId, subnetIds, clientSecurityGroupIds },
    of("database"),
  );

  const region = new Config("aws").require("region");
  const key = new AwsEncryptionKey("alerts-key", { region, edge: false, protect }, of("key"));
  const alerts = new AwsAlertTopic(
    "alerts",
    { keyArn: key.arn, emails: monitoring.emails, events: true },
    of("alerts"),
  );
  new AwsCloudWatch(
    "database-monitoring",
    {
      region,
      sources: rds.signals,
      thresholds: monitoring,
      notify: monitoring,
      topicArn: alerts.arn,
      domain,
      // Grafana has the application's; this would be a second place to look.
      dashboard: false,
    },
    of("monitoring"),
  );
  const { environment, restore, identifier } = rds;
  return { environment, restore, identifier };
}
