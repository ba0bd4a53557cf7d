import { deepEqual, equal, match } from "node:assert/strict";
import { estimate } from "../../../../tools/judge/cost/estimate";
import { dollars, signedDollars, signedPercent } from "../../../../tools/judge/cost/money";
import type { PlanResource, PlanValue } from "../../../../tools/plan/plan";
import { component, plan, resource } from "../../plans";

/**
 * What stands on the bill of each kind of resource: what it is, how much of it a month, and which assumptions that rests on.
 * In us-east-1, where AWS's pages show their prices first.
 */
type Inputs = PlanResource["inputs"];
type Line = readonly [what: string, quantity: number, unitUsd: number, ...assumes: string[]];

const region = "us-east-1";
const hours = 730;
const unknown: PlanValue = { $unknown: ["urn#value"] };

const task = (inputs: Inputs = {}) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "task", { cpu: "1024", memory: "2048", ...inputs });
const fargate = (service: Inputs, definition = task()): PlanResource[] => [
  definition,
  resource("aws:ecs/service:Service", "web", {
    desiredCount: 4,
    taskDefinition: { $unknown: [`${definition.urn}#arn`] },
    ...service,
  }),
];
const database = (inputs: Inputs) =>
  resource("aws:rds/instance:Instance", "db", { instanceClass: "db.t4g.medium", allocatedStorage: 100, ...inputs });
const cache = (inputs: Inputs) =>
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "c", {
    engine: "valkey",
    nodeType: "cache.t4g.small",
    ...inputs,
  });
const spot = (weights: readonly [number, number], base: number): Inputs => ({
  capacityProviderStrategies: [
    { capacityProvider: "FARGATE", base, weight: weights[0] },
    { capacityProvider: "FARGATE_SPOT", weight: weights[1] },
  ],
});
const one = (type: string, inputs: Inputs = {}) => [resource(type, "x", inputs)];
const [vcpu, gb] = [0.04048, 0.004445];

