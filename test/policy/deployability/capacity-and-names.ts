import { findRule } from "../../../policy/index";
import { given, partly, specify, unknown, urnOf } from "../spec";

const service = "aws:ecs/service:Service";
const cluster = "aws:ecs/cluster:Cluster";
const associations = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
const subnet = "aws:ec2/subnet:Subnet";
const instance = "aws:rds/instance:Instance";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const role = "aws:iam/role:Role";

/** Rules that have their cases here. */
export const specifiedHere: string[] = [];
const spec = (id: string, cases: Parameters<typeof specify>[1]) => {
  specifiedHere.push(id);
  specify(findRule(id)!, cases);
};
const idOf = (type: string, name: string) => unknown(`${urnOf(type, name)}#id`);
const strategies = (...items: object[]) => given(service, { capacityProviderStrategies: items });

spec("ecs-capacity-exclusive", {
  passes: {
    "a launch type": given(service, { launchType: "FARGATE" }),
    "capacity providers": strategies({ capacityProvider: "FARGATE_SPOT", weight: 1 }),
    "an empty list of them": given(service, { launchType: "FARGATE", capacityProviderStrategies: [] }),
  },
  fails: {
    both: [
      given(service, { launchType: "FARGATE", capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }] }),
      "launchType",
    ],
  },
});
spec("ecs-capacity-strategy", {
  passes: {
    "a base and two weights": strategies(
      { capacityProvider: "FARGATE", base: 2, weight: 50 },
      { capacityProvider: "FARGATE_SPOT", weight: 50 },
    ),
    "the last values": strategies({ capacityProvider: "FARGATE", base: 100_000, weight: 1000 }),
  },
  fails: {
    "two bases": [
      strategies(
        { capacityProvider: "FARGATE", base: 1, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", base: 1, weight: 1 },
      ),
      "capacityProviderStrategies",
    ],
    "no weight": [strategies({ capacityProvider: "FARGATE", weight: 0 }), "capacityProviderStrategies"],
    "a weight of 1001": [strategies({ capacityProvider: "FARGATE", weight: 1001 }), "capacityProviderStrategies"],
    "Fargate beside another": [
      strategies({ capacityProvider: "FARGATE", weight: 1 }, { capacityProvider: "own", weight: 1 }),
      "capacityProviderStrategies",
    ],
  },
});
const inCluster = given(service, {
  cluster: unknown(`${urnOf(cluster, "web")}#arn`),
  capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
});
const web = given(cluster, {}, { name: "web" });
const offers = (...capacityProviders: string[]) =>
  given(associations, { clusterName: idOf(cluster, "web"), capacityProviders }, { name: "web" });
spec("ecs-capacity-associated", {
  passes: {
    "a cluster that offers it": [inCluster, web, offers("FARGATE", "FARGATE_SPOT")],
    "a cluster of elsewhere": inCluster,
  },
  fails: {
    "a cluster that offers none": [[inCluster, web], "capacityProviderStrategies[0].capacityProvider"],
    "a cluster that offers another": [
      [inCluster, web, offers("FARGATE")],
      "capacityProviderStrategies[0].capacityProvider",
    ],
  },
});
const scaled = (maxCapacity: number) =>
  given("aws:appautoscaling/target:Target", { maxCapacity }, { references: { resourceId: [urnOf(service)] } });
const inSubnets = (more: object = {}) =>
  given(service, { networkConfiguration: { subnets: [idOf(subnet, "a"), idOf(subnet, "b")] }, ...more });
const small = ["a", "b"].map((name, index) => given(subnet, { cidrBlock: `10.0.0.${index * 32}/27` }, { name }));
spec("ecs-subnet-room", {
  passes: {
    "54 addresses for 54 tasks": [inSubnets(), ...small, scaled(27)],
    "half as many more at most": [inSubnets({ deploymentMaximumPercent: 150 }), ...small, scaled(36)],
    "subnets of elsewhere": [inSubnets(), scaled(500)],
  },
  fails: {
    "54 addresses for 56 tasks": [[inSubnets(), ...small, scaled(28)], "networkConfiguration.subnets"],
    "two releases side by side": [
      [
        inSubnets({ deploymentMaximumPercent: 150, deploymentConfiguration: { strategy: "CANARY" } }),
        ...small,
        scaled(36),
      ],
      "networkConfiguration.subnets",
    ],
    "a service that is not scaled": [[inSubnets({ desiredCount: 28 }), ...small], "networkConfiguration.subnets"],
  },
});
const rules = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    given(
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      { securityGroupId: idOf(securityGroup, "subject"), ...more },
      { name: `out-${index}` },
    ),
  );
