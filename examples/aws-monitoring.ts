import { AwsAlertTopic, AwsBackupAlarm, AwsBudget, AwsCloudWatch, AwsEncryptionKey } from "slipway/aws";

// Alarms and a dashboard for a database that exists, and who is notified.
const region = "eu-central-1";
const emails = ["ops@example.com"];
const key = new AwsEncryptionKey("key", { region, edge: false, protect: true });
const topic = new AwsAlertTopic("alerts", { keyArn: key.arn, emails });

new AwsCloudWatch("monitoring", {
  region,
  topicArn: topic.arn,
  sources: [
    {
      kind: "database",
      name: "database",
      identifiers: { DBInstanceIdentifier: "shop-production" },
      capacity: { storageGb: 100, maxStorageGb: 400, maxConnections: 400 },
    },
  ],
  thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
  notify: { emails },
});
new AwsBackupAlarm("backups", { databaseIdentifier: "shop-production", topicArn: topic.arn });
new AwsBudget("budget", { usd: 400, stack: "shop-prod", emails });
