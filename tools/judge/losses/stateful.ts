import type { PlanResource, PlanValue } from "../../plan/plan";

/** What is gone for good when the resource is deleted or replaced; undefined when nothing of value is. */
export function whatIsLost(resource: PlanResource): string | undefined {
  return losses.find(([type]) => type.test(resource.type))?.[1](resource.inputs);
}

/** For sorting: the smaller, the graver. */
export function graveness({ type }: PlanResource): number {
  const row = losses.findIndex(([pattern]) => pattern.test(type));
  return row === -1 ? losses.length : row;
}

/** Whether a new one is simply the next revision, so that replacing it is what a release does. */
export function isRevision({ type }: PlanResource): boolean {
  return revisions.test(type);
}

const revisions =
  /^(aws:ecs\/taskDefinition|aws:secretsmanager\/secretVersion|docker:index\/remoteImage|kubernetes:batch\/v1:Job|kubernetes:core\/v1:ConfigMap)\b/;

type Inputs = Readonly<Record<string, PlanValue>>;

/** The gravest first: what nobody can make again, then what opens it, then what fills itself. */
export const losses: readonly (readonly [RegExp, (inputs: Inputs) => string])[] = [
  [/^aws:rds\/(instance|cluster|globalCluster):/, afterFinalSnapshot("all data")],
  [/^aws:(docdb|neptune|redshift)\/cluster:/, afterFinalSnapshot("all data")],
  [/^kubernetes:postgresql\.cnpg\.io\/v1:Cluster$/, () => "all data since the last backup"],
  [/^aws:dynamodb\/(table|globalTable):/, () => "every item of the table"],
  [/^aws:opensearch\/domain:/, () => "every index since the last snapshot"],
  [
    /^aws:s3\/bucket(V2)?:/,
    ({ forceDestroy }) => (forceDestroy === true ? "every object" : "every object: AWS refuses while there are any"),
  ],
  [/^kubernetes:core\/v1:Namespace$/, () => "everything in the namespace, volumes included"],
  [/^docker:index\/volume:/, () => "everything on the volume"],
  [/^kubernetes:core\/v1:PersistentVolume(Claim)?$/, () => "everything on the volume, unless its class retains it"],
  [/^aws:efs\/fileSystem:/, () => "every file"],
  [/^aws:fsx\//, () => "every file since the last backup"],
  [/^aws:ebs\/volume:/, () => "everything on the volume"],
  [/^aws:cognito\/userPool:/, () => "every user account"],
  [/^aws:backup\/vault:/, () => "every recovery point in it"],
  [
    /^aws:kms\/key:/,
    ({ deletionWindowInDays }) => `everything encrypted with it, after ${days(deletionWindowInDays, 30)}`,
  ],
  [
    /^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/,
    () => "every object of that kind in the cluster",
  ],
  [
    /^aws:secretsmanager\/secret:/,
    ({ recoveryWindowInDays }) =>
      recoveryWindowInDays === 0 ? "the secret, at once" : `the secret, after ${days(recoveryWindowInDays, 30)}`,
  ],
  [/^aws:ssm\/parameter:/, () => "the value and its history"],
  [/^random:index\/random(Password|Bytes|String):/, () => "the generated value: what it opens gets a new one"],
  [/^tls:index\/privateKey:/, () => "the key: what trusts it must be given the new one"],
  [/^aws:route53\/zone:/, () => "every record, and the name servers the registrar points at"],
  [/^aws:ecr\/repository:/, () => "every image, those to roll back to among them"],
  [/^aws:sqs\/queue:/, () => "every message waiting"],
  [/^aws:kinesis\/stream:/, () => "every record not read yet"],
  [
    /^aws:elasticache\/(replicationGroup|cluster|serverlessCache):/,
    () => "everything cached: sessions, rate limits, queues",
  ],
  [/^aws:cloudwatch\/logGroup:/, () => "every log line kept so far"],
];

function afterFinalSnapshot(what: string) {
  return ({ skipFinalSnapshot }: Inputs) =>
    skipFinalSnapshot === true ? `${what}: no final snapshot is taken` : `${what} since the final snapshot`;
}

function days(value: PlanValue | undefined, otherwise: number): string {
  return `${typeof value === "number" ? value : otherwise} days`;
}
