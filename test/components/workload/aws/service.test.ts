import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { AwsLoadBalancer } from "../../../../components/ingress/aws-load-balancer";
import type { AwsIngress } from "../../../../components/ingress/aws-target-groups";
import { AwsCluster } from "../../../../components/workload/aws/cluster";
import { AwsService, type AwsServiceArgs } from "../../../../components/workload/aws/service";
import type { Process, ReleaseStrategy } from "../../../../components/workload/contract";
import type { Plan } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { json, keyArn, network, once, orphans, output, statements } from "../../aws-fixtures";
import { commonArgs } from "../../service";

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const databaseSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1";
const authSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:auth-AbCdEf";

const { domain, health, metricsPort, migration, port, release, scaling, shutdown } = commonArgs;

const process: Process = {
  image: { reference: pulumi.output("ghcr.io/acme/shop@sha256:4be1"), release: pulumi.output("4be1") },
  environment: {
    LOG_LEVEL: "info",
    AUTH_SECRET: { store: "aws-secrets-manager", arn: authSecret, versionId: "v1" },
    DATABASE_SECRET_ARN: { store: "aws-secrets-manager", arn: databaseSecret, key: "password", delivery: "fetched" },
  },
  size: { cpuMillis: 500, memoryMb: 1024 },
  scaling: { ...scaling, maxReplicas: 10 },
  shutdown,
  metricsPort,
};

interface Changes extends Partial<Omit<AwsServiceArgs, "process" | "ingress" | "cluster">> {
  readonly process?: Partial<Process>;
  readonly ingress?: Partial<Omit<AwsIngress, "loadBalancer">>;
  readonly exposure?: "internet" | "cloudfront";
}

const cluster = () => new AwsCluster("web", { network, region: "eu-central-1", keyArn, logRetentionDays: 90 });

const service = once((changes: Changes = {}) =>
  record(() => {
    const { exposure = "cloudfront", ingress, process: changed, ...rest } = changes;
    const loadBalancer = new AwsLoadBalancer("web-alb", { network, exposure, certificateArn });
    const made = new AwsService("web", {
      cluster: cluster(),
      process: { ...process, ...changed },
      ingress: { domain, port, health, loadBalancer, hosts: "any", ...ingress },
      release,
      migration,
      ...rest,
    });
    return { url: made.url, signals: made.signals, logs: made.logs, rollback: made.rollback };
  }),
);

interface Container {
  readonly [key: string]: unknown;
  readonly name: string;
}

const containers = (plan: Plan) =>
  json<Container[]>(only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["containerDefinitions"]);
const container = (plan: Plan, name: string) => containers(plan).find((one) => one.name === name)!;
const inputs = (plan: Plan) => only(plan, "aws:ecs/service:Service").inputs;

const releases: Record<ReleaseStrategy["strategy"], ReleaseStrategy> = {
  rolling: { strategy: "rolling" },
  "blue-green": { strategy: "blue-green", bakeMinutes: 5 },
  canary: { strategy: "canary", weightPercent: 10, stepMinutes: 3, bakeMinutes: 5 },
  linear: { strategy: "linear", weightPercent: 25, stepMinutes: 2, bakeMinutes: 5 },
};