spec("sg-rule-count", {
  passes: { "60 rules": [given(securityGroup, {}), ...rules(60)] },
  fails: {
    "61 rules": [[given(securityGroup, {}), ...rules(61)], ""],
    "CloudFront's list twice": [[given(securityGroup, {}), ...rules(2, { prefixListId: "pl-1" })], ""],
  },
});

const stored = (more: object) => given(instance, { engine: "postgres", allocatedStorage: 400, ...more });
spec("rds-provisioned-iops", {
  passes: {
    "gp3 as it comes": stored({ storageType: "gp3" }),
    "the last values of gp3": stored({ storageType: "gp3", iops: 64_000 }),
    "the last values of io1": stored({ storageType: "io1", iops: 20_000 }),
    "the last values of io2": stored({ storageType: "io2", iops: 256_000 }),
    "gp3 that is too small for any, which is another row": stored({
      storageType: "gp3",
      allocatedStorage: 100,
      iops: 1,
    }),
  },
  fails: {
    "gp3 below 12,000": [stored({ storageType: "gp3", iops: 11_999 }), "iops"],
    "gp3 above 64,000": [stored({ storageType: "gp3", iops: 64_001 }), "iops"],
    "io1 with 51 a GiB": [stored({ storageType: "io1", iops: 20_400 }), "iops"],
    "io2 with 1,001 a GiB": [stored({ storageType: "io2", allocatedStorage: 100, iops: 100_100 }), "iops"],
    "io1 with less than half a GiB's": [stored({ storageType: "io1", allocatedStorage: 4000, iops: 1999 }), "iops"],
    "io2 without": [stored({ storageType: "io2" }), "storageType"],
    "gp2 with some": [stored({ storageType: "gp2", iops: 3000 }), "iops"],
  },
});
spec("rds-storage-throughput", {
  passes: {
    "the last values": stored({ storageType: "gp3", iops: 16_000, storageThroughput: 4000 }),
    none: stored({ storageType: "io2", iops: 1000 }),
  },
  fails: {
    "less than 500": [stored({ storageType: "gp3", storageThroughput: 499 }), "storageThroughput"],
    "more than a quarter of the IOPS": [
      stored({ storageType: "gp3", iops: 15_996, storageThroughput: 4000 }),
      "storageThroughput",
    ],
    "io2 with some": [stored({ storageType: "io2", iops: 1000, storageThroughput: 500 }), "storageThroughput"],
  },
});

const inline = (name: string, characters: number) =>
  given(
    "aws:iam/rolePolicy:RolePolicy",
    // White space is not counted, nor what is not known before the deployment.
    {
      role: idOf(role, "subject"),
      policy: partly(`${"a".repeat(characters - 10)} {0} ${"b".repeat(10)}`, `${urnOf("x")}#arn`),
    },
    { name },
  );
spec("iam-inline-size", {
  passes: {
    "10,240 characters together": [given(role, {}), inline("one", 5120), inline("other", 5120)],
    "one that is too long by itself, which is another row": [given(role, {}), inline("one", 10_241)],
  },
  fails: { "one more": [[given(role, {}), inline("one", 5120), inline("other", 5121)], ""] },
});
spec("made-name-length", {
  passes: {
    "24 characters of a target group": given("aws:lb/targetGroup:TargetGroup", {}, { name: "a".repeat(24) }),
    "56 of a role": given(role, {}, { name: "a".repeat(56) }),
    "more, and a name of its own": given(role, { name: "short" }, { name: "a".repeat(100) }),
  },
  fails: {
    "25 of a target group": [given("aws:lb/targetGroup:TargetGroup", {}, { name: "a".repeat(25) }), ""],
    "57 of a role": [given(role, {}, { name: "a".repeat(57) }), ""],
  },
});
