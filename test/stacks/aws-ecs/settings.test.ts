import { deepEqual, equal, throws } from "node:assert/strict";
import { all, only } from "../../record";
import { keyArn, type Raw, resolved, secretArn as secret, stackOf, whatExists } from "./stack-file";

const inputsOf = async (file: Raw, type: string, name?: string) => only(await stackOf(file), type, name).inputs;

const service = "aws:ecs/service:Service";
const instance = "aws:rds/instance:Instance";

describe("settings of the stack on AWS", () => {
  describe("cdn.publicPaths", () => {
    const named = (publicPaths: readonly string[], more: Raw = {}) => resolved({ cdn: { publicPaths, ...more } });

    it("takes files, and folders of files", () => {
      named(["/favicon.ico", "/robots.txt", "/images/*", "/fonts/*.woff2", "/docs/guide.v2.pdf", "/a/b/c-?.png"]);
    });

    it("refuses what pages, an API or all of the site could be among, and files that have rules of their own", () => {
      for (const path of [
        "/*",
        "/",
        "*",
        "/*.png",
        "/im*/x.png",
        "/about",
        "/images",
        "/images/",
        "images/*",
        "/a b.png",
      ])
        throws(() => named([path]), /publicPaths\[0\] .*expected the path of a file/, path);
      for (const path of ["/api/*", "/api/avatar.png", "/_next/static/*", "/_next/image/*", "/_slipway/error.html"])
        throws(() => named([path]), /covers what is answered for one visitor, or has rules of its own/, path);
      throws(() => named(["/a.png", "/a.png"]), /has a path twice/);
      throws(() => resolved({ cdn: { publicMaxAgeSeconds: 60 } }), /is for cdn\.publicPaths, which names none/);
      throws(() => named(["/a.png"], { implementation: "none" }), /publicPaths/);
    });
  });

  describe("network.ipv6", () => {
    const open = { cdn: { implementation: "none" }, network: { redirectFrom: ["www.example.com"] } };
    const record = "aws:route53/record:Record";
    const visitors = (plan: Awaited<ReturnType<typeof stackOf>>) =>
      all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").flatMap(({ inputs }) =>
        inputs["cidrIpv6"] === undefined ? [] : [[inputs["toPort"], inputs["cidrIpv6"]]],
      );

    it("is off: no address, record or rule of it", async () => {
      const plan = await stackOf(open);
      equal(only(plan, "aws:lb/loadBalancer:LoadBalancer").inputs["ipAddressType"], undefined);
      deepEqual(visitors(plan), []);
      deepEqual(
        all(plan, record).filter(({ inputs }) => inputs["type"] === "AAAA"),
        [],
      );
    });

    it("has the load balancer, its names and its ports on both", async () => {
      const plan = await stackOf({ ...open, network: { ...open.network, ipv6: true } });
      equal(only(plan, "aws:lb/loadBalancer:LoadBalancer").inputs["ipAddressType"], "dualstack");
      deepEqual(visitors(plan), [
        [80, "::/0"],
        [443, "::/0"],
      ]);
      const sites = all(plan, record).filter(({ inputs }) => inputs["aliases"] !== undefined);
      deepEqual(sites.map(({ inputs }) => `${inputs["name"] as string} ${inputs["type"] as string}`).sort(), [
        "shop.example.com A",
        "shop.example.com AAAA",
        "www.example.com A",
        "www.example.com AAAA",
      ]);
    });

    it("is refused where it would do nothing", () => {
      const asked = { ipv6: true };
      throws(() => resolved({ network: asked }), /network\.ipv6 +true is for a stack without a CDN/);
      throws(
        () => resolved({ ...whatExists, network: { ...whatExists.network, ...asked } }),
        /true is for a load balancer of the stack's own/,
      );
    });
  });

  describe("service", () => {
    it("runs on demand unless a share of Spot is asked for", async () => {
      equal((await inputsOf({}, service))["launchType"], "FARGATE");
      deepEqual(all(await stackOf({}), "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"), []);
    });

    it("keeps minReplicas on demand beside a share of Spot, and says no launch type", async () => {
      const plan = await stackOf({ service: { spotPercent: 40, minReplicas: 3 } });
      const { capacityProviderStrategies, forceNewDeployment, launchType } = only(plan, service).inputs;
      equal(launchType, undefined);
      equal(forceNewDeployment, true);
      deepEqual(capacityProviderStrategies, [
        { capacityProvider: "FARGATE", base: 3, weight: 60 },
        { capacityProvider: "FARGATE_SPOT", weight: 40 },
      ]);
      const offered = only(plan, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
      deepEqual(offered.inputs["capacityProviders"], ["FARGATE", "FARGATE_SPOT"]);
      equal(only(plan, service).dependencies.includes(offered.urn), true);
    });

    it("is on Spot alone with preset development", async () => {
      const { capacityProviderStrategies } = await inputsOf({ preset: "development" }, service);
      deepEqual(capacityProviderStrategies, [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
    });

    it("runs on ARM where the stack file says that the image has it, and is built for it", async () => {
      const platform = "linux/arm64";
      const task = await inputsOf({ service: { platform } }, "aws:ecs/taskDefinition:TaskDefinition", "web");
      deepEqual(task["runtimePlatform"], { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" });
      const build = { image: undefined, build: { context: "app" }, service: { platform } };
      deepEqual((await inputsOf(build, "docker-build:index:Image"))["platforms"], [platform]);
    });

    it("has other numbers of replicas at certain times, which the next update leaves alone", async () => {
      const plan = await stackOf({
        service: {
          schedules: [{ cron: "0 7 * * 1-5", timeZone: "Europe/Berlin", minReplicas: 4, maxReplicas: 20 }],
        },
      });
      const { schedule, scalableTargetAction, timezone } = only(
        plan,
        "aws:appautoscaling/scheduledAction:ScheduledAction",
      ).inputs;
      deepEqual(
        [schedule, timezone, scalableTargetAction],
        ["cron(0 7 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin", { minCapacity: 4, maxCapacity: 20 }],
      );
      const target = only(plan, "aws:appautoscaling/target:Target");
      deepEqual(target.options["ignoreChanges"], ["minCapacity", "maxCapacity"]);
    });

    it("opens a private registry with the secret named, which the execution role may read", async () => {
      const plan = await stackOf({ aws: { imagePullSecret: secret } });
      const task = only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web");
      equal(JSON.stringify(task.inputs["containerDefinitions"]).includes("repositoryCredentials"), true);
      const policy = only(plan, "aws:iam/rolePolicy:RolePolicy", "web-execution");
      equal(JSON.stringify(policy.inputs["policy"]).includes(secret), true);
    });
  });

  describe("database", () => {
    it("hands over what RDS alone has", async () => {
      const database = {
        allowMajorVersionUpgrade: true,
        finalSnapshot: false,
        maxStorageGb: 55,
        storageKeyArn: keyArn,
      };
      const found = await inputsOf({ database }, instance);
      equal(found["allowMajorVersionUpgrade"], true);
      equal(found["skipFinalSnapshot"], true);
      equal(found["maxAllocatedStorage"], 55);
      equal(found["kmsKeyId"], keyArn);
    });

    it("leaves a major upgrade to those who ask for it, and grows to 4 times its size", async () => {
      const found = await inputsOf({}, instance);
      equal("allowMajorVersionUpgrade" in found, false);
      equal(found["maxAllocatedStorage"], 200);
    });

    it("stands behind RDS Proxy where asked", async () => {
      equal(all(await stackOf({ database: { proxy: true } }), "aws:rds/proxy:Proxy").length, 1);
      equal(all(await stackOf({}), "aws:rds/proxy:Proxy").length, 0);
    });
  });

  it("reaches AWS services by the endpoints asked for", async () => {
    const endpoints = all(await stackOf({ network: { endpoints: ["sts"] } }), "aws:ec2/vpcEndpoint:VpcEndpoint");
    deepEqual(
      endpoints.map(({ inputs }) => inputs["serviceName"]),
      ["com.amazonaws.eu-central-1.s3", "com.amazonaws.eu-central-1.sts"],
    );
  });

  it("keeps images, deleted files and deleted secrets for as long as it is told", async () => {
    const plan = await stackOf({
      image: undefined,
      build: { context: "app", keepImages: 5 },
      storage: { implementation: "s3", noncurrentDays: 77 },
      aws: { secretRecoveryDays: 7 },
    });
    const { policy } = only(plan, "aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs;
    equal(JSON.stringify(policy).includes('countNumber\\":5'), true);
    const kept = plan.resources.filter(({ inputs }) => JSON.stringify(inputs).includes('"noncurrentDays":77'));
    deepEqual(
      kept.map(({ type }) => type.split(":").at(-1)),
      ["BucketLifecycleConfiguration"],
    );
    equal(only(plan, "aws:secretsmanager/secret:Secret", "secrets-auth-secret").inputs["recoveryWindowInDays"], 7);
  });

  describe("other names", () => {
    const names = { network: { redirectFrom: ["www.example.com", "example.com"] } };

    it("are on certificate, distribution and in DNS, and redirected at the edge", async () => {
      const plan = await stackOf(names);
      const edge = only(plan, "aws:acm/certificate:Certificate", "certificate-edge").inputs;
      deepEqual(edge["subjectAlternativeNames"], ["origin.shop.example.com", "www.example.com", "example.com"]);
      deepEqual(only(plan, "aws:cloudfront/distribution:Distribution").inputs["aliases"], [
        "shop.example.com",
        "www.example.com",
        "example.com",
      ]);
      only(plan, "aws:route53/record:Record", "cdn-example.com-AAAA");
      deepEqual(all(plan, "aws:lb/listenerRule:ListenerRule").length, 1);
    });

    it("are redirected by the load balancer where there is no CDN, before any rule that takes every host", async () => {
      const plan = await stackOf({ ...names, cdn: { implementation: "none" } });
      const { actions, conditions, priority } = only(plan, "aws:lb/listenerRule:ListenerRule", "web-redirect").inputs;
      deepEqual(
        [priority, conditions, actions],
        [
          1,
          [{ hostHeader: { values: ["www.example.com", "example.com"] } }],
          [{ type: "redirect", redirect: { host: "shop.example.com", statusCode: "HTTP_301" } }],
        ],
      );
      only(plan, "aws:route53/record:Record", "web-www.example.com");
    });
  });

  const refused: readonly (readonly [string, Raw, Raw, RegExp])[] = [
    [
      "storage that could not grow",
      { database: { storageGb: 50, maxStorageGb: 55 } },
      { database: { storageGb: 50, maxStorageGb: 54 } },
      /database\.maxStorageGb.*expected 55 at least/,
    ],
    [
      "a pull secret for ECR",
      { aws: { imagePullSecret: secret } },
      { image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1", aws: { imagePullSecret: secret } },
      /aws\.imagePullSecret.*ECR/,
    ],
    [
      "a schedule whose least is above its most",
      { service: { schedules: [{ cron: "0 7 * * *", minReplicas: 4, maxReplicas: 4 }] } },
      { service: { schedules: [{ cron: "0 7 * * *", minReplicas: 5, maxReplicas: 4 }] } },
      /service\.schedules.*less than minReplicas/,
    ],
    [
      "a schedule for a day of the month and a weekday",
      { service: { schedules: [{ cron: "0 7 1 * *", minReplicas: 1, maxReplicas: 4 }] } },
      { service: { schedules: [{ cron: "0 7 1 * 1", minReplicas: 1, maxReplicas: 4 }] } },
      /service\.schedules.*weekday/,
    ],
    [
      "a second name that is the first",
      { network: { redirectFrom: ["www.example.com"] } },
      { network: { redirectFrom: ["shop.example.com"] } },
      /network\.redirectFrom.*already/,
    ],
    [
      "a recovery window that Secrets Manager has not",
      { aws: { secretRecoveryDays: 7 } },
      { aws: { secretRecoveryDays: 6 } },
      /aws\.secretRecoveryDays.*7 to 30/,
    ],
    [
      "an alias in place of a key",
      { database: { storageKeyArn: keyArn } },
      { database: { storageKeyArn: "arn:aws:kms:eu-central-1:123456789012:alias/shop" } },
      /database\.storageKeyArn.*not of an alias/,
    ],
  ];
  for (const [what, accepted, wrong, message] of refused) {
    it(`refuses ${what}`, () => {
      resolved(accepted);
      throws(() => resolved(wrong), message);
    });
  }
});
