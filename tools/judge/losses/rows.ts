import type { PlanValue } from "../../plan/plan";

export type Inputs = Readonly<Record<string, PlanValue>>;

/** What a type of resource holds, and what becomes of it. */
export interface LossRow {
  readonly type: RegExp;
  /** What is in it. */
  readonly holds: string;
  /** What is said behind it of how it ends; with its own punctuation. */
  readonly ends?: (inputs: Inputs) => string;
  /** Default: any. */
  readonly when?: (inputs: Inputs) => boolean;
  /** Nothing reads it that would start on an empty one: a key, a log. */
  readonly unread?: true;
}

/** The gravest first: what nobody can make again, then what opens it, then what fills itself. */
export const losses: readonly LossRow[] = [
  { type: /^aws:rds\/(instance|cluster|globalCluster):/, holds: "all data", ends: finalSnapshot },
  { type: /^aws:(docdb|neptune|redshift)\/(cluster|globalCluster):/, holds: "all data", ends: finalSnapshot },
  {
    type: /^aws:(lightsail\/database|dsql\/cluster|docdb\/elasticCluster|memorydb\/cluster|neptunegraph\/graph|redshiftserverless\/namespace|qldb\/ledger|timestreaminfluxdb\/db(Cluster|Instance)|timestreamwrite\/(database|table)|keyspaces\/(keyspace|table)):/,
    holds: "all data",
  },
  {
    type: /^gcp:(sql\/databaseInstance|sql\/database|alloydb\/(cluster|instance)|spanner\/(instance|database)|bigtable\/instance|firestore\/database|bigquery\/(dataset|table)):/,
    holds: "all data",
  },
  {
    type: /^azure-native:(sql|dbforpostgresql|dbformysql|dbformariadb|documentdb)\b.*:(Server|Database|FlexibleServer|DatabaseAccount|ManagedInstance|SqlResource.*)$/,
    holds: "all data",
  },
  {
    type: /^azure:(mssql\/(server|database)|postgresql\/(flexibleServer|server)|mysql\/(flexibleServer|server)|cosmosdb\/account):/,
    holds: "all data",
  },
  { type: /^digitalocean:index\/databaseCluster:/, holds: "all data" },
  { type: /^mongodbatlas:index\/(advancedCluster|cluster|flexCluster|serverlessInstance):/, holds: "all data" },
  { type: /^kubernetes:postgresql\.cnpg\.io\/v1:Cluster$/, holds: "all data", ends: () => " since the last backup" },
  {
    type: /^kubernetes:(acid\.zalan\.do|mysql\.oracle\.com|k8s\.mariadb\.com|mongodbcommunity\.mongodb\.com|psmdb\.percona\.com|pxc\.percona\.com|pgv2\.percona\.com|postgres-operator\.crunchydata\.com|kafka\.strimzi\.io|elasticsearch\.k8s\.elastic\.co|rabbitmq\.com|redis\.redis\.opstreelabs\.in|clickhouse\.altinity\.com|minio\.min\.io|cassandra\.datastax\.com|ceph\.rook\.io)\/[^:]*:(?!.*(User|Topic|Binding|Policy|Backup|Restore|Schedule|Connector?|Bridge|Mirror.*)(List)?$)/,
    holds: "all data",
    ends: () => ", unless its operator keeps the volumes",
  },
  { type: /^aws:dynamodb\/(table|globalTable):/, holds: "every item of the table" },
  {
    type: /^aws:(opensearch|elasticsearch|cloudsearch)\/domain:/,
    holds: "every index",
    ends: () => " since the last snapshot",
  },
  {
    type: /^aws:opensearch\/serverlessCollection:|^aws:s3\/vectors(Index|VectorBucket):|^aws:kendra\/index:/,
    holds: "every index",
  },
  {
    type: /^aws:s3\/(bucket(V2)?|directoryBucket):/,
    holds: "every object",
    ends: ({ forceDestroy }) => (forceDestroy === true ? "" : ": AWS refuses while there are any"),
  },
  {
    type: /^aws:(s3tables\/(table|tableBucket|namespace)|lightsail\/bucket|s3control\/bucket|glacier\/vault):/,
    holds: "every object",
  },
  {
    type: /^(gcp:storage\/bucket|azure-native:storage\b.*:(StorageAccount|BlobContainer|FileShare)|azure:storage\/(account|container|share)|digitalocean:index\/spacesBucket|cloudflare:index\/(r2Bucket|d1Database|workersKvNamespace)):?/,
    holds: "everything stored in it",
  },
  { type: /^kubernetes:core\/v1:Namespace$/, holds: "everything in the namespace", ends: () => ", volumes included" },
  { type: /^docker:index\/volume:/, holds: "everything on the volume" },
  {
    type: /^kubernetes:core\/v1:PersistentVolume(Claim)?$/,
    holds: "everything on the volume",
    ends: () => ", unless its class retains it",
  },
  {
    type: /^kubernetes:apps\/v1:StatefulSet$/,
    holds: "everything on its volumes",
    ends: () => ": its claims are deleted with it, as `persistentVolumeClaimRetentionPolicy` says",
    when: (inputs) => claimsOf(inputs) === "deleted",
  },
  { type: /^aws:efs\/fileSystem:/, holds: "every file" },
  {
    type: /^aws:fsx\/(?!(.*Snapshot|dataRepositoryAssociation|backup):)/,
    holds: "every file",
    ends: () => " since the last backup",
  },
  {
    type: /^aws:(storagegateway\/(cachesIscsiVolume|storedIscsiVolume)|finspace\/(kxDatabase|kxVolume)|transfer\/server|workspaces\/workspace):/,
    holds: "every file in it",
  },
  {
    type: /^(aws:ebs\/volume|gcp:compute\/(disk|regionDisk)|azure-native:compute\b.*:Disk|azure:compute\/managedDisk|digitalocean:index\/volume|hcloud:index\/volume|linode:index\/volume):?/,
    holds: "everything on the volume",
  },
  { type: /^aws:(cognito\/userPool|directoryservice\/directory|identitystore\/user):/, holds: "every user account" },
  {
    type: /^aws:backup\/(vault|logicallyAirGappedVault):/,
    holds: "every recovery point in it",
    ends: ({ forceDestroy }) => (forceDestroy === true ? "" : ": AWS refuses while there are any"),
  },
  {
    type: /^aws:(rds|docdb|neptune|redshift|ebs|memorydb|redshiftserverless|elasticache)\/(snapshot|clusterSnapshot|dbSnapshot|snapshotCopy):|^aws:fsx\/(backup|openZfsSnapshot):/,
    holds: "the snapshot",
    unread: true,
  },
  {
    type: /^aws:kms\/(key|replicaKey|externalKey|customKeyStore):|^aws:cloudhsmv2\/cluster:/,
    holds: "everything encrypted with it",
    ends: ({ deletionWindowInDays }) => `, after ${days(deletionWindowInDays, 30)}`,
    unread: true,
  },
  {
    type: /^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/,
    holds: "every object of that kind in the cluster",
    unread: true,
  },
  {
    type: /^(aws:eks\/cluster|gcp:container\/cluster|azure-native:containerservice\b.*:ManagedCluster|digitalocean:index\/kubernetesCluster|eks:index):?/,
    holds: "everything that runs in the cluster",
  },
  {
    type: /^aws:secretsmanager\/secret:/,
    holds: "the secret",
    ends: ({ recoveryWindowInDays }) =>
      recoveryWindowInDays === 0 ? ", at once" : `, after ${days(recoveryWindowInDays, 30)}`,
  },
  { type: /^aws:ssm\/parameter:/, holds: "the value and its history", unread: true },
  {
    type: /^random:index\/random(Password|Bytes|String):/,
    holds: "the generated value",
    ends: () => ": what it opens gets a new one",
    unread: true,
  },
  {
    type: /^tls:index\/privateKey:/,
    holds: "the key",
    ends: () => ": what trusts it must be given the new one",
    unread: true,
  },
  {
    type: /^aws:route53\/zone:|^gcp:dns\/managedZone:|^cloudflare:index\/zone:/,
    holds: "every record",
    ends: () => ", and the name servers the registrar points at",
  },
  { type: /^aws:(codecommit|codeartifact)\/(repository|domain):/, holds: "everything in the repository" },
  { type: /^aws:(ecr|ecrpublic)\/repository:/, holds: "every image", ends: () => ", those to roll back to among them" },
  { type: /^aws:(sqs\/queue|mq\/broker):/, holds: "every message waiting", unread: true },
  {
    type: /^aws:(kinesis\/(stream|videoStream)|msk\/(cluster|serverlessCluster)):/,
    holds: "every record not read yet",
    unread: true,
  },
  {
    type: /^aws:(elasticache\/(replicationGroup|cluster|serverlessCache|globalReplicationGroup)|dax\/cluster):/,
    holds: "everything cached",
    ends: () => ": sessions, rate limits, queues",
  },
  {
    type: /^aws:ec2\/(instance|ami|amiFromInstance):|^aws:lightsail\/instance:|^gcp:compute\/instance:|^digitalocean:index\/droplet:|^hcloud:index\/server:/,
    holds: "everything on its root volume",
    unread: true,
  },
  {
    type: /^aws:(cloudwatch\/logGroup|cloudtrail\/eventDataStore):/,
    holds: "every log line kept so far",
    unread: true,
  },
  { type: /^aws:(amp|grafana)\/workspace:/, holds: "every metric and dashboard kept so far", unread: true },
];

/** What becomes of the claims of a StatefulSet that is deleted; undefined where it has none. */
export function claimsOf({ spec }: Inputs): "kept" | "deleted" | undefined {
  const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy: policy } = (spec ?? {}) as Inputs;
  if (!Array.isArray(volumeClaimTemplates) || volumeClaimTemplates.length === 0) return undefined;
  return ((policy ?? {}) as Inputs)["whenDeleted"] === "Delete" ? "deleted" : "kept";
}

function finalSnapshot({ skipFinalSnapshot }: Inputs): string {
  return skipFinalSnapshot === true ? ": no final snapshot is taken" : " since the final snapshot";
}

function days(value: PlanValue | undefined, otherwise: number): string {
  return `${typeof value === "number" ? value : otherwise} days`;
}
