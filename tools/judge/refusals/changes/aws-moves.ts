import { isUnknown, type Plan, type PlanResource, type PlanValue } from "../../../plan/plan";
import { documentation } from "../../../../components/shared/documentation";
import { type Change, lessThanBefore, type PropertyRow, type ResourceRow, shown } from "./row";

const subnetGroup = /^aws:(rds|elasticache)\/subnetGroup:SubnetGroup$/;
const cache = /^aws:elasticache\/replicationGroup:ReplicationGroup$/;
const cacheGuide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";

const known = (value: PlanValue | undefined): value is string => typeof value === "string";
/** From one place that is known to another: a VPC that the plan itself makes has rows of its own. */
const movesTo = ({ before, after }: Change) => known(before) && known(after) && before !== after;

/** Every member is another one, and all are known. */
function allExchanged({ resource, path }: Change): boolean {
  const list = resource.inputs["subnetIds"];
  const changed = (resource.changes ?? []).filter((one) => /^subnetIds\[\d+\]$/.test(one.path));
  const members = changed.filter(({ before, after }) => known(before) && known(after)).length;
  return path !== "subnetIds" && Array.isArray(list) && list.length > 0 && members >= list.length;
}

/** What it means that something moves: to another VPC, another hosted zone, another engine. */
export const moveRows: readonly PropertyRow[] = [
  {
    id: "security-group-vpc",
    type: /^aws:ec2\/securityGroup:SecurityGroup$/,
    property: "vpcId",
    when: movesTo,
    severity: "refused",
    message: ({ before, after }) =>
      `It is made anew in ${shown(after)}, and what runs in ${shown(before)} takes no group of another VPC: \`InvalidGroup.NotFound\`.`,
    remedy: "Make a second stack in the other VPC, restore the database there, and switch the domain over.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
  },
  {
    id: "vpc-ipv6-off",
    type: /^aws:ec2\/vpc:Vpc$/,
    property: "assignGeneratedIpv6CidrBlock",
    when: ({ before, after }) => before === true && after !== true,
    severity: "refused",
    message: () => "The IPv6 range cannot leave while subnets and a load balancer have addresses of it.",
    remedy:
      "Keep it, it is free; or first set the load balancer to ipv4 and take the ranges from its subnets with the AWS CLI.",
    link: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html",
  },
  {
    id: "target-group-vpc",
    type: /^aws:(lb|alb)\/targetGroup:TargetGroup$/,
    property: "vpcId",
    when: movesTo,
    severity: "refused",
    message: ({ before }) => `A target group of another VPC does not go with a load balancer in ${shown(before)}.`,
    remedy: "Make a second stack in the other VPC, and switch the domain over.",
    link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
  },
  {
    id: "subnet-group-exchanged",
    type: subnetGroup,
    property: "subnetIds",
    when: allExchanged,
    severity: "refused",
    message: () => "None of its subnets stays: one in which a server is cannot leave, and all are of one VPC.",
    remedy: "Add the new subnets first; into another VPC, restore a snapshot and switch the application over.",
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html",
  },
  {
    id: "dns-record-zone",
    type: /^aws:route53\/record:Record$/,
    property: "zoneId",
    when: (change) => movesTo(change) && isAddress(change.resource),
    severity: "outage",
    lasts: "hours",
    message: ({ before, resource }) =>
      `${shown(resource.inputs["name"])} is deleted from the zone ${shown(before)}: visitors whom the registrar still sends there find nothing.`,
    remedy:
      "Let both zones answer until the registrar's change has been everywhere, two days, then delete the old records.",
    link: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-migrating.html",
  },
  {
    id: "elasticache-back-to-redis",
    type: cache,
    property: "engine",
    when: ({ before, after }) => before === "valkey" && after !== "valkey",
    severity: "refused",
    message: ({ after }) => `ElastiCache does not go back from Valkey to ${shown(after)}.`,
    remedy: "Make another cache and switch the application over: it fills by itself.",
    link: `${cacheGuide}/VersionManagement.HowTo.html`,
  },
  {
    id: "elasticache-tls-off",
    type: cache,
    property: "transitEncryptionEnabled",
    when: ({ before, after, resource }) =>
      before === true &&
      after !== true &&
      !(after !== undefined && isUnknown(after)) &&
      !(resource.changes ?? []).some((one) => one.path === "transitEncryptionMode" && one.before === "preferred"),
    severity: "refused",
    message: () => "TLS cannot be switched off while it is required.",
    remedy: "Set transitEncryptionMode to preferred in an update of its own first; better, keep TLS.",
    link: `${cacheGuide}/in-transit-encryption-disable.html`,
  },
  {
    id: "rds-iops",
    type: /^aws:rds\/instance:Instance$/,
    property: "iops",
    when: ({ before, after }) => typeof before === "number" && typeof after === "number",
    severity: "harmless",
    message: (change) =>
      `${lessThanBefore(change) ? "Fewer" : "More"} IOPS without an outage; for six hours, or until the storage is optimised, it cannot be changed again.`,
    remedy: "Nothing to do.",
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html",
  },
];

/** Names that visitors ask for, and not those with which ACM validates. */
const isAddress = ({ inputs: { name } }: PlanResource) => known(name) && !name.startsWith("_");

/** A NAT gateway, or an instance that passes on what is not its own. */
const passesOn = ({ inputs, type }: PlanResource) =>
  type === "aws:ec2/natGateway:NatGateway" ||
  (type === "aws:ec2/instance:Instance" && inputs["sourceDestCheck"] === false);

const anotherStays = ({ urn }: PlanResource, { resources }: Plan) =>
  resources.some((other) => other.urn !== urn && other.operation !== "delete" && passesOn(other));

export const moveResources: readonly ResourceRow[] = [
  {
    id: "nat-goes",
    type: /^aws:ec2\/(natGateway:NatGateway|instance:Instance)$/,
    operation: ["delete", "replace"],
    when: (resource, plan) => passesOn(resource) && (resource.operation === "replace" || anotherStays(resource, plan)),
    severity: "outage",
    lasts: "seconds",
    message: () => "Connections from the application to the internet break, and come from another address afterwards.",
    remedy: "Tell those who allow your address; release at a quiet hour.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html",
  },
  {
    id: "nat-gone",
    type: /^aws:ec2\/(natGateway:NatGateway|instance:Instance)$/,
    operation: ["delete"],
    when: (resource, plan) => passesOn(resource) && !anotherStays(resource, plan),
    severity: "outage",
    lasts: "hours",
    message: () =>
      "Nothing leads from the private subnets to the internet any more: calls to others fail, and so do pulls of images from outside.",
    remedy: `Keep one, or make sure that endpoints lead to all that the application calls: ${documentation("aws.md#what-it-costs")}.`,
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  },
];
