import { strict as assert } from "node:assert";
import { estimate } from "../../../../tools/judge/cost/estimate";
import { estimators, isElsewhere, isFree } from "../../../../tools/judge/cost/estimators";
import { dollars, signedDollars } from "../../../../tools/judge/cost/money";
import type { PlanResource } from "../../../../tools/plan/plan";
import { component, plan, resource } from "../../plans";

const frankfurt = { region: "eu-central-1" };
const virginia = { region: "us-east-1" };

function about(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 0.01, `${actual}, expected ${expected}`);
}

function instance(inputs: PlanResource["inputs"], parent?: PlanResource): PlanResource {
  return resource(
    "aws:rds/instance:Instance",
    "database",
    { instanceClass: "db.t4g.medium", allocatedStorage: 20, ...inputs },
    { parent },
  );
}

function service(cpu: string, memory: string, architecture: string, minCapacity?: number): PlanResource[] {
  const runtimePlatform = { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" };
  const task = resource("aws:ecs/taskDefinition:TaskDefinition", "task", { cpu, memory, runtimePlatform });
  const running = resource("aws:ecs/service:Service", "web", {
    desiredCount: 2,
    taskDefinition: { $unknown: [`${task.urn}#arn`] },
  });
  const target = resource("aws:appautoscaling/target:Target", "scaling", {
    minCapacity: minCapacity ?? 1,
    resourceId: { $unknown: ["urn:cluster#name", `${running.urn}#name`], template: "service/{0}/{1}" },
  });
  return [task, running, ...(minCapacity === undefined ? [] : [target])];
}

describe("the cost estimate", () => {
  it("counts an instance by the hour and its storage by the GB", () => {
    about(estimate(plan(instance({})), virginia).monthlyUsd, 730 * 0.065 + 20 * 0.115);
  });

  it("counts both zones of Multi-AZ, and a replica with its primary's size", () => {
    const primary = instance({ multiAz: true });
    about(estimate(plan(primary), virginia).monthlyUsd, 2 * (730 * 0.065 + 20 * 0.115));
    const replica = resource("aws:rds/instance:Instance", "replica", {
      replicateSourceDb: { $unknown: [`${primary.urn}#arn`] },
      instanceClass: "db.t4g.small",
    });
    about(
      estimate(plan(primary, replica), virginia).monthlyUsd,
      2 * (730 * 0.065 + 20 * 0.115) + 730 * 0.032 + 20 * 0.115,
    );
  });

  it("counts each server of Aurora by the least that its cluster gives it, or by what is assumed", () => {
    const cluster = resource("aws:rds/cluster:Cluster", "aurora", {
      engine: "aurora-postgresql",
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 8 },
    });
    const servers = ["1", "2"].map((name) =>
      resource("aws:rds/clusterInstance:ClusterInstance", name, {
        clusterIdentifier: { $unknown: [`${cluster.urn}#id`] },
        instanceClass: "db.serverless",
      }),
    );
    const storage = 20 * 0.1 + 20 * 0.2;
    const usd = (more: object) => estimate(plan(cluster, ...servers), { ...virginia, ...more }).monthlyUsd;
    about(usd({}), 2 * 0.5 * 730 * 0.12 + storage);
    about(usd({ assumptions: { "database.acus": 3 } }), 2 * 3 * 730 * 0.12 + storage);
  });

  it("reads CPU and memory as ECS does, and prices nothing of what it cannot read", () => {
    const known = estimate(plan(...service("512", "1024", "X86_64")), virginia).monthlyUsd;
    about(estimate(plan(...service(".5 vCPU", "1 GB", "X86_64")), virginia).monthlyUsd, known);
    about(estimate(plan(...service("0.5vcpu", "1gb", "X86_64")), virginia).monthlyUsd, known);
    const unpriced = (change: (task: PlanResource, web: PlanResource) => PlanResource[]) => {
      const [task, web] = service("512", "1024", "X86_64") as [PlanResource, PlanResource];
      const report = estimate(plan(...change(task, web)), virginia);
      assert.equal(report.monthlyUsd, 0);
      return report.unpriced.map(({ reason }) => reason).join();
    };
    const of = (one: PlanResource, inputs: PlanResource["inputs"]) => ({
      ...one,
      inputs: { ...one.inputs, ...inputs },
    });
    const unknown = { $unknown: ["urn#value"] };
    assert.match(
      unpriced((task, web) => [of(task, { cpu: unknown }), web]),
      /CPU or memory is not known/,
    );
    assert.match(
      unpriced((task, web) => [task, of(web, { desiredCount: unknown })]),
      /number of its replicas/,
    );
    assert.match(
      unpriced((task, web) => [
        of(task, { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } }),
        web,
      ]),
      /Windows/,
    );
    assert.match(
      unpriced((task, web) => [of(task, { ephemeralStorage: { sizeInGib: 21 } }), web]),
      /20 GiB/,
    );
    assert.equal(
      unpriced((task, web) => [task, of(web, { launchType: "EC2" })]),
      "",
    );
  });

  it("counts an alarm by the metrics that it watches", () => {
    const alarm = (inputs: PlanResource["inputs"]) =>
      estimate(plan(resource("aws:cloudwatch/metricAlarm:MetricAlarm", "a", inputs)), virginia);
    const metric = (period: number) => ({ metric: { metricName: "x", namespace: "n", period, stat: "Sum" } });
    about(alarm({ metricName: "x", period: 60 }).monthlyUsd, 0.1);
    about(alarm({ metricQueries: [metric(60), metric(60), { expression: "a/b" }] }).monthlyUsd, 0.2);
    about(alarm({ metricQueries: [metric(60), { expression: "ANOMALY_DETECTION_BAND(m1)" }] }).monthlyUsd, 0.3);
    assert.match(alarm({ period: 10 }).unpriced[0]!.reason, /below a minute/);
    assert.match(alarm({ metricQueries: [metric(30)] }).unpriced[0]!.reason, /below a minute/);
  });

  it("prices a resource where its own provider puts it", () => {
    const inRegion = (region: PlanResource["inputs"]) => {
      const provider = resource("pulumi:providers:aws", "there", region);
      const db = { ...instance({}), options: { provider: `${provider.urn}::id` } };
      return estimate(plan(provider, db), virginia);
    };
    about(inRegion({ region: "eu-central-1" }).monthlyUsd, estimate(plan(instance({})), frankfurt).monthlyUsd);
    about(inRegion({}).monthlyUsd, estimate(plan(instance({})), virginia).monthlyUsd);
    assert.match(inRegion({ region: "sa-east-1" }).unpriced[0]!.reason, /sa-east-1 is not in the price table/);
    assert.match(inRegion({ region: { $unknown: ["urn#value"] } }).unpriced[0]!.reason, /not known before deployment/);
  });

  it("prices a proxy by the CPUs behind it", () => {
    const proxy = resource("aws:rds/proxy:Proxy", "proxy");
    const usd = (instanceClass: string) =>
      estimate(plan(instance({ instanceClass }), proxy), virginia).lines.find(({ urn }) => urn === proxy.urn)!.quantity;
    assert.deepEqual(
      ["db.t4g.large", "db.t4g.xlarge", "db.m6g.4xlarge"].map((one) => usd(one) / 730),
      [2, 4, 16],
    );
  });

  it("counts Fargate by CPU and memory of the replicas that always run", () => {
    about(
      estimate(plan(...service("512", "1024", "X86_64")), virginia).monthlyUsd,
      2 * 730 * (0.5 * 0.04048 + 0.004445),
    );
    about(
      estimate(plan(...service("512", "1024", "ARM64", 3)), frankfurt).monthlyUsd,
      3 * 730 * (0.5 * 0.03725 + 0.00409),
    );
  });

  it("says where each price is from, and from which day", () => {
    const [line] = estimate(plan(instance({})), frankfurt).lines;
    assert.equal(line?.unitUsd, 0.074);
    assert.equal(line.source.page, "https://aws.amazon.com/rds/postgresql/pricing/");
    assert.match(line.source.taken, /^https:\/\/github\.com\/.*rds-postgresql-ondemand\.json$/);
    assert.equal(line.source.on, "2025-12-05");
  });

  it("takes usage from the settings, and says what it assumed", () => {
    const options = { ...virginia, assumptions: { "service.replicas": 10 } };
    const report = estimate(plan(...service("1024", "2048", "X86_64", 2)), options);
    about(report.monthlyUsd, 10 * 730 * (0.04048 + 2 * 0.004445));
    assert.deepEqual(
      report.assumptions.map(({ key, value, from }) => [key, value, from]),
      [["service.replicas", 10, "settings"]],
    );
  });

  it("tells free, paid elsewhere and unknown apart", () => {
    const report = estimate(
      plan(
        resource("aws:iam/role:Role", "role"),
        resource("kubernetes:apps/v1:Deployment", "web"),
        resource("aws:opensearch/domain:Domain", "search"),
        instance({ instanceClass: "db.x9g.huge" }),
      ),
      frankfurt,
    );
    assert.deepEqual(report.free, [{ type: "aws:iam/role:Role", count: 1 }]);
    assert.deepEqual(report.elsewhere, [{ type: "kubernetes:apps/v1:Deployment", count: 1 }]);
    assert.deepEqual(
      report.unpriced.map(({ type, reason }) => [type, reason]),
      [
        ["aws:opensearch/domain:Domain", "no estimator for this type"],
        ["aws:rds/instance:Instance", "db.x9g.huge is not in the price table"],
      ],
    );
    assert.equal(report.monthlyUsd, 0);
  });

  it("does not guess for a region without prices", () => {
    const report = estimate(plan(instance({})), { region: "mars-north-1" });
    assert.equal(report.lines.length, 0);
    assert.match(report.unpriced[0]?.reason ?? "", /mars-north-1 is not in the price table/);
  });

  it("sums components up to the total, and leaves out what is deleted", () => {
    const database = component("database", "AwsRdsPostgres");
    const cache = component("cache", "AwsElastiCache");
    const group = resource(
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "cache",
      { engine: "valkey", nodeType: "cache.t4g.small", numCacheClusters: 2 },
      { parent: cache },
    );
    const whole = estimate(plan(database, instance({}, database), cache, group), frankfurt);
    assert.deepEqual(
      whole.components.map(({ component }) => component),
      ["database", "cache"],
    );
    about(
      whole.components.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0),
      whole.monthlyUsd,
    );
    const without = plan(database, instance({}, database), cache, { ...group, operation: "delete" });
    about(estimate(without, frankfurt).monthlyUsd, whole.components[0]!.monthlyUsd);
  });

  it("prices endpoints by zone, and gateway endpoints not at all", () => {
    const endpoint = (inputs: PlanResource["inputs"]) => plan(resource("aws:ec2/vpcEndpoint:VpcEndpoint", "e", inputs));
    const usage = { ...virginia, assumptions: { "network.endpointGbPerMonth": 0 } };
    about(
      estimate(endpoint({ vpcEndpointType: "Interface", subnetIds: ["a", "b", "c"] }), usage).monthlyUsd,
      3 * 730 * 0.01,
    );
    about(estimate(endpoint({ vpcEndpointType: "Gateway" }), usage).monthlyUsd, 0);
  });

  it("charges an internal load balancer no public addresses", () => {
    const balancer = (internal: boolean) =>
      plan(resource("aws:lb/loadBalancer:LoadBalancer", "alb", { internal, subnets: ["a", "b"] }));
    about(
      estimate(balancer(false), virginia).monthlyUsd - estimate(balancer(true), virginia).monthlyUsd,
      2 * 730 * 0.005,
    );
  });
});

