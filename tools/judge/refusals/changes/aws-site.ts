import { isUnknown, type Plan, type PlanResource } from "../../../plan/plan";
import { type Change, type PropertyRow, type ResourceRow, shown } from "./row";
import { documentation } from "../../../../components/shared/documentation";

const elb = "https://docs.aws.amazon.com/elasticloadbalancing/latest";
const ecs = "https://docs.aws.amazon.com/AmazonECS/latest";
const loadBalancer = /^aws:(lb|alb)\/loadBalancer:LoadBalancer$/;
const targetGroup = /^aws:(lb|alb)\/targetGroup:TargetGroup$/;
const service = /^aws:ecs\/service:Service$/;
const subnet = /^aws:ec2\/subnet:Subnet$/;
const distribution = /^aws:cloudfront\/distribution:Distribution$/;

const backToRolling = ({ before, after }: Change) =>
  before !== undefined && before !== "ROLLING" && (after === undefined || after === "ROLLING");

const namesOf = ({ inputs: { aliases } }: PlanResource): readonly unknown[] => (Array.isArray(aliases) ? aliases : []);

/** What a change of routing, network and service does to visitors. */
export const siteRows: readonly PropertyRow[] = [
  {
    id: "alb-scheme",
    type: loadBalancer,
    property: "internal",
    severity: "refused",
    message: () =>
      "Another load balancer takes its place, and its target groups still belong to the old one: `TargetGroupAssociationLimit`.",
    remedy: `By a second stack: ${documentation("aws.md#switching-the-cdn")}.`,
    link: `${elb}/application/load-balancer-target-groups.html`,
  },
  {
    id: "alb-subnets-removed",
    type: loadBalancer,
    property: "subnets",
    when: ({ before, after }) => before !== undefined && after === undefined,
    severity: "outage",
    lasts: "seconds",
    message: () =>
      "The load balancer leaves a zone: connections through its node there break, and tasks there get no more requests.",
    remedy: "Take tasks out of the zone first, then the zone out of the load balancer.",
    link: `${elb}/application/load-balancer-subnets.html`,
  },
  {
    id: "target-group-port",
    type: targetGroup,
    property: "port",
    severity: "refused",
    message: ({ before, after }) =>
      `A target group's port does not change from ${shown(before)} to ${shown(after)}: the group is replaced, which is refused while a listener or a running deployment uses it.`,
    remedy: "Keep service.port, and let the application listen there.",
    link: `${elb}/APIReference/API_DeleteTargetGroup.html`,
  },
  {
    id: "target-group-protocol",
    type: targetGroup,
    property: "protocol",
    severity: "refused",
    message: () => "The group is replaced, which is refused while a listener uses it.",
    remedy: "Make a second group, move the rule, then delete the first.",
    link: `${elb}/APIReference/API_DeleteTargetGroup.html`,
  },
  {
    id: "target-group-check",
    type: targetGroup,
    property: "healthCheck",
    severity: "harmless",
    message: () =>
      "Checked anew from now on: with a path that the running release does not answer, all of its tasks leave the routing.",
    remedy: "Release the new path before the check asks for it.",
    link: `${elb}/application/target-group-health-checks.html`,
  },
  {
    id: "ecs-strategy-change",
    type: service,
    property: "deploymentConfiguration.strategy",
    when: (change) => !backToRolling(change),
    severity: "outage",
    lasts: "seconds",
    message: ({ before, after }) =>
      `The strategy changes from ${shown(before ?? "ROLLING")} to ${shown(after ?? "ROLLING")}: the next release is the first that uses it; do not release a new image in the same update.`,
    remedy: "Change the strategy alone, then release.",
    link: `${ecs}/developerguide/migrate-code-deploy-to-ecs-blue-green.html`,
  },
  {
    id: "ecs-back-to-rolling",
    type: service,
    property: "deploymentConfiguration.strategy",
    when: backToRolling,
    severity: "outage",
    message: () =>
      "Where the second target group has the traffic, as after every other release, visitors get 503 while the tasks move to the first.",
    remedy:
      "Look where the rule sends them, and release once more if that is the second; then change the strategy alone.",
    link: `${ecs}/developerguide/deployment-type-blue-green.html`,
  },
  {
    id: "ecs-scheduling",
    type: service,
    property: "launchType",
    when: ({ after }) => after !== undefined,
    severity: "outage",
    message: () => "The service is deleted and made anew: no task runs for minutes.",
    remedy:
      "Keep the capacity providers, which an update can change: with spotPercent 1, minReplicas stay on Fargate, and of what comes on top one in a hundred is Spot.",
    link: `${ecs}/APIReference/API_UpdateService.html`,
  },
  {
    id: "ecs-capacity-providers",
    type: service,
    property: "capacityProviderStrategies",
    when: ({ resource }) => resource.operation !== "replace",
    severity: "harmless",
    message: () => "A new deployment moves the tasks to the other capacity, as any release does.",
    remedy: "Nothing to do; away from capacity providers again, the service would be replaced.",
    link: `${ecs}/APIReference/API_UpdateService.html`,
  },
  {
    id: "ecs-cluster",
    type: service,
    property: "cluster",
    when: ({ after }) => !isUnknown(after),
    severity: "outage",
    message: () => "The service moves to another cluster: it is deleted and made anew.",
    remedy: "Make a second service in the new cluster, then switch the rule.",
    link: `${ecs}/APIReference/API_UpdateService.html`,
  },
  {
    id: "ecs-desired-zero",
    type: service,
    property: "desiredCount",
    when: ({ after }) => after === 0,
    severity: "outage",
    lasts: "hours",
    message: () => "No task runs: every request is answered with 503.",
    remedy: "Keep one or more.",
    link: `${ecs}/APIReference/API_UpdateService.html`,
  },
  {
    id: "vpc-block",
    type: /^aws:ec2\/vpc:Vpc$/,
    property: "cidrBlock",
    severity: "refused",
    message: () =>
      "The VPC and all that lives in it would be replaced; it cannot be deleted while the database is there.",
    remedy: "Add a second block, or make a new stack and restore the database there.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
  },
  {
    id: "subnet-block",
    type: subnet,
    property: "cidrBlock",
    severity: "refused",
    message: () =>
      "The subnet is replaced; it cannot be deleted while tasks, endpoints, a load balancer or a database have addresses in it.",
    remedy: "Add subnets, move what lives there, then remove the old ones.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html",
  },
  {
    id: "subnet-zone",
    type: subnet,
    property: "availabilityZone",
    severity: "refused",
    message: () => "The subnet is replaced; it cannot be deleted while something has an address in it.",
    remedy: "Add a subnet in the new zone, move what lives there, then remove the old one.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html",
  },
  {
    id: "cloudfront-alias-removed",
    type: distribution,
    property: "aliases",
    // A name in another's place, too: nobody else answers it then.
    when: ({ before, after, resource }) =>
      typeof before === "string" && before !== after && !namesOf(resource).includes(before),
    severity: "outage",
    lasts: "hours",
    message: ({ before }) => `${shown(before)} is not answered any more as soon as the change has reached the edge.`,
    remedy: "Point the name elsewhere first.",
    link: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html",
  },
  {
    id: "acm-name",
    type: /^aws:acm\/certificate:Certificate$/,
    property: "domainName",
    severity: "harmless",
    message: () =>
      "A new certificate is issued and put in place before the old one goes; issuing waits for its DNS record.",
    remedy: "Make sure that the zone answers: a hosted zone that nobody asks never validates.",
    link: "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
  },
  {
    id: "waf-rule-added",
    type: /^aws:wafv2\/webAcl:WebAcl$/,
    property: "rules",
    when: ({ path, before }) => /^rules\[[^\]]+\]$/.test(path) && before === undefined,
    severity: "harmless",
    message: () => "A new rule blocks from its first minute.",
    remedy: "Count first, then block: `count` in the firewall's settings.",
    link: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing.html",
  },
];

