import type { AwsEcsSettings } from "../../../../../stacks/settings/settings";
import { missing, present } from "../../answers";
import type { Facts, Row } from "../facts";

interface Quota {
  readonly id: string;
  readonly what: string;
  readonly service: string;
  readonly code: string;
  readonly when: string;
  /** How many more the stack needs; 0 where it needs none. */
  needs(settings: AwsEcsSettings): number;
  /** How many there are. Absent: the quota counts what runs, and the stack's own is compared with the whole. */
  readonly used?: { readonly list: readonly string[]; readonly key: string };
}

/** Codes: `aws service-quotas list-service-quotas --service-code SERVICE`. */
const quotas: readonly Quota[] = [
  {
    id: "quota-vpcs",
    what: "VPCs",
    service: "vpc",
    code: "L-F678F1CE",
    when: "every stack",
    needs: ({ network, shared }) => ((network.vpcId ?? shared) === undefined ? 1 : 0),
    used: { list: ["ec2", "describe-vpcs"], key: "Vpcs" },
  },
  {
    id: "quota-elastic-ips",
    what: "Elastic IP addresses",
    service: "ec2",
    code: "L-0263D0A3",
    when: "`network.nat` other than `none`",
    needs: ({ network, shared }) =>
      (network.vpcId ?? shared) !== undefined
        ? 0
        : network.nat === "none"
          ? 0
          : network.nat === "per-zone"
            ? network.zones
            : 1,
    used: { list: ["ec2", "describe-addresses"], key: "Addresses" },
  },
  {
    id: "quota-load-balancers",
    what: "Application Load Balancers",
    service: "elasticloadbalancing",
    code: "L-53DA6B97",
    when: "every stack",
    needs: ({ loadBalancer, shared }) => ((loadBalancer.arn ?? shared) === undefined ? 1 : 0),
    used: { list: ["elbv2", "describe-load-balancers"], key: "LoadBalancers" },
  },
  {
    id: "quota-fargate",
    what: "Fargate vCPUs",
    service: "fargate",
    code: "L-3032A538",
    when: "every stack",
    // Old and new tasks during a release.
    needs: ({ service }) => Math.ceil((2 * service.maxReplicas * service.cpuMillis) / 1000),
  },
];

export const quotaRows: readonly Row[] = quotas.map((quota) => ({
  id: quota.id,
  needs: `room for the stack's ${quota.what} in the account's quota`,
  when: quota.when,
  asked: `aws service-quotas get-service-quota --service-code ${quota.service} --quota-code ${quota.code}`,
  remedy: "ask for a higher quota",
  applies: ({ settings }) => quota.needs(settings) > 0,
  ask: (facts) => askQuota(quota, facts),
}));

async function askQuota({ code, needs, service, used, what }: Quota, { aws, settings, tag }: Facts) {
  const ask = (verb: string) =>
    aws<{ Quota: { readonly Value: number } }>("service-quotas", verb, "--service-code", service, "--quota-code", code);
  // One that nobody has raised may have no value of the account's own.
  const { Quota: quota } = await ask("get-service-quota").catch((error: Error) => {
    if (error.message.includes("NoSuchResourceException")) return ask("get-aws-default-service-quota");
    throw error;
  });
  const listed = used === undefined ? [] : (await aws<Record<string, readonly Listed[]>>(...used.list))[used.key]!;
  // The stack's own are among them once it is deployed.
  const others = listed.filter(({ Tags = [] }) => !Tags.some(({ Key, Value }) => Key === "stack" && Value === tag));
  const wanted = needs(settings);
  const found = `${quota.Value} ${what}, ${used === undefined ? "" : `${others.length} used by others, `}${wanted} needed`;
  return others.length + wanted <= quota.Value
    ? present(found)
    : missing(
        found,
        `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${others.length + wanted}`,
      );
}

interface Listed {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}
