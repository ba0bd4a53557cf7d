import { findRule } from "../../../policy/index";
import { type Cases, given, partly, specify, unknown, urnOf } from "../spec";

const service = "aws:ecs/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const cluster = "aws:ecs/cluster:Cluster";
const subnet = "aws:ec2/subnet:Subnet";
const role = "aws:iam/role:Role";
const target = "aws:appautoscaling/target:Target";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);
const idOf = (type: string, name: string) => unknown(`${urnOf(type, name)}#id`);
const containers = (...all: object[]) => given(task, { containerDefinitions: JSON.stringify(all) });
const shifting = (deploymentConfiguration: object, others: object = {}) =>
  given(service, { deploymentConfiguration, ...others });

more("fargate-size", {
  fails: {
    "EC2's, on Fargate too": [
      given(task, { requiresCompatibilities: ["EC2", "FARGATE"], cpu: "500", memory: "1024" }),
      "cpu",
    ],
    "no memory": [given(task, { requiresCompatibilities: ["FARGATE"], cpu: "256" }), "memory"],
  },
});

/** First and last value of each, by https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const timings: readonly (readonly [string, number, number])[] = [
  ["stopTimeout", 0, 120],
  ["startTimeout", 0, 120],
  ["healthCheck.interval", 5, 300],
  ["healthCheck.timeout", 2, 60],
  ["healthCheck.retries", 1, 10],
  ["healthCheck.startPeriod", 0, 300],
];
const timed = (path: string, value: number) => {
  const [first, second] = path.split(".");
  return containers({ name: "a", [first!]: second === undefined ? value : { [second]: value } });
};
more("ecs-container-timings", {
  passes: Object.fromEntries(
    timings.flatMap(([path, min, max]) => [min, max].map((value) => [`${path} of ${value}`, timed(path, value)])),
  ),
  fails: Object.fromEntries(
    timings.flatMap(([path, min, max]) =>
      [min - 1, max + 1].map((value) => [
        `${path} of ${value}`,
        [timed(path, value), `containerDefinitions[0].${path}`] as const,
      ]),
    ),
  ),
});

const waiting = (condition: string, other: object) =>
  containers({ name: "a", dependsOn: [{ containerName: "m", condition }] }, { name: "m", ...other });
const condition = "containerDefinitions[0].dependsOn[0].condition";
more("ecs-container-order", {
  passes: {
    "the health of one that is checked": waiting("HEALTHY", { healthCheck: { command: ["CMD", "true"] } }),
    "the start of an essential one": waiting("START", {}),
    "the end of one that is not": waiting("COMPLETE", { essential: false }),
  },
  fails: { "the success of an essential one": [waiting("SUCCESS", {}), condition] },
});
more("ecs-task-definition-size", { passes: { "no containers yet": given(task, {}) } });

more("ecs-strategy", {
  passes: { "a canary": shifting({ strategy: "CANARY", canaryConfiguration: { canaryPercent: 5 } }) },
  fails: {
    "a canary of steps": [
      shifting({ strategy: "LINEAR", canaryConfiguration: { canaryPercent: 5 } }),
      "deploymentConfiguration.canaryConfiguration",
    ],
    "steps of a rolling one": [
      shifting({ linearConfiguration: { stepPercent: 10 } }),
      "deploymentConfiguration.linearConfiguration",
    ],
  },
});
more("ecs-alternate-target-group", {
  fails: {
    "blue-green without": [shifting({ strategy: "BLUE_GREEN" }, { loadBalancers: [{}] }), "loadBalancers[0]"],
    "steps without": [shifting({ strategy: "LINEAR" }, { loadBalancers: [{}] }), "loadBalancers[0]"],
  },
});
more("ecs-deployment-room", {
  passes: {
    "one more than all": given(service, { deploymentMaximumPercent: 101, availabilityZoneRebalancing: "ENABLED" }),
    "what ECS does by itself": given(service, { availabilityZoneRebalancing: "ENABLED" }),
  },
  fails: {
    "no fewer than all, by itself": [given(service, { deploymentMaximumPercent: 100 }), "deploymentMaximumPercent"],
  },
});
const waits = (deployment: object) => shifting(deployment, { waitForSteadyState: true });
more("ecs-release-wait", {
  passes: {
    "19 minutes": waits({ strategy: "CANARY", canaryConfiguration: { canaryBakeTimeInMinutes: 19 } }),
    "nine steps of two minutes": waits({
      strategy: "LINEAR",
      linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 2 },
    }),
    "steps of nothing, which is another row": waits({ strategy: "LINEAR", linearConfiguration: { stepPercent: 0 } }),
  },
  fails: {
    "20 minutes": [
      waits({ strategy: "CANARY", canaryConfiguration: { canaryBakeTimeInMinutes: 20 } }),
      "deploymentConfiguration",
    ],
    "a canary's own 10 minutes and 10 more": [
      waits({ strategy: "CANARY", canaryConfiguration: { canaryPercent: 5 }, bakeTimeInMinutes: 10 }),
      "deploymentConfiguration",
    ],
    "four steps of ECS's own six minutes": [
      waits({ strategy: "LINEAR", linearConfiguration: { stepPercent: 20 } }),
      "deploymentConfiguration",
    ],
  },
});

const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1";
const execution = given(role, {}, { name: "execution" });
const executed = (containerDefinitions: unknown) =>
  given(task, { executionRoleArn: unknown(`${urnOf(role, "execution")}#arn`), containerDefinitions });
const allowing = (...Action: string[]) =>
  given(
    "aws:iam/rolePolicy:RolePolicy",
    {
      role: idOf(role, "execution"),
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] }),
    },
    { name: "inline" },
  );
const ofRepository = partly('[{"image":"{0}:1"}]', `${urnOf("aws:ecr/repository:Repository", "shop")}#repositoryUrl`);
const secretly = JSON.stringify([{ secrets: [{ name: "A", valueFrom: "arn" }] }]);
more("ecs-image-pull", {
  passes: {
    "a role of elsewhere": executed(JSON.stringify([{ image: ecr }])),
    "one action of several": [
      executed(JSON.stringify([{ image: ecr }])),
      execution,
      allowing("logs:PutLogEvents", "ecr:BatchGetImage"),
    ],
  },
  fails: {
    "a repository of the stack": [[executed(ofRepository), execution], "containerDefinitions[0].image"],
    "the second container": [
      [executed(JSON.stringify([{ image: "a" }, { image: ecr }])), execution],
      "containerDefinitions[1].image",
    ],
  },
});
more("ecs-secret-readable", { passes: { "a role of elsewhere": executed(secretly) } });

const strategies = (...items: object[]) => given(service, { capacityProviderStrategies: items });
const own = (more: object, name = "own") => ({ capacityProvider: name, weight: 1, ...more });
const many = (count: number) => Array.from({ length: count }, (_, index) => own({}, `own-${index}`));
more("ecs-capacity-strategy", {
  passes: {
    "an empty list": strategies(),
    "20 of one's own": strategies(...many(20)),
    "one of two without a weight": strategies(own({ weight: 0 }, "a"), own({}, "b")),
    "both of Fargate's": strategies(own({}, "FARGATE"), own({}, "FARGATE_SPOT")),
  },
  fails: Object.fromEntries(
    [
      ["21", many(21)],
      ["a base below 0", [own({}, "a"), own({ base: -1 }, "b")]],
      ["a base above 100,000", [own({}, "a"), own({ base: 100_001 }, "b")]],
      ["a weight below 0", [own({}, "a"), own({ weight: -1 }, "b")]],
      ["a weight above 1,000", [own({}, "a"), own({ weight: 1001 }, "b")]],
    ].map(([title, items]) => [title as string, [strategies(...(items as object[])), "capacityProviderStrategies"]]),
  ),
});
more("ecs-capacity-associated", {
  passes: {
    "a launch type, in a cluster of which not all is known": [
      given(service, { cluster: unknown(`${urnOf(cluster, "web")}#arn`) }),
      given(cluster, {}, { name: "web" }),
      given("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", { clusterName: unknown() }, { name: "web" }),
    ],
  },
});

const inSubnets = (subnets: unknown[], others: object = {}) =>
  given(service, { networkConfiguration: { subnets }, ...others });
const block = (name: string, cidrBlock: string, id?: string) =>
  given(subnet, { cidrBlock }, { name, ...(id !== undefined && { outputs: { id } }) });
const scaled = (maxCapacity: number) =>
  given(target, { maxCapacity }, { references: { resourceId: [urnOf(service)] } });
const subnets = "networkConfiguration.subnets";
more("ecs-subnet-room", {
  passes: {
    "27 addresses of the one that it has": [
      inSubnets([idOf(subnet, "a")]),
      block("b", "10.0.1.0/28"),
      block("a", "10.0.0.0/27"),
      scaled(13),
    ],
    "another's scaling": [
      inSubnets([idOf(subnet, "a")]),
      block("a", "10.0.0.0/27"),
      given(target, { maxCapacity: 500 }),
    ],
  },
  fails: {
    "subnets that exist": [
      [
        inSubnets(["subnet-1"]),
        block("b", "10.0.1.0/24", "subnet-2"),
        block("a", "10.0.0.0/28", "subnet-1"),
        scaled(6),
      ],
      subnets,
    ],
    "more wanted than scaling has": [
      [inSubnets([idOf(subnet, "a")], { desiredCount: 14 }), block("a", "10.0.0.0/27"), scaled(1)],
      subnets,
    ],
    ...Object.fromEntries(
      ["BLUE_GREEN", "LINEAR"].map((strategy) => [
        `${strategy}, whatever the percentage`,
        [
          [
            inSubnets([idOf(subnet, "a")], { deploymentMaximumPercent: 100, deploymentConfiguration: { strategy } }),
            block("a", "10.0.0.0/27"),
            scaled(14),
          ],
          subnets,
        ] as const,
      ]),
    ),
  },
});