const bills: Readonly<Record<string, readonly [readonly PlanResource[], readonly Line[]]>> = {
  "a distribution": [
    one("aws:cloudfront/distribution:Distribution"),
    [
      ["requests", 10, 1.2, "cdn.requestsPerMonth"],
      ["transfer to visitors", 200, 0.085, "cdn.transferGbPerMonth"],
      ["tags and paths invalidated", 0, 0.005, "cdn.invalidationPathsPerMonth"],
    ],
  ],
  "a health check by HTTPS": [
    one("aws:route53/healthCheck:HealthCheck", { type: "HTTPS", requestInterval: 30 }),
    [
      ["health check", 1, 0.5],
      ["options of the health check", 1, 1],
    ],
  ],
  "a health check of another protocol": [
    one("aws:route53/healthCheck:HealthCheck", { type: "TCP", requestInterval: 30 }),
    [["health check", 1, 0.5]],
  ],
  "a health check with all that there is": [
    one("aws:route53/healthCheck:HealthCheck", { type: "HTTPS_STR_MATCH", requestInterval: 10, measureLatency: true }),
    [
      ["health check", 1, 0.5],
      ["options of the health check", 4, 1],
    ],
  ],
  "a function at the edge": [
    one("aws:cloudfront/function:Function"),
    [["edge function", 10, 0.1, "cdn.requestsPerMonth"]],
  ],
  "a firewall with three rules": [
    one("aws:wafv2/webAcl:WebAcl", { rules: [{}, {}, {}] }),
    [
      ["firewall", 1, 5],
      ["firewall rules", 3, 1],
      ["requests inspected", 10, 0.6, "cdn.requestsPerMonth"],
    ],
  ],
  "a load balancer on the internet, in three zones": [
    one("aws:lb/loadBalancer:LoadBalancer", { subnets: ["a", "b", "c"] }),
    [
      ["load balancer", hours, 0.0225],
      ["load balancer's use", hours, 0.008, "loadBalancer.capacityUnits"],
      ["public IPv4 in 3 zones", 3 * hours, 0.005],
    ],
  ],
  "a load balancer whose subnets are not known: two zones at least": [
    one("aws:lb/loadBalancer:LoadBalancer", { subnets: unknown, loadBalancerType: "application" }),
    [
      ["load balancer", hours, 0.0225],
      ["load balancer's use", hours, 0.008, "loadBalancer.capacityUnits"],
      ["public IPv4 in 2 zones", 2 * hours, 0.005],
    ],
  ],
  "two NAT gateways share what goes through": [
    [resource("aws:ec2/natGateway:NatGateway", "a"), resource("aws:ec2/natGateway:NatGateway", "b")],
    [
      ["NAT gateway", hours, 0.045],
      ["through the NAT gateway", 50, 0.045, "network.natGbPerMonth"],
      ["NAT gateway", hours, 0.045],
      ["through the NAT gateway", 50, 0.045, "network.natGbPerMonth"],
    ],
  ],
  "a NAT instance with a disk of 12 GB": [
    one("aws:ec2/instance:Instance", { instanceType: "t4g.nano", rootBlockDevice: { volumeSize: 12 } }),
    [
      ["t4g.nano", hours, 0.0042],
      ["its disk", 12, 0.08],
    ],
  ],
  "a machine with the disk of its image": [
    one("aws:ec2/instance:Instance", { instanceType: "t4g.nano" }),
    [
      ["t4g.nano", hours, 0.0042],
      ["its disk", 8, 0.08],
    ],
  ],
  "a public address": [one("aws:ec2/eip:Eip"), [["public IPv4 address", hours, 0.005]]],
  "an endpoint in two zones": [
    one("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface", subnetIds: ["a", "b"] }),
    [
      ["endpoint in 2 zones", 2 * hours, 0.01],
      ["through the endpoint", 10, 0.01, "network.endpointGbPerMonth"],
    ],
  ],
  "an endpoint without subnets: one zone": [
    one("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface" }),
    [
      ["endpoint in 1 zones", hours, 0.01],
      ["through the endpoint", 10, 0.01, "network.endpointGbPerMonth"],
    ],
  ],
  "a gateway endpoint, which is what is made without a type": [one("aws:ec2/vpcEndpoint:VpcEndpoint"), []],
  "a cache with two nodes": [[cache({ numCacheClusters: 2 })], [["cache.t4g.small × 2", 2 * hours, 0.0256]]],
  "a cache of three shards with a copy of each": [
    [cache({ numNodeGroups: 3, replicasPerNodeGroup: 1 })],
    [["cache.t4g.small × 6", 6 * hours, 0.0256]],
  ],
  "a cache that says no number": [[cache({})], [["cache.t4g.small × 1", hours, 0.0256]]],
  "a cluster of Aurora": [
    one("aws:rds/cluster:Cluster", { engine: "aurora-postgresql", manageMasterUserPassword: true }),
    [
      ["storage", 30, 0.1, "database.gb"],
      ["I/O", 40, 0.2, "database.ioMillions"],
      ["password", 1, 0.4],
    ],
  ],
  "a database with the password that RDS manages": [
    [database({ manageMasterUserPassword: true })],
    [
      ["db.t4g.medium", hours, 0.065],
      ["100 GB storage", 100, 0.115],
      ["password", 1, 0.4],
    ],
  ],
  "a database in two zones": [
    [database({ multiAz: true })],
    [
      ["db.t4g.medium, Multi-AZ", 2 * hours, 0.065],
      ["100 GB storage, Multi-AZ", 200, 0.115],
    ],
  ],
  "a proxy of nothing that is known: two CPUs": [one("aws:rds/proxy:Proxy"), [["connection proxy", 2 * hours, 0.015]]],
  "Fargate on demand": [
    fargate({ launchType: "FARGATE" }),
    [
      ["4 × 1 vCPU, 2 GB", 4 * hours, vcpu, "service.replicas"],
      ["4 × 1 vCPU, 2 GB", 8 * hours, gb, "service.replicas"],
    ],
  ],
  "Fargate, half of what is beyond the base on Spot, at 30 % of the price": [
    fargate(spot([50, 50], 2)),
    [
      ["3 × 1 vCPU, 2 GB", 3 * hours, vcpu, "service.replicas"],
      ["3 × 1 vCPU, 2 GB", 6 * hours, gb, "service.replicas"],
      ["1 × 1 vCPU, 2 GB on Spot", 0.3 * hours, vcpu, "service.replicas", "service.spotDiscountPercent"],
      ["1 × 1 vCPU, 2 GB on Spot", 0.6 * hours, gb, "service.replicas", "service.spotDiscountPercent"],
    ],
  ],
  "Fargate, an odd one of which goes to Spot": [
    fargate({ ...spot([50, 50], 0), desiredCount: 1 }),
    [
      ["1 × 1 vCPU, 2 GB on Spot", 0.3 * hours, vcpu, "service.replicas", "service.spotDiscountPercent"],
      ["1 × 1 vCPU, 2 GB on Spot", 0.6 * hours, gb, "service.replicas", "service.spotDiscountPercent"],
    ],
  ],
  "Fargate, all of it on Spot": [
    fargate({ capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }),
    [
      ["4 × 1 vCPU, 2 GB on Spot", 1.2 * hours, vcpu, "service.replicas", "service.spotDiscountPercent"],
      ["4 × 1 vCPU, 2 GB on Spot", 2.4 * hours, gb, "service.replicas", "service.spotDiscountPercent"],
    ],
  ],
  "Fargate with a base above the replicas: nothing on Spot": [
    fargate(spot([0, 100], 9)),
    [
      ["4 × 1 vCPU, 2 GB", 4 * hours, vcpu, "service.replicas"],
      ["4 × 1 vCPU, 2 GB", 8 * hours, gb, "service.replicas"],
    ],
  ],
  "a service on instances, which are paid for by themselves": [fargate({ launchType: "EC2" }), []],
  "a service on a capacity provider of instances": [
    fargate({ capacityProviderStrategies: [{ capacityProvider: "machines", weight: 1 }] }),
    [],
  ],
  "a service whose task is for instances alone": [fargate({}, task({ requiresCompatibilities: ["EC2"] })), []],
  "a service whose task takes both": [
    fargate({ desiredCount: 1 }, task({ requiresCompatibilities: ["EC2", "FARGATE"] })),
    [
      ["1 × 1 vCPU, 2 GB", hours, vcpu, "service.replicas"],
      ["1 × 1 vCPU, 2 GB", 2 * hours, gb, "service.replicas"],
    ],
  ],
  "an alarm": [one("aws:cloudwatch/metricAlarm:MetricAlarm", { period: 60 }), [["alarm", 1, 0.1]]],
  "an alarm on two metrics": [
    one("aws:cloudwatch/metricAlarm:MetricAlarm", {
      metricQueries: [{ metric: { period: 60 } }, { metric: {} }, { metric: null, expression: "a/b" }],
    }),
    [["alarm on 2 metrics", 2, 0.1]],
  ],
  "an alarm on a formula alone": [
    one("aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: [{ expression: "SELECT 1" }] }),
    [["alarm", 1, 0.1]],
  ],
  "a composite alarm": [one("aws:cloudwatch/compositeAlarm:CompositeAlarm"), [["composite alarm", 1, 0.5]]],
  "a dashboard": [one("aws:cloudwatch/dashboard:Dashboard"), [["dashboard", 1, 3]]],
  "a log group": [one("aws:cloudwatch/logGroup:LogGroup"), [["log lines", 5, 0.5, "logs.gbPerMonth"]]],
  "a repository of images": [one("aws:ecr/repository:Repository"), [["images", 5, 0.1, "image.gb"]]],
  "a key": [one("aws:kms/key:Key"), [["encryption key", 1, 1]]],
  "a copy of a key": [one("aws:kms/replicaKey:ReplicaKey"), [["copy of an encryption key", 1, 1]]],
  "a zone": [one("aws:route53/zone:Zone"), [["hosted zone", 1, 0.5]]],
  "a bucket": [one("aws:s3/bucket:Bucket"), [["objects", 20, 0.023, "storage.gb"]]],
  "a secret": [one("aws:secretsmanager/secret:Secret"), [["secret", 1, 0.4]]],
};