describe("what is paid by use", () => {
  const types = ["cloudwatch/eventBus:EventBus", "lambda/function:Function", "sns/topic:Topic", "sqs/queue:Queue"];
  for (const type of types.map((name) => `aws:${name}`)) {
    it(`${type} is no zero in somebody's own program, and next to nothing in Slipway's components`, () => {
      const { unpriced, free } = estimate(plan(resource(type, "one")), virginia);
      assert.match(unpriced[0]!.reason, /of which no program says how many$/);
      assert.deepEqual(free, []);
      const parent = component("cdn", "AwsCachePurge");
      const ours = estimate(plan(parent, resource(type, "one", {}, { parent })), virginia);
      assert.deepEqual([ours.unpriced, ours.free], [[], [{ type, count: 1 }]]);
    });
  }
});

describe("the estimators", () => {
  it("is what the stack file says each of them comes to", () => {
    const own = plan(resource("aws:sqs/queue:Queue", "jobs"), resource("aws:lambda/function:Function", "mail"));
    const { monthlyUsd, unpriced, assumptions } = estimate(own, {
      ...virginia,
      assumptions: { "use.usdPerMonth": 7.5 },
    });
    assert.deepEqual([monthlyUsd, unpriced], [15, []]);
    assert.deepEqual(
      assumptions.map(({ key, from }) => [key, from]),
      [["use.usdPerMonth", "settings"]],
    );
    assert.deepEqual(estimate(own, { ...virginia, assumptions: { "use.usdPerMonth": 0 } }).unpriced, []);
  });

  it("puts every type into one group only", () => {
    for (const type of Object.keys(estimators)) assert.ok(!isFree(resource(type, "one")) && !isElsewhere(type), type);
  });
});

describe("money", () => {
  it("shows cents only where they matter", () => {
    assert.deepEqual([312.4, 10, 4.1, 0, 0.001, 12345].map(dollars), [
      "$312",
      "$10",
      "$4.10",
      "$0",
      "under $0.01",
      "$12,345",
    ]);
    assert.deepEqual([38, -4.1, 0].map(signedDollars), ["+$38", "−$4.10", "±$0"]);
  });
});
