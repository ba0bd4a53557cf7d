import { isUnknown, type Plan, type PlanResource, type PlanValue } from "../../../plan/plan";
import { withLeaves } from "../../../plan/leaves";
import { type Change, lessThanBefore, type PropertyRow, type ResourceRow, shown } from "./row";

const lifecycle = /^aws:s3\/(bucketLifecycleConfiguration(V2)?|bucket(V2)?):/;
const expiry = /^(rules|lifecycleRules)\[.*(e|E)xpirations?(\[\d+\])?\.(days|noncurrentDays)$/;
const expiration = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html";

const turnedOn = ({ before, after }: Change) => before !== true && after === true;

/** The rules stand in a resource of their own, or in the bucket. */
const expiryAdded = (id: string, property: "rules" | "lifecycleRules"): PropertyRow => ({
  id,
  type: lifecycle,
  property,
  when: ({ path, before, after }) => expiry.test(path) && before === undefined && after !== undefined,
  severity: "data",
  message: ({ after }) => `Objects older than ${shown(after)} days are deleted, those that exist among them.`,
  remedy: "Limit the rule by a prefix, or copy what may be needed.",
  link: expiration,
});

/** What EBS, FSx, DynamoDB, S3, KMS, SQS and Kinesis make of a change. */
export const storageRows: readonly PropertyRow[] = [
  {
    id: "ebs-volume-shrinks",
    type: /^aws:ebs\/volume:Volume$/,
    property: "size",
    when: lessThanBefore,
    severity: "refused",
    message: ({ before, after }) => `An EBS volume cannot shrink from ${shown(before)} to ${shown(after)} GiB.`,
    remedy: "Copy the data to a new, smaller volume.",
    link: "https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html",
  },
  {
    id: "fsx-storage-shrinks",
    type: /^aws:fsx\/(windows|lustre|openZfs)FileSystem:/,
    property: "storageCapacity",
    when: lessThanBefore,
    severity: "refused",
    message: ({ before, after }) => `The file system cannot shrink from ${shown(before)} to ${shown(after)} GiB.`,
    remedy: "Copy the data to a new, smaller file system.",
    link: "https://docs.aws.amazon.com/fsx/latest/APIReference/API_UpdateFileSystem.html",
  },
  {
    id: "dynamodb-ttl-on",
    type: /^aws:dynamodb\/table:Table$/,
    property: "ttl.enabled",
    when: turnedOn,
    severity: "data",
    message: () => "Items whose time has passed already are deleted within a few days.",
    remedy: "Look for items with a time in the past first.",
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
  },
  expiryAdded("s3-expiry-added", "rules"),
  expiryAdded("s3-inline-expiry-added", "lifecycleRules"),
  {
    id: "kms-key-disabled",
    type: /^aws:kms\/(key|replicaKey):/,
    property: "isEnabled",
    when: ({ after }) => after === false,
    severity: "outage",
    lasts: "hours",
    message: () => "What is encrypted with the key cannot be read or written until it is enabled again.",
    remedy: "Look at the key's last use in CloudTrail first.",
    link: "https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
  },
  {
    id: "sqs-retention-shortened",
    type: /^aws:sqs\/queue:Queue$/,
    property: "messageRetentionSeconds",
    when: lessThanBefore,
    severity: "data",
    message: ({ after }) => `Messages that have waited for longer than ${shown(after)} seconds are deleted.`,
    remedy: "Let the consumers catch up first.",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
  },
  {
    id: "kinesis-retention-shortened",
    type: /^aws:kinesis\/stream:Stream$/,
    property: "retentionPeriod",
    when: lessThanBefore,
    severity: "data",
    message: ({ after }) => `Records older than ${shown(after)} hours can no longer be read.`,
    remedy: "Let the consumers catch up first.",
    link: "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html",
  },
];

/** What comes to a bucket that is there. */
export const storageResources: readonly ResourceRow[] = [
  {
    id: "s3-expiry-comes",
    type: /^aws:s3\/bucketLifecycleConfiguration(V2)?:/,
    operation: ["create"],
    when: (resource, plan) => expiries(resource).length > 0 && !isOfNewBucket(resource, plan),
    severity: "data",
    message: (resource) =>
      `Objects older than ${expiries(resource).map(shown).join(" or ")} days are deleted, those that exist among them.`,
    remedy: "Limit the rule by a prefix, or copy what may be needed.",
    link: expiration,
  },
];

function expiries({ inputs }: PlanResource): PlanValue[] {
  const rules = withLeaves([{ path: "rules", kind: "add", after: inputs["rules"] ?? [], forcesReplacement: false }]);
  return rules.flatMap(({ path, after }) => (expiry.test(path) && after !== undefined ? [after] : []));
}

function isOfNewBucket({ inputs }: PlanResource, { resources }: Plan): boolean {
  const bucket = inputs["bucket"];
  const names = bucket !== undefined && isUnknown(bucket) ? bucket.$unknown : [];
  return resources.some(
    ({ urn, operation }) => operation === "create" && names.some((name) => name.startsWith(`${urn}#`)),
  );
}
