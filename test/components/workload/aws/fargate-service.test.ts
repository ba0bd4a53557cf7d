import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { AwsFargateService, type AwsFargateServiceArgs } from "../../../../components/workload/aws/fargate-service";
import type { ReleaseStrategy } from "../../../../components/workload/contract";
import type { Plan } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { json, keyArn, network, once, orphans, output, statements } from "../../aws-fixtures";
import { commonArgs } from "../../service";

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const databaseSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1";
const authSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:auth-AbCdEf";

const args = (): AwsFargateServiceArgs => ({
  region: "eu-central-1",
  network,
  exposure: "cloudfront",
  certificateArn,
  image: { reference: pulumi.output("ghcr.io/acme/shop@sha256:4be1"), release: pulumi.output("4be1") },
  environment: {
    LOG_LEVEL: "info",
    AUTH_SECRET: { store: "aws-secrets-manager", arn: authSecret, versionId: "v1" },
    DATABASE_SECRET_ARN: { store: "aws-secrets-manager", arn: databaseSecret, key: "password", delivery: "fetched" },
  },
  size: { cpuMillis: 500, memoryMb: 1024 },
  ...commonArgs,
  scaling: { ...commonArgs.scaling, maxReplicas: 10 },
  rollbackAbove: { errorPercent: 1, p95Milliseconds: 1000 },
  logRetentionDays: 90,
  keyArn,
  protect: true,
});

const service = once((changes?: Partial<AwsFargateServiceArgs>) =>
  record(() => {
    const made = new AwsFargateService("web", { ...args(), ...changes });
    return { url: made.url, signals: made.signals, logs: made.logs, rollback: made.rollback };
  }),
);

interface Container {
  readonly [key: string]: unknown;
  readonly name: string;
}

