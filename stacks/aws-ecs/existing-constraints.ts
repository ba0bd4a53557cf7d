import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Constraint } from "../settings/constraint";
import { isRds } from "../settings/sections/database";
import { type Problem, problem } from "../settings/problems";

const vpc: Constraint = ({ cdn, loadBalancer, network, shared }) => {
  const { isolatedSubnetIds, privateSubnetIds, publicSubnetIds, vpcId } = network;
  const subnets = { privateSubnetIds, publicSubnetIds, isolatedSubnetIds };
  return [
    ...(vpcId === undefined
      ? Object.entries(subnets).flatMap(([key, ids]) =>
          ids === undefined
            ? []
            : problem(`network.${key}`, ids.join(", "), "are those of network.vpcId, which is missing"),
        )
      : [
          ...(privateSubnetIds === undefined
            ? problem("network.privateSubnetIds", undefined, `is missing: the subnets of ${vpcId} in which tasks run`)
            : []),
          ...(publicSubnetIds === undefined && cdn.implementation === "none" && loadBalancer.arn === undefined
            ? problem(
                "network.publicSubnetIds",
                undefined,
                `is missing: without a CDN the load balancer is on the internet, in public subnets of ${vpcId}`,
              )
            : []),
        ]),
    ...(vpcId !== undefined && shared !== undefined
      ? problem("network.vpcId", vpcId, "and slipway:shared exclude each other: the VPC is its owner's")
      : []),
  ];
};

const balancer: Constraint = ({ cdn, firewall, loadBalancer, network, shared, tls }) => {
  const { arn, priority, ...rest } = loadBalancer;
  const exists = arn !== undefined || shared !== undefined;
  return [
    ...(arn !== undefined && shared !== undefined
      ? problem("loadBalancer.arn", arn, "and slipway:shared exclude each other: the load balancer is its owner's")
      : []),
    ...(arn !== undefined && shared === undefined && network.vpcId === undefined
      ? problem(
          "loadBalancer.arn",
          arn,
          "is in a VPC that exists: expected slipway:network.vpcId and its subnets as well",
        )
      : []),
    ...(arn === undefined
      ? Object.entries(rest).flatMap(([key, value]) =>
          value === undefined
            ? []
            : problem(
                `loadBalancer.${key}`,
                value,
                "is of a load balancer that exists: expected slipway:loadBalancer.arn as well",
              ),
        )
      : []),
    ...(exists && priority === undefined
      ? problem(
          "loadBalancer.priority",
          undefined,
          "is missing: the first of three places among the rules of the listener, which no other stack has",
        )
      : []),
    ...(!exists && priority !== undefined
      ? problem(
          "loadBalancer.priority",
          priority,
          "is for a load balancer that others use too: slipway:loadBalancer.arn or slipway:shared",
        )
      : []),
    ...(shared !== undefined && priority !== undefined && (priority < 11 || priority > 97)
      ? problem("loadBalancer.priority", priority, "expected 11 to 97: the owner's own rules are before and behind")
      : []),
    ...(exists && cdn.implementation === "none" && firewall.mode !== "none" && Object.keys(firewall).length > 0
      ? problem("firewall", undefined, "stands at the load balancer, which is not of this stack: take it out here")
      : []),
    ...(exists && tls.hostedZoneId === undefined && tls.certificateArn === undefined
      ? problem("tls.certificateArn", undefined, "is missing: the listener gets it for the names of this stack")
      : []),
  ];
};

/** Two rules at one place are refused by AWS when the second is made, half-way through a deployment. */
const places: Constraint = ({ loadBalancer: { arn, priority }, shared }, { folder = ".", project, stack }) => {
  if (priority === undefined || (arn ?? shared) === undefined) return [];
  const clash = (key: string, other: number, where: string): Problem[] =>
    Math.abs(other - priority) < 3
      ? problem(
          key,
          priority,
          `to ${priority + 2} are places that ${where} has, ${other} to ${other + 2}: expected others`,
        )
      : [];
  const own = shared !== undefined && project !== undefined && shared.endsWith(`/${project}/${stack ?? ""}`);
  return [
    ...(own ? problem("shared", shared, "is this stack itself: its owner has none") : []),
    ...stackFiles(folder)
      .filter(([name]) => name !== stack)
      .flatMap(([name, config]) => {
        const theirs = config["slipway:loadBalancer"] as { arn?: unknown; priority?: unknown } | undefined;
        const same = arn === undefined ? config["slipway:shared"] === shared : theirs?.arn === arn;
        return same && typeof theirs?.priority === "number"
          ? clash("loadBalancer.priority", theirs.priority, `Pulumi.${name}.yaml`)
          : [];
      }),
  ];
};

function stackFiles(folder: string): [name: string, config: Readonly<Record<string, unknown>>][] {
  return readdirSync(folder).flatMap((file): [string, Readonly<Record<string, unknown>>][] => {
    const name = /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1];
    if (name === undefined) return [];
    try {
      const { config } = parse(readFileSync(join(folder, file), "utf8")) as { config?: Record<string, unknown> };
      return [[name, config ?? {}]];
    } catch {
      // Another stack's file is its own to be right.
      return [];
    }
  });
}

const database: Constraint = ({
  database: { databaseName, identifier, implementation, passwordSecretArn, securityGroupId },
}) => [
  ...(identifier === undefined
    ? Object.entries({ databaseName, passwordSecretArn }).flatMap(([key, value]) =>
        value === undefined
          ? []
          : problem(`database.${key}`, undefined, "is of an instance that exists: database.identifier as well"),
      )
    : []),
  ...(isRds(implementation) && identifier === undefined && securityGroupId !== undefined
    ? problem("database.securityGroupId", securityGroupId, "is of an instance that exists: database.identifier as well")
    : []),
];

/** The log of sessions belongs to the cluster, and their agent has to reach Systems Manager. */
const sessions: Constraint = ({ aws, cluster, network, shared }) => {
  if (aws.connect !== true) return [];
  const closed =
    network.nat === "none" &&
    (network.vpcId ?? shared) === undefined &&
    network.endpoints?.includes("ssmmessages") !== true;
  return [
    ...(cluster.arn === undefined
      ? []
      : problem(
          "aws.connect",
          true,
          "needs a cluster whose sessions are logged, and slipway:cluster.arn is another's",
        )),
    ...(closed
      ? problem(
          "aws.connect",
          true,
          "reaches no Systems Manager with slipway:network.nat none: expected ssmmessages in slipway:network.endpoints, beside those a task needs",
        )
      : []),
  ];
};

export const existingConstraints: readonly Constraint[] = [vpc, balancer, places, database, sessions];