/** Names that visitors ask for: neither ACM's validation records, nor those of mail. */
const isAddress = ({ inputs: { name, type } }: PlanResource) =>
  (type === "A" || type === "AAAA" || type === "CNAME") && typeof name === "string" && !name.startsWith("_");

/** Another record of the same name and type stays, or comes. */
const hasSuccessor = ({ inputs, urn }: PlanResource, { resources }: Plan) =>
  resources.some(
    (other) =>
      other.type === "aws:route53/record:Record" &&
      other.urn !== urn &&
      other.operation !== "delete" &&
      other.inputs["name"] === inputs["name"] &&
      other.inputs["type"] === inputs["type"],
  );

export const siteResources: readonly ResourceRow[] = [
  {
    id: "dns-record-goes",
    type: /^aws:route53\/record:Record$/,
    operation: ["delete"],
    when: (resource, plan) => isAddress(resource) && !hasSuccessor(resource, plan),
    severity: "outage",
    lasts: "hours",
    message: ({ inputs }) => `${shown(inputs["name"])} leads nowhere any more as soon as its record is deleted.`,
    remedy: "Where another DNS is to answer, let it answer first; where the name is given up, nothing.",
    link: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-deleting.html",
  },
  {
    id: "dns-record-exists",
    type: /^aws:route53\/record:Record$/,
    operation: ["create"],
    when: (resource, plan) =>
      isAddress(resource) &&
      resource.inputs["allowOverwrite"] !== true &&
      plan.resources.some(
        (other) =>
          other.type === resource.type &&
          other.operation === "delete" &&
          other.inputs["name"] === resource.inputs["name"] &&
          other.inputs["type"] === resource.inputs["type"],
      ),
    severity: "refused",
    message: ({ inputs }) =>
      `A record of ${shown(inputs["name"])} is there until the end of the update: \`InvalidChangeBatch\`, it already exists.`,
    remedy:
      "Allow it to be overwritten, and do not delete the old one in the same update, which would take the new one along.",
    link: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
  },
  {
    id: "alb-deletion-protection",
    type: loadBalancer,
    operation: ["delete", "replace"],
    when: ({ inputs, options }) => options.protect !== true && inputs["enableDeletionProtection"] === true,
    severity: "refused",
    message: () => "DeleteLoadBalancer answers OperationNotPermitted while deletion protection is on.",
    remedy: "Switch enableDeletionProtection off in an update of its own.",
    link: `${elb}/application/application-load-balancers.html#deletion-protection`,
  },
  {
    id: "alb-replaced",
    type: loadBalancer,
    operation: ["replace"],
    when: ({ inputs }) => inputs["enableDeletionProtection"] !== true,
    severity: "outage",
    message: () =>
      "The name of the load balancer changes: visitors reach it once DNS has followed, and the tasks are registered anew.",
    remedy: "Keep name and scheme, or make the new one beside the old and switch DNS.",
    link: `${elb}/application/application-load-balancers.html`,
  },
  {
    id: "subnet-goes",
    type: subnet,
    operation: ["delete"],
    severity: "refused",
    message: () =>
      "DeleteSubnet answers DependencyViolation while tasks, endpoints, a load balancer, a cache or a database have addresses in it.",
    remedy: "Take the zone from the load balancer, service, cache and database first, in an update of its own.",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html",
  },
  {
    id: "distribution-goes",
    type: distribution,
    operation: ["delete", "replace"],
    severity: "outage",
    lasts: "hours",
    message: () =>
      "The site's names lead nowhere until another distribution has them, and two cannot have one name: `CNAMEAlreadyExists`.",
    remedy: `By a second stack: ${documentation("aws.md#switching-the-cdn")}.`,
    link: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToDeleteDistribution.html",
  },
  {
    id: "ecs-service-replaced",
    type: service,
    operation: ["replace"],
    severity: "outage",
    message: () => "The service is deleted and made anew: no task runs for minutes.",
    remedy: "Take the change back; cluster, launch type and the kind of deployment controller are decided once.",
    link: `${ecs}/APIReference/API_UpdateService.html`,
  },
];