const assumptions = {
  "cdn.requestsPerMonth": 10_000_000,
  "cdn.transferGbPerMonth": 200,
  "network.natGbPerMonth": 100,
  "network.endpointGbPerMonth": 10,
  "loadBalancer.capacityUnits": 1,
  "service.spotDiscountPercent": 70,
  "logs.gbPerMonth": 5,
  "image.gb": 5,
  "storage.gb": 20,
  "database.acus": 0,
  "database.gb": 30,
  "database.ioMillions": 40,
} as const;

/** What has no price here is said, with the reason; it is no zero. */
const holes: Readonly<Record<string, readonly [readonly PlanResource[], string]>> = {
  "a network load balancer": [
    one("aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network" }),
    "only application load balancers are in the price table, not network",
  ],
  "another machine": [
    one("aws:ec2/instance:Instance", { instanceType: "m7g.large" }),
    "no price for m7g.large in the list",
  ],
  "an endpoint in zones that nobody knows": [
    one("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface", subnetIds: unknown }),
    "the number of its zones is not known before deployment",
  ],
  "a cluster that is no Aurora": [
    one("aws:rds/cluster:Cluster", { engine: "mysql" }),
    "only Aurora is in the price table, not clusters of mysql",
  ],
  "I/O-Optimized": [
    one("aws:rds/cluster:Cluster", { engine: "aurora-postgresql", storageType: "aurora-iopt1" }),
    "I/O-Optimized is not in the price table",
  ],
  "a server of Aurora with a class": [
    one("aws:rds/clusterInstance:ClusterInstance", { instanceClass: "db.r7g.large" }),
    "db.r7g.large of Aurora is not in the price table",
  ],
  "a server of a cluster that nobody knows": [
    one("aws:rds/clusterInstance:ClusterInstance", { instanceClass: "db.serverless" }),
    "the capacity of its cluster is not known before deployment",
  ],
  "a cache of a type that is not there": [
    [cache({ nodeType: "cache.x9.huge" })],
    "cache.x9.huge is not in the price table",
  ],
  "a cache of no type": [[cache({ nodeType: unknown })], "its node type is not in the price table"],
  "a cache of Redis": [[cache({ engine: "redis" })], "only Valkey is in the price table"],
  "a cache of nodes that nobody knows": [
    [cache({ numCacheClusters: unknown })],
    "the number of its nodes is not known before deployment",
  ],
  "a database of another engine": [[database({ engine: "mysql" })], "only PostgreSQL is in the price table, not mysql"],
  "a database of no class": [[database({ instanceClass: unknown })], "its class is not in the price table"],
  "a database without a size": [
    [database({ allocatedStorage: unknown })],
    "the size of its storage is not known before deployment",
  ],
  "storage of another type": [[database({ storageType: "io2" })], "io2 storage is not in the price table"],
  "storage with IOPS and no type": [[database({ iops: 1000 })], "io1 storage is not in the price table"],
  "IOPS one beyond what gp3 includes": [
    [database({ storageType: "gp3", iops: 3001 })],
    "IOPS beyond the 3000 that gp3 includes are not in the price table",
  ],
  "IOPS one beyond what a large gp3 includes": [
    [database({ storageType: "gp3", allocatedStorage: 400, iops: 12_001 })],
    "IOPS beyond the 12000 that gp3 includes are not in the price table",
  ],
  "a rate one beyond what gp3 includes": [
    [database({ storageType: "gp3", storageThroughput: 126 })],
    "throughput beyond the 125 MB/s that gp3 includes is not in the price table",
  ],
  "a rate one beyond what a large gp3 includes": [
    [database({ storageType: "gp3", allocatedStorage: 400, storageThroughput: 501 })],
    "throughput beyond the 500 MB/s that gp3 includes is not in the price table",
  ],
  "a service whose task is elsewhere": [
    one("aws:ecs/service:Service", { taskDefinition: "arn:aws:ecs:us-east-1:1:task-definition/web:1" }),
    "its task definition is not in the plan",
  ],
  "a service with storage beyond what a task includes": [
    fargate({}, task({ ephemeralStorage: { sizeInGib: 21 } })),
    "more than the 20 GiB of storage that a task includes is not in the price table",
  ],
  "a component of a package": [
    [{ ...resource("aws:ecs/service:Service", "x"), remote: true }],
    "what its package makes is not known here",
  ],
  "a project on Vercel": [
    one("vercel:index/project:Project"),
    "Vercel bills seats and usage by the team's plan: vercel.com/pricing",
  ],
};