const containers = (plan: Plan) =>
  json<Container[]>(only(plan, "aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]);
const container = (plan: Plan, name: string) => containers(plan).find((one) => one.name === name)!;
const inputs = (plan: Plan) => only(plan, "aws:ecs/service:Service").inputs;

const releases: Record<ReleaseStrategy["strategy"], ReleaseStrategy> = {
  rolling: { strategy: "rolling" },
  "blue-green": { strategy: "blue-green", bakeMinutes: 5 },
  canary: { strategy: "canary", weightPercent: 10, stepMinutes: 3, bakeMinutes: 5 },
  linear: { strategy: "linear", weightPercent: 25, stepMinutes: 2, bakeMinutes: 5 },
};

describe("AwsFargateService", () => {
  describe("task", () => {
    it("runs without root, without a writable disk but /tmp, and without any capability", async () => {
      for (const one of containers(await service({ publishAssets: ["node", "publish-assets.js"] }))) {
        assert.equal(one["user"], "1001:1001");
        assert.equal(one["readonlyRootFilesystem"], true);
        assert.deepEqual(one["mountPoints"], [{ containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" }]);
        assert.deepEqual(one["linuxParameters"], {
          capabilities: { add: [], drop: ["ALL"] },
          initProcessEnabled: true,
        });
        assert.ok(!("privileged" in one));
      }
    });

    it("has the size of Fargate's units", async () => {
      const { cpu, memory, runtimePlatform } = only(await service(), "aws:ecs/taskDefinition:TaskDefinition").inputs;
      assert.deepEqual([cpu, memory], ["512", "1024"]);
      assert.deepEqual(runtimePlatform, { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" });
    });

    it("gets secrets by reference: injected ones from ECS, fetched ones as an ARN", async () => {
      const server = container(await service(), "server");
      assert.deepEqual(server["secrets"], [{ name: "AUTH_SECRET", valueFrom: `${authSecret}:::v1` }]);
      assert.deepEqual(server["environment"], [
        { name: "DATABASE_SECRET_ARN", value: databaseSecret },
        { name: "HOSTNAME", value: "0.0.0.0" },
        { name: "LOG_LEVEL", value: "info" },
        { name: "RELEASE", value: "4be1" },
      ]);
    });

    it("refuses a secret of another target, naming the variable", async () => {
      const environment = { AUTH_SECRET: { store: "kubernetes", secret: "app", key: "auth" } } as const;
      await assert.rejects(service({ environment }), /AUTH_SECRET: a secret in kubernetes cannot reach an ECS task/);
    });

    it("serves only after the migration has succeeded, and whatever became of the assets", async () => {
      const plan = await service({ publishAssets: ["node", "publish-assets.js"] });
      assert.deepEqual(container(plan, "server")["dependsOn"], [
        { condition: "COMPLETE", containerName: "publish-assets" },
      ]);
      const [publish, migrate] = [container(plan, "publish-assets"), container(plan, "migrate")];
      assert.deepEqual(publish["dependsOn"], [{ condition: "SUCCESS", containerName: "migrate" }]);
      assert.deepEqual([migrate["command"], migrate["essential"]], [["node", "migrate.js"], false]);
      assert.ok(!("dependsOn" in migrate));
    });

    it("is one container when there is nothing to migrate", async () => {
      const plan = await service({ migration: undefined });
      assert.deepEqual(
        containers(plan).map(({ name }) => name),
        ["server"],
      );
      assert.ok(!("dependsOn" in container(plan, "server")));
    });

    it("is found alive without shell or curl, and stops no later than Fargate kills", async () => {
      const server = container(await service({ shutdown: { drainSeconds: 100, graceSeconds: 20 } }), "server");
      const { command } = server["healthCheck"] as { command: string[] };
      assert.deepEqual(command.slice(0, 3), ["CMD", "node", "-e"]);
      assert.ok(command[3]?.includes('"http://127.0.0.1:3000/api/health"'));
      assert.equal(server["stopTimeout"], 120);
      assert.equal(container(await service(), "server")["stopTimeout"], 45);
    });

    it("is the same text however the variables were ordered", async () => {
      const definitions = async (environment: AwsFargateServiceArgs["environment"]) =>
        only(await service({ environment }), "aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"];
      assert.deepEqual(await definitions({ A: "1", B: "2" }), await definitions({ B: "2", A: "1" }));
    });

    it("stays registered, so that there is a way back to it", async () => {
      assert.equal(only(await service(), "aws:ecs/taskDefinition:TaskDefinition").inputs["skipDestroy"], true);
    });
  });

  describe("roles", () => {
    it("let ECS read the injected secrets and the application the fetched ones, and neither the other's", async () => {
      const plan = await service();
      const readable = (role: string) =>
        statements(only(plan, "aws:iam/rolePolicy:RolePolicy", role))
          .filter(({ Action }) => Action === "secretsmanager:GetSecretValue")
          .map(({ Resource }) => Resource);
      assert.deepEqual(readable("web-execution"), [[authSecret]]);
      assert.deepEqual(readable("web-task"), [[databaseSecret]]);
    });

    it("name the image's repository only where it is in ECR", async () => {
      const actions = async (repositoryArn?: string) =>
        statements(only(await service({ repositoryArn }), "aws:iam/rolePolicy:RolePolicy", "web-execution")).flatMap(
          ({ Action }) => Action,
        );
      assert.ok(!(await actions()).some((action) => action.startsWith("ecr:")));
      assert.ok((await actions("arn:aws:ecr:eu-central-1:1:repository/shop")).includes("ecr:BatchGetImage"));
    });

    it("leave a task that asks for nothing without any permission", async () => {
      const plan = await service({ environment: {} });
      assert.deepEqual(
        all(plan, "aws:iam/rolePolicy:RolePolicy").map(({ name }) => name),
        ["web-execution"],
      );
    });
  });

  describe("service", () => {
    it("runs in private subnets, spread, and never with fewer replicas than asked for", async () => {
      const given = inputs(await service());
      assert.deepEqual(given["networkConfiguration"], {
        assignPublicIp: false,
        securityGroups: ["sg-application"],
        subnets: ["private-1", "private-2"],
      });
      assert.deepEqual([given["deploymentMinimumHealthyPercent"], given["deploymentMaximumPercent"]], [100, 200]);
      assert.equal(given["availabilityZoneRebalancing"], "ENABLED");
      assert.equal(given["enableExecuteCommand"], false);
    });

    it("leaves the number of replicas to scaling", async () => {
      const { options } = only(await service(), "aws:ecs/service:Service");
      assert.deepEqual(options.ignoreChanges, ["desiredCount"]);
    });

    it("rolls back by itself, on tasks that do not start and on alarms", async () => {
      const plan = await service();
      assert.deepEqual(inputs(plan)["deploymentCircuitBreaker"], { enable: true, rollback: true });
      const names = all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").map((alarm) => output(alarm, "name"));
      assert.deepEqual(inputs(plan)["alarms"], { alarmNames: names, enable: true, rollback: true });
      assert.equal(names.length, 2);
    });
  });

  describe("releases", () => {
    const expected = {
      rolling: { strategy: "ROLLING" },
      "blue-green": { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" },
      canary: {
        strategy: "CANARY",
        bakeTimeInMinutes: "5",
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: "3" },
      },
      linear: {
        strategy: "LINEAR",
        bakeTimeInMinutes: "5",
        linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "2" },
      },
    };
    for (const release of Object.values(releases)) {
      it(`${release.strategy} is what ECS calls it`, async () => {
        assert.deepEqual(inputs(await service({ release }))["deploymentConfiguration"], expected[release.strategy]);
      });
    }

    it("rolling needs one target group and no role", async () => {
      const plan = await service();
      assert.equal(all(plan, "aws:lb/targetGroup:TargetGroup").length, 1);
      const [routing] = inputs(plan)["loadBalancers"] as object[];
      assert.deepEqual(Object.keys(routing!).sort(), ["containerName", "containerPort", "targetGroupArn"]);
      assert.equal(only(plan, "aws:lb/listenerRule:ListenerRule").options.ignoreChanges?.length ?? 0, 0);
    });

    it("side by side: two target groups, whose weights belong to ECS from then on", async () => {
      const plan = await service({ release: releases["blue-green"] });
      const [blue, green] = all(plan, "aws:lb/targetGroup:TargetGroup");
      const production = only(plan, "aws:lb/listenerRule:ListenerRule", "web-alb-production");
      const test = only(plan, "aws:lb/listenerRule:ListenerRule", "web-alb-test");
      assert.deepEqual(production.inputs["actions"], [
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: output(blue!, "arn"), weight: 1 },
              { arn: output(green!, "arn"), weight: 0 },
            ],
          },
        },
      ]);
      assert.deepEqual(production.options.ignoreChanges, ["actions"]);
      assert.deepEqual(test.options.ignoreChanges, ["actions"]);
      const [routing] = inputs(plan)["loadBalancers"] as { advancedConfiguration: object }[];
      assert.deepEqual(routing?.advancedConfiguration, {
        alternateTargetGroupArn: output(green!, "arn"),
        productionListenerRule: output(production, "arn"),
        testListenerRule: output(test, "arn"),
        roleArn: output(only(plan, "aws:iam/role:Role", "web-routing"), "arn"),
      });
    });

    it("keeps a visitor with one release for as long as a canary is watched", async () => {
      const plan = await service({ release: releases.canary });
      const [{ forward }] = only(plan, "aws:lb/listenerRule:ListenerRule", "web-alb-production").inputs["actions"] as [
        { forward: { stickiness: object } },
      ];
      assert.deepEqual(forward.stickiness, { enabled: true, duration: 180 });
    });

    it("judges each release by itself, on enough requests, twice in a row", async () => {
      const plan = await service({ release: releases.canary });
      const errors = only(plan, "aws:cloudwatch/metricAlarm:MetricAlarm", "web-release-errors").inputs;
      assert.deepEqual([errors["threshold"], errors["evaluationPeriods"], errors["datapointsToAlarm"]], [1, 2, 2]);
      const queries = errors["metricQueries"] as { id: string; expression?: string }[];
      assert.equal(
        queries.find(({ id }) => id === "worst")?.expression,
        "MAX([IF(FILL(requests0, 0) >= 20, 100 * FILL(errors0, 0) / requests0, 0), IF(FILL(requests1, 0) >= 20, 100 * FILL(errors1, 0) / requests1, 0)])",
      );
      assert.equal(queries.length, 5);
      const latency = only(plan, "aws:cloudwatch/metricAlarm:MetricAlarm", "web-release-latency").inputs;
      assert.equal(latency["threshold"], 1);
    });
  });

  describe("entrance", () => {
    it("behind CloudFront has no public address, no plain HTTP, no firewall of its own", async () => {
      const plan = await service();
      const { inputs: given } = only(plan, "aws:lb/loadBalancer:LoadBalancer");
      assert.equal(given["internal"], true);
      assert.deepEqual(given["subnets"], ["private-1", "private-2"]);
      assert.equal(all(plan, "aws:lb/listener:Listener").length, 1);
      assert.deepEqual(all(plan, "aws:wafv2/webAcl:WebAcl"), []);
      const rules = all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((one) => one.inputs);
      assert.ok(rules.every((rule) => !("cidrIpv4" in rule)));
    });

    it("on the internet redirects to HTTPS, and stands behind a firewall", async () => {
      const plan = await service({ exposure: "internet", hostedZoneId: "Z1" });
      const balancer = only(plan, "aws:lb/loadBalancer:LoadBalancer");
      assert.equal(balancer.inputs["internal"], false);
      assert.deepEqual(balancer.inputs["subnets"], ["public-1", "public-2"]);
      const [redirect] = only(plan, "aws:lb/listener:Listener", "web-alb-http").inputs["defaultActions"] as object[];
      assert.deepEqual(redirect, {
        type: "redirect",
        redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
      });
      const association = only(plan, "aws:wafv2/webAclAssociation:WebAclAssociation");
      assert.deepEqual(association.inputs["resourceArn"], output(balancer, "arn"));
      assert.equal(only(plan, "aws:route53/record:Record").inputs["name"], "shop.example.com");
    });

    it("speaks TLS 1.2 and 1.3, drops malformed headers, logs, and is not deleted by mistake", async () => {
      const plan = await service();
      const balancer = only(plan, "aws:lb/loadBalancer:LoadBalancer").inputs;
      assert.equal(balancer["dropInvalidHeaderFields"], true);
      assert.equal(balancer["enableDeletionProtection"], true);
      assert.equal((balancer["accessLogs"] as { enabled: boolean }).enabled, true);
      const listener = only(plan, "aws:lb/listener:Listener").inputs;
      assert.equal(listener["sslPolicy"], "ELBSecurityPolicy-TLS13-1-2-Res-2021-06");
      assert.equal(listener["certificateArn"], certificateArn);
    });

    it("asks readiness, and gives requests in flight their time", async () => {
      const group = only(await service(), "aws:lb/targetGroup:TargetGroup").inputs;
      assert.equal(group["deregistrationDelay"], 15);
      assert.equal((group["healthCheck"] as { path: string }).path, "/api/ready");
    });
  });

  describe("scaling", () => {
    it("follows CPU, memory and requests", async () => {
      const plan = await service();
      const { minCapacity, maxCapacity } = only(plan, "aws:appautoscaling/target:Target").inputs;
      assert.deepEqual([minCapacity, maxCapacity], [2, 10]);
      const targets = all(plan, "aws:appautoscaling/policy:Policy").map(
        ({ inputs: policy }) =>
          (policy["targetTrackingScalingPolicyConfiguration"] as { targetValue: number }).targetValue,
      );
      assert.deepEqual(targets, [60, 75, 1000]);
    });

    it("counts requests over both releases", async () => {
      const policy = only(await service(), "aws:appautoscaling/policy:Policy", "web-scaling-requests").inputs;
      const { customizedMetricSpecification: given } = policy["targetTrackingScalingPolicyConfiguration"] as {
        customizedMetricSpecification: { metrics: { id: string; returnData: boolean; expression?: string }[] };
      };
      assert.deepEqual(
        given.metrics.map(({ id, returnData }) => [id, returnData]),
        [
          ["requests", false],
          ["replicas", false],
          ["each", true],
        ],
      );
    });
  });

  it("is watched by its entrance and by its replicas, in whichever target group they are", async () => {
    const rolling = (await service()).outputs["signals"] as { identifiers: Record<string, unknown> }[];
    assert.deepEqual(rolling[1]?.identifiers["AlternateTargetGroup"], rolling[1]?.identifiers["TargetGroup"]);
    const plan = await service({ release: releases["blue-green"] });
    const [, green] = all(plan, "aws:lb/targetGroup:TargetGroup");
    const both = plan.outputs["signals"] as { identifiers: Record<string, unknown> }[];
    assert.deepEqual(both[1]?.identifiers["AlternateTargetGroup"], output(green!, "arnSuffix"));
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(orphans(await service({ exposure: "internet", release: releases.canary })), []);
  });
});
