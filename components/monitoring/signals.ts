import type { SignalKind, Thresholds } from "./contract";
import { hostSignals } from "./host-signals";
import { errorPercent, p95Seconds } from "./prometheus/queries";

/**
 * What is watched, on every target. A row is a signal; a column says how one monitoring system sees it. To watch
 * something more, add a row: alarms, rules and dashboards follow on each target. A column may be missing only with a
 * reason in `absent`.
 */
export interface Signal {
  /** Stable: it is part of alarm names. */
  readonly id: string;
  /** Of the metric, on a dashboard. */
  readonly title: string;
  /** Of the alarm: what is wrong. */
  readonly alarm: string;
  readonly of: SignalKind;
  /** `page`: users notice now. `ticket`: they will, if nobody acts within days. */
  readonly severity: "page" | "ticket";
  /** What it means and what to do, for the person who is woken by it. */
  readonly runbook: string;
  /** How long the condition holds before the alarm fires. */
  readonly forMinutes: number;
  readonly unit: "percent" | "milliseconds" | "seconds" | "bytes" | "count" | "days";
  readonly above?: Limit;
  readonly below?: Limit;
  readonly cloudWatch?: CloudWatchMetric;
  /** PromQL for the value in `unit`, by exporter; `$name` stands for an identifier or a capacity of the source. */
  readonly prometheus?: Partial<Record<Exporter, string>>;
  /** Why a system or an exporter has no metric for it. */
  readonly absent?: Partial<Record<"cloudWatch" | "prometheus" | Exporter, string>>;
}

/** A number in the signal's unit, or one that follows from the team's thresholds and the size of what is watched. */
export type Limit = number | ((thresholds: Thresholds, capacity: Readonly<Record<string, number>>) => number);

/** Whose metrics a source is seen by: the identifier `exporter` of a Prometheus source names one. */
export type Exporter =
  | "application"
  | "pgbackrest"
  | "cloudnative-pg"
  | "redis-exporter"
  | "kubernetes"
  | "job"
  | "node"
  | "nginx"
  | "blackbox";

export interface CloudWatchMetric {
  /** Where it is a source's own, the identifier `Namespace` takes its place. */
  readonly namespace: string;
  /** Names of the identifiers that become dimensions. */
  readonly dimensions: readonly string[];
  /** One metric, or several under short names for `expression`. */
  readonly metrics: Readonly<Record<string, CloudWatchStatistic>>;
  /** Metric math over the short names; `$name` stands for a capacity of the source. Default: the only metric. */
  readonly expression?: string;
  /** Unit of CloudWatch's own metric where it differs: the limit is multiplied by this. Default: 1. */
  readonly scale?: number;
  /** What silence means. Default: `notBreaching`. */
  readonly missing?: "breaching" | "notBreaching";
  /** Seconds that one data point stands for. Default: 60. */
  readonly periodSeconds?: number;
  /** Where the metric lives. CloudFront reports to us-east-1 alone. Default: the stack's region. */
  readonly region?: "us-east-1";
}

export interface CloudWatchStatistic {
  readonly name: string;
  readonly statistic: string;
  /** Identifiers to take for a dimension instead of the one of its name. */
  readonly identifiers?: Readonly<Record<string, string>>;
}

const saturation: Limit = (thresholds) => thresholds.saturationPercent;
const gigabyte = 1024 ** 3;

/** In percent of all requests; what no replica could answer is the load balancer's own. */
const loadBalancerErrors: CloudWatchMetric = {
  namespace: "AWS/ApplicationELB",
  dimensions: ["LoadBalancer"],
  metrics: {
    requests: { name: "RequestCount", statistic: "Sum" },
    target: { name: "HTTPCode_Target_5XX_Count", statistic: "Sum" },
    balancer: { name: "HTTPCode_ELB_5XX_Count", statistic: "Sum" },
  },
  expression: "100 * (FILL(target, 0) + FILL(balancer, 0)) / requests",
};

/** Of all servers of an Aurora cluster together, whichever is the writer. */
const ofCluster = (metrics: CloudWatchMetric["metrics"]): CloudWatchMetric => ({
  namespace: "AWS/RDS",
  dimensions: ["DBClusterIdentifier"],
  metrics,
});
const onlyAurora = { prometheus: "Aurora is on AWS alone, where CloudWatch watches it" } as const;