describe("AwsService", () => {
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
      const { cpu, memory, runtimePlatform } = only(
        await service(),
        "aws:ecs/taskDefinition:TaskDefinition",
        "web",
      ).inputs;
      assert.deepEqual([cpu, memory], ["512", "1024"]);
      assert.deepEqual(runtimePlatform, { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" });
    });

    it("gets secrets by reference: injected ones from ECS, fetched ones as an ARN", async () => {
      const server = container(await service(), "server");
      assert.deepEqual(server["secrets"], [{ name: "AUTH_SECRET", valueFrom: `${authSecret}:::v1` }]);
      assert.deepEqual(server["environment"], [
        { name: "CACHE_NAMESPACE", value: "shop-test-web/4f53cda18c2b" },
        { name: "DATABASE_SECRET_ARN", value: databaseSecret },
        { name: "HOSTNAME", value: "::" },
        { name: "LOG_LEVEL", value: "info" },
        { name: "METRICS_PORT", value: "9464" },
        { name: "PORT", value: "3000" },
        { name: "RELEASE", value: "4be1" },
        { name: "SHUTDOWN_DELAY_SECONDS", value: "15" },
        { name: "SHUTDOWN_GRACE_SECONDS", value: "25" },
      ]);
    });

    it("refuses a secret of another target, naming the variable", async () => {
      const environment = { AUTH_SECRET: { store: "kubernetes", secret: "app", key: "auth" } } as const;
      await assert.rejects(
        service({ process: { environment } }),
        /AUTH_SECRET: a secret in kubernetes cannot reach an ECS task/,
      );
    });

    it("serves whatever became of the assets", async () => {
      const plan = await service({ publishAssets: ["node", "publish-assets.js"] });
      assert.deepEqual(container(plan, "server")["dependsOn"], [
        { condition: "COMPLETE", containerName: "publish-assets" },
      ]);
      assert.ok(!("dependsOn" in container(plan, "publish-assets")));
    });

    it("migrates in a task of its own, before the service is touched; a task that is scaled out does not", async () => {
      const plan = await service();
      assert.deepEqual(
        containers(plan).map(({ name }) => name),
        ["server"],
      );
      const run = only(plan, "aws:lambda/invocation:Invocation");
      assert.ok(only(plan, "aws:ecs/service:Service").dependencies.includes(run.urn));
      const migrating = only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web-migration");
      const [migrate, ...others] = json<Container[]>(migrating.inputs["containerDefinitions"]);
      assert.deepEqual([migrate!["command"], others], [["node", "migrate.js"], []]);
    });

    it("is one container, and starts nothing before, when there is nothing to migrate", async () => {
      const plan = await service({ migration: undefined });
      assert.deepEqual(all(plan, "aws:lambda/invocation:Invocation"), []);
      assert.deepEqual(
        containers(plan).map(({ name }) => name),
        ["server"],
      );
      assert.ok(!("dependsOn" in container(plan, "server")));
    });

    it("is found alive without shell or curl, and stops no later than Fargate kills", async () => {
      const server = container(
        await service({ process: { shutdown: { drainSeconds: 95, graceSeconds: 20 } } }),
        "server",
      );
      const { command } = server["healthCheck"] as { command: string[] };
      assert.deepEqual(command.slice(0, 3), ["CMD", "node", "-e"]);
      assert.ok(command[3]?.includes('"http://127.0.0.1:3000/api/health"'));
      assert.equal(server["stopTimeout"], 120);
      assert.equal(container(await service(), "server")["stopTimeout"], 45);
    });

    it("is the same text however the variables were ordered", async () => {
      const definitions = async (environment: Process["environment"]) =>
        only(await service({ process: { environment } }), "aws:ecs/taskDefinition:TaskDefinition", "web").inputs[
          "containerDefinitions"
        ];
      assert.deepEqual(await definitions({ A: "1", B: "2" }), await definitions({ B: "2", A: "1" }));
    });

    it("stays registered, so that there is a way back to it", async () => {
      assert.equal(only(await service(), "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["skipDestroy"], true);
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
      const plan = await service({ process: { environment: {} }, migration: undefined });
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
      const production = only(plan, "aws:lb/listenerRule:ListenerRule", "web-production");
      const test = only(plan, "aws:lb/listenerRule:ListenerRule", "web-test");
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
      const [{ forward }] = only(plan, "aws:lb/listenerRule:ListenerRule", "web-production").inputs["actions"] as [
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

  describe("ingress", () => {
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
      const plan = await service({ exposure: "internet", ingress: { hostedZoneId: "Z1" } });
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

  it("is watched by its ingress and by its replicas, in whichever target group they are", async () => {
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

  describe("alone", () => {
    const refused = (changed: Partial<Process>) =>
      record(() => {
        const existing = { arn: pulumi.output("arn"), name: pulumi.output("shop"), network, region: "eu-central-1" };
        const process = { image: "ghcr.io/acme/shop:1.4.2", ...changed };
        new AwsService("web", { cluster: { ...existing, logRetentionDays: 30, keyArn: undefined }, process });
      });

    it("refuses what Fargate does not have, all at once", async () => {
      await assert.rejects(
        refused({ size: { cpuMillis: 500, memoryMb: 300 } }),
        /web: size\.memoryMb 300 does not go with cpuMillis 500: Fargate offers 1024, 2048, 3072 or 4096/,
      );
      await assert.rejects(
        refused({ size: { cpuMillis: 300, memoryMb: 512 }, shutdown: { drainSeconds: 60, graceSeconds: 61 } }),
        /size\.cpuMillis 300 is not a size of Fargate.*; shutdown takes 126 s: Fargate kills after 120 s/,
      );
      await refused({ size: { cpuMillis: 16000, memoryMb: 122880 } });
    });

    it("may pull from the ECR repository that its image names, and from no other", async () => {
      const pull = async (image: string) =>
        statements(only(await service({ process: { image } }), "aws:iam/rolePolicy:RolePolicy", "web-execution")).find(
          ({ Action }) => Action.includes("ecr:BatchGetImage"),
        )?.Resource;
      assert.equal(
        await pull("444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/shop:1.4.2"),
        "arn:aws:ecr:eu-west-1:444455556666:repository/team/shop",
      );
      assert.equal(await pull("ghcr.io/acme/shop:1.4.2"), undefined);
    });

    it("waits as long as its release takes, and no release that shifts no traffic waits longer", async () => {
      const timeouts = async (release: ReleaseStrategy) =>
        only(await service({ release }), "aws:ecs/service:Service").options.customTimeouts;
      assert.equal(await timeouts(releases.rolling), undefined);
      assert.deepEqual(await timeouts(releases.canary), { create: 28 * 60, update: 28 * 60 });
      // 25, 50 and 75 percent for two minutes each, then five.
      assert.deepEqual(await timeouts(releases.linear), { create: 31 * 60, update: 31 * 60 });
    });

    it("outlives nothing that its tasks need to stop", async () => {
      const plan = await service({ release: releases.canary, migration: undefined });
      const { dependencies } = only(plan, "aws:ecs/service:Service");
      const needed = [
        ...all(plan, "aws:iam/rolePolicy:RolePolicy"),
        ...all(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        ...all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
        ...all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
        ...all(plan, "aws:lb/listenerRule:ListenerRule"),
      ].map(({ urn }) => urn);
      assert.ok(needed.length >= 8);
      assert.deepEqual(
        needed.filter((urn) => !dependencies.includes(urn)),
        [],
      );
    });

    it("keeps its target group when the port changes, and opens the new port before it closes the old", async () => {
      const plan = await service({ ingress: { port: 8080 } });
      assert.deepEqual(only(plan, "aws:lb/targetGroup:TargetGroup").options.ignoreChanges, ["port"]);
      only(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-alb-out-8080");
      only(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "web-alb-application-8080");
    });

    it("hands every child to its transform, with options and name", async () => {
      const plan = await service({
        transform: {
          service: (args, options, name) => {
            options.protect = true;
            return { ...args, tags: { name } };
          },
          targetGroup: { slowStart: 30 },
        },
      });
      const made = only(plan, "aws:ecs/service:Service");
      assert.deepEqual([made.inputs["tags"], made.options.protect], [{ name: "web" }, true]);
      assert.equal(only(plan, "aws:lb/targetGroup:TargetGroup").inputs["slowStart"], 30);
      assert.equal(only(plan, "aws:lb/loadBalancer:LoadBalancer").options.protect, undefined);
    });
  });

  describe("several on one cluster and one load balancer", () => {
    const image = "ghcr.io/acme/shop:1.4.2";
    const shop = (priority: number) =>
      record(() => {
        const loadBalancer = new AwsLoadBalancer("alb", { network, certificateArn });
        const shared = cluster();
        new AwsService("shop", {
          cluster: shared,
          process: { image },
          ingress: { domain: "shop.example.com", loadBalancer },
        });
        const admin = { domain: "admin.example.com", loadBalancer, priority, certificateArn: "arn:admin", port: 8080 };
        new AwsService("admin", { cluster: shared, process: { image }, ingress: admin, release: releases.canary });
        const mail = new AwsService("mail", {
          cluster: shared,
          process: { image, command: ["node", "mail.js"], scaling: { minReplicas: 1, maxReplicas: 4 } },
        });
        return { url: mail.url, signals: mail.signals };
      });

    it("each gets the requests for its own host, and those alone", async () => {
      const plan = await shop(1);
      const rules = all(plan, "aws:lb/listenerRule:ListenerRule").map(({ inputs: { conditions, priority } }) => [
        priority,
        (conditions as { hostHeader?: { values: string[] } }[])[0]?.hostHeader?.values,
      ]);
      assert.deepEqual(rules.sort(), [
        [101, ["admin.example.com"]],
        [11, ["admin.example.com"]],
        [200, ["shop.example.com"]],
      ]);
      assert.equal(only(plan, "aws:lb/listenerCertificate:ListenerCertificate").inputs["certificateArn"], "arn:admin");
      assert.equal(all(plan, "aws:lb/loadBalancer:LoadBalancer").length, 1);
      assert.equal(all(plan, "aws:ecs/cluster:Cluster").length, 1);
      const egress = all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
      assert.deepEqual(egress.map(({ inputs: { fromPort } }) => fromPort).sort(), [3000, 8080]);
    });

    it("is scaled on its own requests, not on its neighbour's", async () => {
      const { inputs: policy } = only(await shop(1), "aws:appautoscaling/policy:Policy", "admin-scaling-requests");
      const { customizedMetricSpecification: given } = policy["targetTrackingScalingPolicyConfiguration"] as {
        customizedMetricSpecification: {
          metrics: { expression?: string; metricStat?: { metric: { dimensions: { name: string }[] } } }[];
        };
      };
      assert.deepEqual(
        given.metrics.slice(0, 2).map(({ metricStat }) => metricStat!.metric.dimensions.map(({ name }) => name)),
        [
          ["LoadBalancer", "TargetGroup"],
          ["LoadBalancer", "TargetGroup"],
        ],
      );
      assert.equal(given.metrics.at(-1)?.expression, "(FILL(requests, 0) + FILL(requests1, 0)) / replicas");
    });

    it("two at the same place are refused, naming both", async () => {
      await assert.rejects(
        shop(0),
        /admin: ingress\.priority 0 is shop's on load balancer alb: give each service its own/,
      );
      await assert.rejects(shop(90), /ingress\.priority 90: expected a whole number from 0 to 89/);
    });

    it("a worker has no port for requests, no rule, no alarm on traffic, and runs its own command", async () => {
      const plan = await shop(1);
      const worker = only(plan, "aws:ecs/service:Service", "mail").inputs;
      for (const key of ["loadBalancers", "healthCheckGracePeriodSeconds", "alarms"]) assert.ok(!(key in worker), key);
      assert.deepEqual(worker["deploymentCircuitBreaker"], { enable: true, rollback: true });
      const [main] = json<Container[]>(
        only(plan, "aws:ecs/taskDefinition:TaskDefinition", "mail").inputs["containerDefinitions"],
      );
      assert.deepEqual([main!.name, main!["command"]], ["worker", ["node", "mail.js"]]);
      assert.ok(!("healthCheck" in main!));
      assert.deepEqual(
        all(plan, "aws:appautoscaling/policy:Policy").flatMap(({ name }) => (name.startsWith("mail") ? [name] : [])),
        ["mail-scaling-cpu", "mail-scaling-memory"],
      );
      assert.equal(plan.outputs["url"], undefined);
    });

    it("a worker whose traffic should be shifted is refused", async () => {
      const made = record(
        () => new AwsService("mail", { cluster: cluster(), process: { image }, release: releases.canary }),
      );
      await assert.rejects(made, /mail: release\.strategy canary without ingress/);
    });
  });
});