describe("the bill, line by line", () => {
  const cents = (value: number) => Number(value.toFixed(6));

  for (const [what, [resources, lines]] of Object.entries(bills)) {
    it(what, () => {
      const report = estimate(plan(...resources), { region, assumptions });
      deepEqual(report.unpriced, []);
      deepEqual(
        report.lines.map((line) => [line.what, cents(line.quantity), line.unitUsd, ...line.assumes]),
        lines.map(([name, quantity, ...rest]) => [name, cents(quantity), ...rest]),
      );
      for (const line of report.lines) {
        equal(cents(line.monthlyUsd), cents(line.quantity * line.unitUsd));
        match(line.source.page, /^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\/$/);
      }
      deepEqual(
        report.assumptions.map(({ key }) => key),
        [...new Set(lines.flatMap(([, , , ...assumes]) => assumes))].sort(),
      );
    });
  }

  for (const [what, [resources, reason]] of Object.entries(holes)) {
    it(`has no price for ${what}, and says why`, () => {
      const report = estimate(plan(...resources), { region, assumptions });
      deepEqual([report.monthlyUsd, report.lines, report.unpriced.map((each) => each.reason)], [0, [], [reason]]);
    });
  }

  it("takes what is just within what gp3 includes", () => {
    const within: readonly Inputs[] = [
      { storageType: "gp3", iops: 3000, storageThroughput: 125 },
      { storageType: "gp3", allocatedStorage: 400, iops: 12_000, storageThroughput: 500 },
      { storageType: "gp2" },
      { storageType: "" },
    ];
    for (const inputs of within) deepEqual(estimate(plan(database(inputs)), { region }).unpriced, []);
  });

  it("says what it would be with every autoscaler at its maximum, and nothing where none scales", () => {
    const [definition, web] = fargate({}) as [PlanResource, PlanResource];
    const target = resource("aws:appautoscaling/target:Target", "scaling", {
      minCapacity: 2,
      maxCapacity: 5,
      resourceId: { $unknown: [`${web.urn}#name`], template: "service/{0}" },
    });
    const each = hours * (vcpu + 2 * gb);
    const report = estimate(plan(definition, web, target), { region });
    deepEqual([cents(report.monthlyUsd), cents(report.mostUsd!)], [cents(2 * each), cents(5 * each)]);
    equal(estimate(plan(definition, web), { region }).mostUsd, undefined);
    // How many run is then said by who knows.
    equal(
      estimate(plan(definition, web, target), { region, assumptions: { "service.replicas": 3 } }).mostUsd,
      undefined,
    );
    equal(estimate(plan(definition, web, target), { region: "mars-north-1" }).mostUsd, undefined);
  });

  it("finds what belongs together in a plan of the engine, by id, ARN and name", () => {
    const definition = { ...task(), outputs: { arn: "arn:task" } };
    const web = resource("aws:ecs/service:Service", "web", { desiredCount: 1, taskDefinition: "arn:task" });
    equal(estimate(plan(definition, web), { region }).unpriced.length, 0);
    equal(estimate(plan({ ...definition, outputs: { arn: "" } }, web), { region }).unpriced.length, 1);
    const byFamily = resource("aws:ecs/service:Service", "web", { desiredCount: 1, taskDefinition: "web" });
    equal(estimate(plan(task({ family: "web" }), byFamily), { region }).unpriced.length, 0);
    const primary = { ...database({ identifier: "shop" }), name: "primary" };
    const replica = resource("aws:rds/instance:Instance", "replica", { replicateSourceDb: "shop" });
    const { lines } = estimate(plan(primary, replica), { region });
    deepEqual(
      lines.filter(({ urn }) => urn === replica.urn).map(({ what }) => what),
      ["db.t4g.medium, replica", "100 GB storage, replica"],
    );
  });

  it("gives each of two services its own task and its own autoscaler", () => {
    const of = (name: string, cpu: string, maxCapacity: number) => {
      const definition = { ...task({ cpu }), urn: `urn:task-${name}`, outputs: { arn: `arn:task-${name}` } };
      const web = {
        ...resource("aws:ecs/service:Service", name, { taskDefinition: `arn:task-${name}` }),
        outputs: { id: name },
      };
      const target = { minCapacity: 1, maxCapacity, resourceId: name };
      return [definition, web, resource("aws:appautoscaling/target:Target", `${name}-scaling`, target)];
    };
    const report = estimate(plan(...of("shop", "1024", 1), ...of("blog", "512", 3)), { region });
    deepEqual(
      report.lines.map(({ what }) => what),
      ["1 × 1 vCPU, 2 GB", "1 × 1 vCPU, 2 GB", "1 × 0.5 vCPU, 2 GB", "1 × 0.5 vCPU, 2 GB"],
    );
    equal(cents(report.mostUsd! - report.monthlyUsd), cents(2 * hours * (0.5 * vcpu + 2 * gb)));
  });

  it("lists components by what they cost, the most expensive first, and none that cost nothing", () => {
    const [cheap, dear, free] = [
      component("secrets", "AwsSecretsManager"),
      component("database", "AwsRdsPostgres"),
      component("pipeline", "AwsGithubActions"),
    ] as const;
    const report = estimate(
      plan(
        cheap,
        resource("aws:secretsmanager/secret:Secret", "s", {}, { parent: cheap }),
        dear,
        { ...database({}), parent: dear.urn },
        free,
        resource("aws:iam/role:Role", "r", {}, { parent: free }),
        resource("aws:cloudwatch/logGroup:LogGroup", "l", {}, { parent: free }),
      ),
      { region, assumptions: { "logs.gbPerMonth": 0 } },
    );
    deepEqual(
      report.components.map(({ component: name, urn }) => [name, urn]),
      [
        ["database", dear.urn],
        ["secrets", cheap.urn],
      ],
    );
    deepEqual([report.version, report.currency, report.region, report.stack], [1, "USD", region, "prod"]);
  });

  it("names the component of what has no price", () => {
    const parent = component("search", "AwsSearch");
    const { unpriced } = estimate(plan(parent, resource("aws:opensearch/domain:Domain", "d", {}, { parent })), {
      region,
    });
    deepEqual(
      unpriced.map(({ type, component: name, reason }) => [type, name, reason]),
      [["aws:opensearch/domain:Domain", "search", "no estimator for this type"]],
    );
  });

  it("asks for a region where none is configured", () => {
    equal(estimate(plan(database({})), { region: "" }).unpriced[0]!.reason, "no region is configured");
  });

  it("says of an assumption what it is, in which unit, and whose", () => {
    const described = (given: object) =>
      estimate(plan(...one("aws:s3/bucket:Bucket")), { region, assumptions: given }).assumptions[0]!;
    const own = described({ "storage.gb": 7 });
    deepEqual([own.key, own.value, own.from], ["storage.gb", 7, "settings"]);
    const common = described({});
    deepEqual(
      [common.from, common.value > 0, common.unit.length > 0, common.meaning.length > 0],
      ["default", true, true, true],
    );
  });

  it("counts what is free and what is paid elsewhere, by type", () => {
    const { elsewhere, free } = estimate(
      plan(
        resource("aws:iam/role:Role", "a"),
        resource("aws:iam/role:Role", "b"),
        resource("random:index/randomPassword:RandomPassword", "c"),
        resource("docker:index/container:Container", "d"),
        resource("kubernetes:core/v1:Secret", "e"),
      ),
      { region },
    );
    deepEqual(free, [
      { type: "aws:iam/role:Role", count: 2 },
      { type: "random:index/randomPassword:RandomPassword", count: 1 },
    ]);
    deepEqual(elsewhere, [
      { type: "docker:index/container:Container", count: 1 },
      { type: "kubernetes:core/v1:Secret", count: 1 },
    ]);
  });
});

describe("amounts as they are read", () => {
  it("whole dollars from ten up, cents below, and never nothing for something", () => {
    deepEqual([9.99, 9.994, 9.995, 0.005, 0.0049, -3.5, 3].map(dollars), [
      "$9.99",
      "$9.99",
      "$10",
      "$0.01",
      "under $0.01",
      "$3.50",
      "$3",
    ]);
    deepEqual([0.005, -0.005, 0.0049, -0.0049, 1234].map(signedDollars), ["+$0.01", "−$0.01", "±$0", "±$0", "+$1,234"]);
  });

  it("shares with one place below ten, whole above", () => {
    deepEqual([12.4, -12.6, 0.44, -0.44, 9.49, 9.5, 1234.4].map(signedPercent), [
      "+12 %",
      "−13 %",
      "+0.4 %",
      "−0.4 %",
      "+9.5 %",
      "+10 %",
      "+1,234 %",
    ]);
  });
});