export const signals: readonly Signal[] = [
  {
    id: "errors",
    title: "5xx responses",
    alarm: "High error rate",
    of: "ingress",
    severity: "page",
    runbook: "Look at the newest errors in the logs; if a release went out just now, roll it back first.",
    forMinutes: 3,
    unit: "percent",
    above: (thresholds) => thresholds.errorPercent,
    cloudWatch: loadBalancerErrors,
    prometheus: { application: errorPercent('job="$job"', "5m") },
  },
  {
    id: "error-budget",
    title: "5xx responses in six hours",
    alarm: "Error budget burns",
    of: "ingress",
    severity: "ticket",
    runbook:
      "Fewer errors than the alarm of the minute takes notice of, and for hours: at this rate the month's error budget is gone in five days. Look which route they come from.",
    // The window is in the query.
    forMinutes: 15,
    unit: "percent",
    // Six times the budget, which is a tenth of what is a page: 99.9 % of requests at the default.
    // https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
    above: (thresholds) => 0.6 * thresholds.errorPercent,
    cloudWatch: { ...loadBalancerErrors, periodSeconds: 21_600 },
    prometheus: { application: errorPercent('job="$job"', "6h") },
  },
  {
    id: "latency",
    title: "Response time, 95th percentile",
    alarm: "Slow responses",
    of: "ingress",
    severity: "page",
    runbook: "Compare with database and CPU on the dashboard; slow dependencies show in /api/ready.",
    forMinutes: 5,
    unit: "milliseconds",
    above: (thresholds) => thresholds.p95Milliseconds,
    cloudWatch: {
      namespace: "AWS/ApplicationELB",
      dimensions: ["LoadBalancer"],
      metrics: { p95: { name: "TargetResponseTime", statistic: "p95" } },
      scale: 0.001,
    },
    prometheus: { application: `1000 * ${p95Seconds('job="$job"', "5m")}` },
  },
  {
    id: "replicas",
    title: "Healthy replicas",
    alarm: "Too few healthy replicas",
    of: "service",
    severity: "page",
    runbook: "Nobody answers, or one replica alone is left of several. Read why the others stopped in the logs.",
    forMinutes: 2,
    unit: "count",
    below: (_, capacity) => Math.max(1, Math.ceil((capacity["minReplicas"] ?? 1) / 2)),
    cloudWatch: {
      namespace: "AWS/ApplicationELB",
      dimensions: ["LoadBalancer", "TargetGroup"],
      // After a blue-green release the replicas are in the other target group.
      metrics: {
        primary: { name: "HealthyHostCount", statistic: "Minimum" },
        alternate: {
          name: "HealthyHostCount",
          statistic: "Minimum",
          identifiers: { TargetGroup: "AlternateTargetGroup" },
        },
      },
      expression: "MAX([FILL(primary, 0), FILL(alternate, 0)])",
      missing: "breaching",
    },
    prometheus: { application: 'sum(up{job="$job"}) or vector(0)' },
  },
  {
    id: "cpu",
    title: "Service CPU",
    alarm: "High service CPU",
    of: "service",
    severity: "ticket",
    runbook: "Scaling has reached its end: raise service.maxReplicas, or service.cpuMillis.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/ECS",
      dimensions: ["ClusterName", "ServiceName"],
      metrics: { cpu: { name: "CPUUtilization", statistic: "Average" } },
    },
    prometheus: {
      application: '100 * avg(rate(process_cpu_seconds_total{job="$job"}[5m])) / $cpus',
    },
  },
  {
    id: "memory",
    title: "Service memory",
    alarm: "High service memory",
    of: "service",
    severity: "ticket",
    runbook: "Replicas are killed when they pass their limit: raise service.memoryMb, then look for a leak.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/ECS",
      dimensions: ["ClusterName", "ServiceName"],
      metrics: { memory: { name: "MemoryUtilization", statistic: "Maximum" } },
    },
    prometheus: {
      application: '100 * max(process_resident_memory_bytes{job="$job"}) / $memoryBytes',
    },
  },
  {
    id: "worker-replicas",
    title: "Running worker replicas",
    alarm: "Too few worker replicas",
    of: "worker",
    severity: "page",
    runbook: "Its work waits. Read in its logs why it ended; if a release went out just now, roll it back.",
    forMinutes: 5,
    unit: "count",
    below: (_, capacity) => Math.max(1, Math.ceil((capacity["minReplicas"] ?? 1) / 2)),
    cloudWatch: {
      namespace: "ECS/ContainerInsights",
      dimensions: ["ClusterName", "ServiceName"],
      metrics: { running: { name: "RunningTaskCount", statistic: "Minimum" } },
      missing: "breaching",
    },
    prometheus: {
      kubernetes:
        'max(kube_deployment_status_replicas_available{namespace="$namespace",deployment="$workload"}) or vector(0)',
    },
    absent: { application: "Docker starts a worker that ended again, and no exporter says how often" },
  },
  {
    id: "worker-memory",
    title: "Worker memory",
    alarm: "High worker memory",
    of: "worker",
    severity: "ticket",
    runbook: "Replicas are killed when they pass their limit: raise memoryMb of the worker, then look for a leak.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/ECS",
      dimensions: ["ClusterName", "ServiceName"],
      metrics: { memory: { name: "MemoryUtilization", statistic: "Maximum" } },
    },
    prometheus: {
      kubernetes:
        '100 * max(container_memory_working_set_bytes{namespace="$namespace",pod=~"$workload-[0-9a-f]+-[0-9a-z]+",container="worker"} / on (pod) group_left kube_pod_container_resource_limits{namespace="$namespace",container="worker",resource="memory"})',
    },
    absent: { application: "Docker kills a worker at its limit, and no exporter says how near it is" },
  },
  {
    id: "job-failed",
    title: "Failed job runs",
    alarm: "Job failed",
    of: "job",
    severity: "ticket",
    runbook:
      "The run is not repeated before the next is due. Read its log, then start it by the command in the output jobs.",
    forMinutes: 1,
    unit: "count",
    above: 0,
    cloudWatch: {
      namespace: "AWS/Events",
      dimensions: ["RuleName"],
      metrics: { failed: { name: "MatchedEvents", statistic: "Sum" } },
    },
    prometheus: {
      kubernetes: 'sum(kube_job_failed{namespace="$namespace",job_name=~"$workload-[0-9]+",condition="true"})',
      job: 'count(slipway_job_exit_code{job="$job"} != 0)',
    },
  },
  {
    id: "errors-logged",
    title: "Errors in the log",
    alarm: "Errors are logged",
    of: "log",
    severity: "ticket",
    runbook:
      "Something fails that answers no 5xx: a page that had begun, a background task, the cache. Search the log for the levels error and fatal; each line has its route and request.",
    forMinutes: 10,
    unit: "count",
    // In five minutes, twice in a row: one visitor who reloads is no trouble.
    above: 10,
    cloudWatch: {
      namespace: "Slipway",
      dimensions: [],
      metrics: { logged: { name: "ErrorsLogged", statistic: "Sum" } },
      periodSeconds: 300,
    },
    absent: { prometheus: "logs are the collector's; errors that a visitor meets are counted as 5xx responses" },
  },
  {
    id: "database-cpu",
    title: "Database CPU",
    alarm: "High database CPU",
    of: "database",
    severity: "ticket",
    runbook: "Look for a slow query first; a larger size is the second answer.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/RDS",
      dimensions: ["DBInstanceIdentifier"],
      metrics: { cpu: { name: "CPUUtilization", statistic: "Average" } },
    },
    prometheus: {
      "cloudnative-pg":
        '100 * max(rate(container_cpu_usage_seconds_total{namespace="$namespace",pod=~"$cluster-[0-9]+",container="postgres"}[5m])) / $cpus',
    },
    absent: { application: "the application sees waiting connections, not the server's CPU" },
  },
  {
    id: "database-connections",
    title: "Database connections",
    alarm: "Database connections nearly exhausted",
    of: "database",
    severity: "page",
    runbook: "New requests will wait or fail. Look for a leak or a long transaction; lower the pool or raise the size.",
    forMinutes: 5,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/RDS",
      dimensions: ["DBInstanceIdentifier"],
      metrics: { connections: { name: "DatabaseConnections", statistic: "Maximum" } },
      expression: "100 * connections / $maxConnections",
    },
    prometheus: {
      "cloudnative-pg":
        'max(100 * sum by (pod) (cnpg_backends_total{namespace="$namespace",cluster="$cluster"}) / on (pod) max by (pod) (cnpg_pg_settings_setting{namespace="$namespace",cluster="$cluster",name="max_connections"}))',
      application:
        '100 * max(sum by (pool) (db_pool_connections{job="$job",state="busy"}) / sum by (pool) (db_pool_limit{job="$job"}))',
    },
  },
  {
    id: "database-storage",
    title: "Free database storage",
    alarm: "Low database storage",
    of: "database",
    severity: "page",
    runbook:
      "A full disk stops writes, and it has not grown by itself: it may be at its maximum, or have grown within six hours. Raise database.storageGb; look for a table or a log that grows.",
    forMinutes: 10,
    unit: "bytes",
    // RDS grows storage that has a tenth left for five minutes: what is less than half of that, it does not help.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    below: (_, { storageGb = 20, maxStorageGb = storageGb }) =>
      (maxStorageGb > storageGb ? 0.05 : 0.15) * storageGb * gigabyte,
    cloudWatch: {
      namespace: "AWS/RDS",
      dimensions: ["DBInstanceIdentifier"],
      metrics: { free: { name: "FreeStorageSpace", statistic: "Minimum" } },
    },
    prometheus: {
      "cloudnative-pg":
        'min(kubelet_volume_stats_available_bytes{namespace="$namespace",persistentvolumeclaim=~"$cluster-[0-9]+"})',
    },
    absent: { application: "the disk is the host's own: watch it where the host is watched" },
  },
  {
    id: "database-errors",
    title: "Failed database calls",
    alarm: "Database calls fail",
    of: "database",
    severity: "page",
    runbook:
      "The application cannot reach the database, or it refuses. /api/ready says which; look at the server's log.",
    forMinutes: 3,
    unit: "count",
    above: 1,
    prometheus: {
      application: '60 * sum(rate(db_errors_total{job="$job"}[5m]))',
      "cloudnative-pg": '60 * sum(rate(db_errors_total{namespace="$namespace"}[5m]))',
    },
    absent: { cloudWatch: "failed calls surface as 5xx at the load balancer, which is watched" },
  },
  {
    id: "backup-age",
    title: "Age of the newest backup",
    alarm: "Backups have stopped",
    of: "database",
    severity: "ticket",
    runbook: "Backups have stopped. Read the log of the last one; until it works, a loss costs everything since then.",
    forMinutes: 30,
    unit: "seconds",
    above: 26 * 3600,
    prometheus: {
      "cloudnative-pg":
        'time() - max(barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="$namespace",cluster="$cluster"})',
    },
    absent: {
      cloudWatch: "RDS has no metric for it: aws-backup-alarm.ts counts its backup events instead",
      application: "the application does not see backups; the backup container does: base-backup-age",
    },
  },
  {
    id: "base-backup-age",
    title: "Age of the newest base backup",
    alarm: "Base backups have stopped",
    of: "backup",
    severity: "ticket",
    runbook:
      "Base backups have stopped. Read the log of the backup container; the log of the database is still archived.",
    forMinutes: 30,
    unit: "seconds",
    above: 26 * 3600,
    prometheus: { pgbackrest: 'time() - min(slipway_backup_last_base_timestamp_seconds{job="$job"})' },
    absent: {
      application: "CloudNativePG has its own figures, and `slipway status` says when a backup was restored",
      cloudWatch: "RDS backs itself up, and its backup events are counted",
    },
  },
  {
    id: "backup-archive",
    title: "Age of what is not archived",
    alarm: "The database's log is not archived",
    of: "backup",
    severity: "page",
    runbook:
      "The loss of the host now costs everything since. slipway status says how much waits; the log of the backup container says why. It waits on the host's disk, until that is full.",
    forMinutes: 5,
    unit: "seconds",
    above: (_, capacity) => Math.max(300, 2 * (capacity["recoveryPointSeconds"] ?? 60)),
    prometheus: { pgbackrest: 'max(slipway_backup_archive_waiting_seconds{job="$job"})' },
    absent: {
      application: "CloudNativePG has its own figures, and `slipway status` says when a backup was restored",
      cloudWatch: "RDS archives its own log",
    },
  },
  {
    id: "backup-exporter",
    title: "Backup containers that answer",
    alarm: "The backup container is down",
    of: "backup",
    severity: "page",
    runbook: "Nothing is archived while it is down. Read its log; pulumi up starts it again.",
    forMinutes: 10,
    unit: "count",
    below: 1,
    prometheus: { pgbackrest: 'min(up{job="$job"}) or vector(0)' },
    absent: {
      application: "CloudNativePG has its own figures, and `slipway status` says when a backup was restored",
      cloudWatch: "RDS backs itself up",
    },
  },
  {
    id: "backup-job-failed",
    title: "Failed backups and copies",
    alarm: "Backup or its copy failed",
    of: "backup-plan",
    severity: "ticket",
    runbook:
      "A backup, or its copy to another vault, was not made, and is not tried again before the next is due. AWS Backup › Jobs has the reason: often a key, the other vault's access policy or lock, or RDS's own window.",
    forMinutes: 1,
    unit: "count",
    above: 0,
    cloudWatch: {
      namespace: "AWS/Events",
      dimensions: ["RuleName"],
      metrics: { failed: { name: "MatchedEvents", statistic: "Sum" } },
    },
    absent: { prometheus: "only AWS Backup copies backups by a plan" },
  },
  {
    id: "restore-age",
    title: "Age of the last restored backup",
    alarm: "No backup was restored for too long",
    of: "backup",
    severity: "ticket",
    runbook: "A backup that nobody restores is a hope. slipway drill says what is wrong with it.",
    forMinutes: 60,
    unit: "seconds",
    above: (_, capacity) => (2 * (capacity["drillEveryDays"] ?? 7) + 1) * 86400,
    prometheus: {
      pgbackrest:
        'time() - max(slipway_backup_last_restored_timestamp_seconds{job="$job"} > 0 or slipway_backup_started_timestamp_seconds{job="$job"})',
    },
    absent: {
      application: "CloudNativePG has its own figures, and `slipway status` says when a backup was restored",
      cloudWatch: "slipway drill restores from outside of the account's metrics; slipway status says when",
    },
  },
  {
    id: "replica-lag",
    title: "Replica lag",
    alarm: "High replica lag",
    of: "database-replica",
    severity: "page",
    runbook: "Readers see old data. Look for a long query on the replica or a burst of writes.",
    forMinutes: 5,
    unit: "seconds",
    above: 30,
    cloudWatch: {
      namespace: "AWS/RDS",
      dimensions: ["DBInstanceIdentifier"],
      metrics: { lag: { name: "ReplicaLag", statistic: "Maximum" } },
    },
    prometheus: {
      "cloudnative-pg": 'max(cnpg_pg_replication_lag{namespace="$namespace",pod=~"$cluster-[0-9]+"})',
    },
    absent: { application: "one host has no read replica" },
  },
  {
    id: "aurora-capacity",
    title: "Capacity in use",
    alarm: "Aurora is near its maximum capacity",
    of: "database-cluster",
    severity: "ticket",
    runbook:
      "It grows no further than database.maxAcu, and then it is slow. Look for a slow query first; raise database.maxAcu, which takes effect without a restart.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    // Of the maximum: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
    cloudWatch: ofCluster({ used: { name: "ACUUtilization", statistic: "Maximum" } }),
    absent: onlyAurora,
  },
  {
    id: "aurora-cpu",
    title: "Cluster CPU",
    alarm: "High CPU of Aurora",
    of: "database-cluster",
    severity: "ticket",
    runbook: "Look for a slow query first; a higher database.maxAcu is the second answer.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: ofCluster({ cpu: { name: "CPUUtilization", statistic: "Maximum" } }),
    absent: onlyAurora,
  },
  {
    id: "aurora-connections",
    title: "Cluster connections",
    alarm: "Connections of Aurora nearly exhausted",
    of: "database-cluster",
    severity: "page",
    runbook:
      "New requests will wait or fail. Look for a leak or a long transaction; lower the pool. The limit follows database.maxAcu, and is 2000 where database.minAcu is 0 or 0.5.",
    forMinutes: 5,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      ...ofCluster({ connections: { name: "DatabaseConnections", statistic: "Maximum" } }),
      expression: "100 * connections / $maxConnections",
    },
    absent: onlyAurora,
  },
  {
    id: "aurora-replica-lag",
    title: "Reader lag",
    alarm: "High lag of a reader",
    of: "database-cluster",
    severity: "page",
    runbook: "Readers see old data. Look for a long query on a reader or a burst of writes.",
    forMinutes: 5,
    unit: "seconds",
    // They share the storage: as a rule it is far less than a second.
    above: 10,
    cloudWatch: { ...ofCluster({ lag: { name: "AuroraReplicaLag", statistic: "Maximum" } }), scale: 1000 },
    absent: onlyAurora,
  },
  {
    id: "cache-down",
    title: "Cache availability",
    alarm: "Cache is down",
    of: "cache",
    severity: "page",
    runbook:
      "The site serves uncached, slower. Look at the cache's own log; it recovers without a restart of the site.",
    forMinutes: 3,
    unit: "count",
    below: 1,
    prometheus: {
      application: 'min(cache_up{job="$job"})',
      "redis-exporter": 'min(redis_up{namespace="$namespace",job="$job"})',
    },
    absent: { cloudWatch: "ElastiCache replaces a lost node itself; memory and CPU are watched" },
  },
  {
    id: "cache-memory",
    title: "Cache memory",
    alarm: "High cache memory",
    of: "cache",
    severity: "ticket",
    runbook: "Entries leave before their time. Raise cache.memoryMb, or lower CACHE_TTL.",
    forMinutes: 30,
    unit: "percent",
    above: (thresholds) => Math.max(thresholds.saturationPercent, 90),
    cloudWatch: {
      namespace: "AWS/ElastiCache",
      dimensions: ["CacheClusterId"],
      metrics: { memory: { name: "DatabaseMemoryUsagePercentage", statistic: "Maximum" } },
    },
    prometheus: {
      "redis-exporter":
        '100 * max(redis_memory_used_bytes{namespace="$namespace",job="$job"} / redis_memory_max_bytes{namespace="$namespace",job="$job"})',
    },
    absent: { application: "the application sees hits and misses, not the server's memory" },
  },
  {
    id: "cache-cpu",
    title: "Cache CPU",
    alarm: "High cache CPU",
    of: "cache",
    severity: "ticket",
    runbook: "One busy thread limits every request. Look for large keys; then a larger node.",
    forMinutes: 15,
    unit: "percent",
    above: saturation,
    cloudWatch: {
      namespace: "AWS/ElastiCache",
      dimensions: ["CacheClusterId"],
      metrics: { cpu: { name: "EngineCPUUtilization", statistic: "Maximum" } },
    },
    prometheus: {
      "redis-exporter":
        '100 * max(sum by (instance) (rate(redis_cpu_sys_seconds_total{namespace="$namespace",job="$job"}[5m]) + rate(redis_cpu_user_seconds_total{namespace="$namespace",job="$job"}[5m])))',
    },
    absent: { application: "the application sees the cache's latency, not its CPU" },
  },
  {
    id: "cdn-errors",
    title: "5xx responses of the CDN",
    alarm: "High error rate at the CDN",
    of: "cdn",
    severity: "page",
    runbook: "Browsers see errors. If the ingress is well, look at the CDN's own status and its origin settings.",
    forMinutes: 5,
    unit: "percent",
    above: (thresholds) => thresholds.errorPercent,
    cloudWatch: {
      namespace: "AWS/CloudFront",
      dimensions: ["DistributionId", "Region"],
      metrics: { errors: { name: "5xxErrorRate", statistic: "Average" } },
      region: "us-east-1",
    },
    absent: { prometheus: "only CloudFront is a CDN of its own here, and CloudWatch has its metrics" },
  },
  {
    id: "release-degraded",
    title: "Degraded releases",
    alarm: "Release was rolled back",
    of: "release",
    severity: "ticket",
    runbook:
      "The previous release serves. kubectl get analysisruns says what judged it; then release a fix, or the previous image.",
    forMinutes: 1,
    unit: "count",
    above: 0,
    prometheus: {
      // The namespace is a label of the controller's too: Prometheus renames the metric's own where it keeps both.
      kubernetes:
        'count(rollout_info{exported_namespace="$namespace",name="$workload",phase="Degraded"} or rollout_info{namespace="$namespace",name="$workload",phase="Degraded"})',
    },
    absent: {
      cloudWatch: "a release that ECS returns fails the command, and EventBridge has the event",
      application: "a rolling release that fails, fails the command that made it",
    },
  },
  {
    id: "certificate-expiry",
    title: "Days until the certificate expires",
    alarm: "Certificate expires soon",
    of: "certificate",
    severity: "ticket",
    runbook: "Renewal has failed. Check the validation record in DNS, or the issuer's log.",
    forMinutes: 60,
    unit: "days",
    below: 14,
    cloudWatch: {
      namespace: "AWS/CertificateManager",
      dimensions: ["CertificateArn"],
      metrics: { days: { name: "DaysToExpiry", statistic: "Minimum" } },
      periodSeconds: 86400,
    },
    prometheus: {
      kubernetes:
        '(min(certmanager_certificate_expiration_timestamp_seconds{namespace="$namespace",name="$certificate"}) - time()) / 86400',
      blackbox: '(min(probe_ssl_earliest_cert_expiry{job="$job"}) - time()) / 86400',
    },
    absent: { application: "one host with docker.exporters off: the log of its ACME client says when a renewal fails" },
  },
  ...hostSignals,
];
