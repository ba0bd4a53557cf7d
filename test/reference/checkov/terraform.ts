import { isSecret, isUnknown, type Plan, type PlanResource, type PlanValue } from "../../../tools/plan/plan";

/** Modules whose Terraform types do not begin with their name. */
const prefixes: Readonly<Record<string, string>> = {
  alb: "lb",
  apigateway: "api_gateway",
  appautoscaling: "appautoscaling",
  autoscaling: "autoscaling",
  cfg: "config",
  cloudformation: "cloudformation",
  ec2: "",
  ec2transitgateway: "ec2_transit_gateway",
  elasticloadbalancing: "elb",
  elb: "",
  elasticloadbalancingv2: "lb",
  lb: "lb",
  servicediscovery: "service_discovery",
  secretsmanager: "secretsmanager",
  vpc: "vpc",
};

/** Types that follow no rule. */
const exceptions: Readonly<Record<string, string>> = {
  "aws:alb/loadBalancer": "aws_lb",
  "aws:autoscaling/group": "aws_autoscaling_group",
  "aws:cloudwatch/eventRule": "aws_cloudwatch_event_rule",
  "aws:ebs/volume": "aws_ebs_volume",
  "aws:ebs/snapshot": "aws_ebs_snapshot",
  "aws:ec2/ami": "aws_ami",
  "aws:ec2/vpc": "aws_vpc",
  "aws:ec2/instance": "aws_instance",
  "aws:ec2/launchConfiguration": "aws_launch_configuration",
  "aws:elb/loadBalancer": "aws_elb",
  "aws:kinesis/firehoseDeliveryStream": "aws_kinesis_firehose_delivery_stream",
  "aws:lb/loadBalancer": "aws_lb",
  "aws:rds/instance": "aws_db_instance",
  "aws:rds/subnetGroup": "aws_db_subnet_group",
  "aws:rds/parameterGroup": "aws_db_parameter_group",
  "aws:rds/proxy": "aws_db_proxy",
  "aws:rds/snapshot": "aws_db_snapshot",
  "aws:s3/bucketV2": "aws_s3_bucket",
  "aws:s3/bucketObject": "aws_s3_object",
  "aws:s3/bucketObjectv2": "aws_s3_object",
  "aws:s3/bucketVersioningV2": "aws_s3_bucket_versioning",
  "aws:s3/bucketAclV2": "aws_s3_bucket_acl",
  "aws:sfn/stateMachine": "aws_sfn_state_machine",
};

/** Terraform's name of a type of @pulumi/aws; undefined for other providers. */
function terraformType(type: string): string | undefined {
  const [provider, path = ""] = type.split(":");
  if (provider !== "aws") return undefined;
  const known = exceptions[`aws:${path}`];
  if (known !== undefined) return known;
  const [module = "", name = ""] = path.split("/");
  const prefix = prefixes[module] ?? module;
  return ["aws", prefix, snake(name)].filter((part) => part !== "").join("_");
}

/** Maps of a user's own keys: those stay as they are, and are no blocks. */
const maps =
  /^(tags|tagsAll|variables|responseParameters|requestParameters|parameters|requestTemplates|defaultArguments|stageVariables)$/;

/**
 * A plan as `terraform show -json` would print it: names in snake case, blocks as lists, lists of blocks by their name in
 * the singular. What is not known is left out, as Terraform does.
 */
export function terraformPlan(plan: Plan): { readonly json: unknown; readonly urns: ReadonlyMap<string, string> } {
  const urns = new Map<string, string>();
  const addresses = new Map<string, string>();
  const own = plan.resources.filter(({ custom, type }) => custom && terraformType(type) !== undefined);
  own.forEach(({ urn, type, name }, index) => {
    const address = `${terraformType(type)!}.r${index}_${name.replace(/\W/g, "_")}`;
    urns.set(address, urn);
    addresses.set(urn, address);
  });
  const resources = own.map((resource) => translated(resource, addresses.get(resource.urn)!));
  const json = {
    format_version: "1.2",
    terraform_version: "1.9.0",
    planned_values: { root_module: { resources } },
    resource_changes: resources.map(({ values, ...resource }) => ({
      ...resource,
      change: {
        actions: ["create"],
        before: null,
        after: values,
        after_unknown: {},
        before_sensitive: false,
        after_sensitive: {},
      },
    })),
    configuration: {
      provider_config: { aws: { name: "aws", full_name: "registry.terraform.io/hashicorp/aws" } },
      root_module: {
        resources: own.map((resource) => ({
          ...names(addresses.get(resource.urn)!),
          provider_config_key: "aws",
          expressions: expressions(resource, addresses),
          schema_version: 0,
        })),
      },
    },
  };
  return { json, urns };
}

function names(address: string) {
  const [type = "", name = ""] = address.split(".");
  return { address, mode: "managed", type, name };
}

function translated({ inputs }: PlanResource, address: string) {
  return {
    ...names(address),
    provider_name: "registry.terraform.io/hashicorp/aws",
    schema_version: 0,
    values: block(inputs) as Record<string, unknown>,
  };
}

/** Which properties come from which resources: what Checkov's graph connects by. */
function expressions({ inputs }: PlanResource, addresses: ReadonlyMap<string, string>) {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => {
      const references = sources(value).flatMap((name) => {
        const [urn = "", property = "id"] = name.split("#");
        const address = addresses.get(urn);
        return address === undefined ? [] : [`${address}.${snake(property)}`, address];
      });
      const constant = references.length === 0 && !isUnknown(value) ? { constant_value: block(value) } : {};
      return [snake(key), references.length > 0 ? { references } : constant];
    }),
  );
}

function sources(value: PlanValue): readonly string[] {
  if (typeof value !== "object" || value === null || isSecret(value)) return [];
  if (isUnknown(value)) return value.$unknown;
  return Object.values(value as Record<string, PlanValue>).flatMap(sources);
}

function block(value: PlanValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return "(sensitive)";
  // A document of which parts are unknown is judged by the rest, as ours judge it.
  if (isUnknown(value))
    return value.template !== undefined && /^\s*[[{]/.test(value.template) ? value.template : undefined;
  if (Array.isArray(value)) return value.map((item: PlanValue) => block(item));
  const entries = Object.entries(value as Record<string, PlanValue>).flatMap(([key, item]): [string, unknown][] => {
    const now = maps.test(key) ? plain(item) : block(item);
    if (now === undefined || key.startsWith("__")) return [];
    if (Array.isArray(now) && now.some((one) => typeof one === "object" && one !== null))
      return [[singular(snake(key)), now]];
    const isBlock = typeof now === "object" && now !== null && !Array.isArray(now) && !maps.test(key);
    return [[snake(key), isBlock ? [now] : now]];
  });
  return Object.fromEntries(entries);
}

function plain(value: PlanValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return "(sensitive)";
  if (isUnknown(value)) return undefined;
  if (Array.isArray(value)) return value.map((item: PlanValue) => plain(item));
  return Object.fromEntries(
    Object.entries(value as Record<string, PlanValue>).map(([key, item]) => [key, plain(item)]),
  );
}

/** Lists of blocks; `ingress` and `egress` are singular already. */
function singular(name: string): string {
  if (/(ss|us|is)$/.test(name)) return name;
  return name
    .replace(/ies$/, "y")
    .replace(/(ch|x|s)es$/, "$1")
    .replace(/s$/, "");
}

function snake(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
