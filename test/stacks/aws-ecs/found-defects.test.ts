import { strict as assert } from "node:assert";
import { runStack } from "../../../stacks/targets";
import { resolveSettings, settingsFrom } from "../../../stacks/settings/load";
import type { Plan } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import { json, once, statements } from "../../components/aws-fixtures";
import { stackFile } from "./stack-file";

/** Stack files that were approved once and should not have been, or gave something else than what is right. */

interface Variant {
  readonly region?: string;
  readonly [setting: string]: unknown;
}

const stack = once(({ region = "eu-central-1", ...file }: Variant = {}) =>
  record(() => runStack(resolveSettings("test", { ...stackFile, ...file }, { awsRegion: region })), {
    config: { "aws:region": region },
  }),
);

const refused = (file: object, pattern: RegExp) =>
  assert.throws(() => resolveSettings("test", { ...stackFile, ...file }, { awsRegion: "eu-central-1" }), pattern);

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const text = (plan: Plan) => JSON.stringify(plan.resources.map(({ inputs }) => inputs));

describe("stack files that were approved", () => {
  it("10: a webhook in plain text is refused on every target, and told how to move", () => {
    const plain = "https://hooks.slack.com/services/T0/B0/hunter2";
    const config = (more: Record<string, string>) => ({
      "aws:region": "eu-central-1",
      "slipway:domain": "shop.example.com",
      "slipway:monitoring": JSON.stringify({ webhook: plain }),
      ...more,
    });
    const image = { "slipway:image": stackFile.image };
    const targets: Record<string, Record<string, string>> = {
      "aws-ecs": { ...image, "slipway:tls": JSON.stringify(stackFile.tls) },
      kubernetes: image,
      docker: image,
      vercel: {},
    };
    for (const [target, more] of Object.entries(targets)) {
      assert.throws(
        () => settingsFrom("test", config({ ...more, "slipway:target": target }), () => false),
        (error: Error) => {
          assert.match(
            error.message,
            /monitoring\.webhook +is in plain text: pulumi config set --secret --path slipway:monitoring\.webhook/,
          );
          assert.ok(!error.message.includes("hunter2"), target);
          return true;
        },
        target,
      );
    }
    // The engine says of a section that something in it is encrypted; the preview, of each key.
    const encrypted = ["slipway:monitoring", "slipway:monitoring.webhook"];
    for (const known of [encrypted.slice(0, 1), encrypted]) {
      const file = config({ ...targets["aws-ecs"], "slipway:target": "aws-ecs" });
      assert.equal(settingsFrom("test", file, (key) => known.includes(key)).monitoring.webhook, plain);
    }
  });

  it("10: a chat that Vercel cannot write to is refused there", () => {
    const vercel = {
      target: "vercel",
      image: undefined,
      tls: undefined,
      build: { context: "app" },
      vercel: { repository: "github/acme/shop", ref: "3f2c1d9" },
    };
    refused(
      { ...vercel, monitoring: { webhook: "https://hooks.slack.com/services/T0/B0/hunter2" } },
      /form that it does not take/,
    );
  });

  it("11: records of validation are overwritten, those of the site where the stack file says so", async () => {
    const overwritten = async (file: Variant) =>
      all(await stack(file), "aws:route53/record:Record")
        .filter(({ inputs }) => inputs["allowOverwrite"] === true)
        .map(({ name }) => name)
        .sort();
    const validation = ["certificate-origin.shop.example.com", "certificate-shop.example.com"];
    assert.deepEqual(await overwritten({}), validation);
    const tls = { ...stackFile.tls, overwriteRecords: true };
    assert.deepEqual(await overwritten({ tls }), [
      "cdn-origin",
      "cdn-shop.example.com-A",
      "cdn-shop.example.com-AAAA",
      ...validation,
    ]);
    assert.deepEqual(await overwritten({ tls, cdn: { implementation: "none" } }), [
      "certificate-shop.example.com",
      "web-shop.example.com",
    ]);
    const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000";
    refused(
      { tls: { certificateArn, overwriteRecords: true }, cdn: { implementation: "none" } },
      /tls\.overwriteRecords/,
    );
  });

  it("7: releases and ways back empty the CDN's cache; a page stays there for a minute at the most", async () => {
    const plan = await stack();
    only(plan, "aws:cloudwatch/eventRule:EventRule", "cdn-purge");
    const pages = only(plan, "aws:cloudfront/cachePolicy:CachePolicy", "cdn-pages").inputs;
    assert.equal(pages["maxTtl"], 60);
    const longer = await stack({ cdn: { maxPageAgeSeconds: 3600 } });
    assert.equal(only(longer, "aws:cloudfront/cachePolicy:CachePolicy", "cdn-pages").inputs["maxTtl"], 3600);
    assert.deepEqual(
      all(await stack({ cdn: { implementation: "none" } }), "aws:cloudwatch/eventRule:EventRule").filter(({ name }) =>
        name.includes("purge"),
      ),
      [],
    );
  });

  it("7: revalidateTag and revalidatePath reach CloudFront, by a role that may do just that", async () => {
    const web = async (settings: Parameters<typeof stack>[0]) => {
      const plan = await stack(settings);
      const [server] = json<{ environment: { name: string; value: string }[] }[]>(
        only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["containerDefinitions"],
      );
      const variables = Object.fromEntries(server!.environment.map(({ name, value }) => [name, value]));
      const allowed = all(plan, "aws:iam/rolePolicy:RolePolicy")
        .filter(({ inputs }) => JSON.stringify(inputs["policy"]).includes("cloudfront:CreateInvalidation"))
        .map(({ name }) => name);
      return { plan, allowed, limit: variables["CLOUDFRONT_INVALIDATION_PATHS_PER_DAY"], variables };
    };
    const { plan, ...invalidates } = await web({ workers: { mail: { command: ["node", "mail.js"] } } });
    assert.deepEqual(invalidates.allowed, ["web-task", "cdn-purge"]);
    assert.equal(invalidates.limit, "100");
    assert.ok("CLOUDFRONT_DISTRIBUTION_ID" in invalidates.variables);
    assert.deepEqual(only(plan, "aws:cloudfront/distribution:Distribution", "cdn").inputs["cacheTagConfig"], {
      headerName: "x-amz-meta-cache-tag",
    });
    const statement = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-task")).find(
      ({ Action }) => Action === "cloudfront:CreateInvalidation",
    );
    assert.deepEqual([typeof statement?.Resource, statement?.Resource === "*"], ["string", false]);

    assert.equal((await web({ cdn: { invalidationPathsPerDay: 1000 } })).limit, "1000");
    for (const without of [
      { cdn: { invalidationPathsPerDay: 0 } },
      { image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1", network: { nat: "none" } },
      { service: { health: { live: "/healthz", ready: "/readyz" } } },
    ]) {
      const { allowed, limit } = await web(without);
      assert.deepEqual([allowed, limit], [["cdn-purge"], undefined], JSON.stringify(without));
    }
    const cdn = { invalidationPathsPerDay: 10 };
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1";
    refused({ image, cdn, network: { nat: "none" } }, /cdn\.invalidationPathsPerDay .*no endpoint in a VPC/);
    refused({ cdn, service: { health: { live: "/healthz", ready: "/readyz" } } }, /@slipway\/next/);
  });

  it("a page of one's own is shown while the site cannot answer, from the bucket and for as long as the stack is there", async () => {
    const plan = await stack({ cdn: { errorPage: "examples/error.html" } });
    const page = only(plan, "aws:s3/bucketObjectv2:BucketObjectv2").inputs;
    assert.equal(page["key"], "_slipway/error.html");
    assert.match(page["content"] as string, /Back in a moment/);
    const cdn = only(plan, "aws:cloudfront/distribution:Distribution", "cdn").inputs as Record<string, unknown>;
    const errors = cdn["customErrorResponses"] as {
      errorCode: number;
      responsePagePath?: string;
      responseCode?: number;
    }[];
    for (const { errorCode, responsePagePath, responseCode } of errors) {
      const shown = [502, 503, 504].includes(errorCode);
      assert.deepEqual(
        [responsePagePath, responseCode],
        shown ? ["/_slipway/error.html", 503] : [undefined, undefined],
      );
    }
    const behaviours = cdn["orderedCacheBehaviors"] as { pathPattern: string; targetOriginId: string }[];
    assert.equal(
      behaviours.find(({ pathPattern }) => pathPattern === "/_slipway/error.html")?.targetOriginId,
      "assets",
    );
    const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const prefixOf = (of: Plan) =>
      (only(of, lifecycle, "assets-lifecycle").inputs["rules"] as unknown as { filter: { prefix: string } }[])[0]
        ?.filter;
    assert.deepEqual(prefixOf(plan), { prefix: "_next/" });
    assert.match(text(plan), /_slipway\/error\.html/);
    const without = await stack();
    assert.deepEqual(prefixOf(without), { prefix: "" });
    assert.deepEqual(all(without, "aws:s3/bucketObjectv2:BucketObjectv2"), []);
    await assert.rejects(stack({ cdn: { errorPage: "examples/none.html" } }), /cdn\.errorPage .* cannot be read/);
    refused({ cdn: { errorPage: "../error.html" } }, /cdn\.errorPage/);
  });

  it("the step that publishes static files may write them, and no worker, job or plain image", async () => {
    const processes = {
      workers: { mail: { command: ["node", "mail.js"] } },
      jobs: { cleanup: { command: ["node", "cleanup.js"] } },
    };
    const writers = async (settings: Parameters<typeof stack>[0]) =>
      all(await stack(settings), "aws:iam/rolePolicy:RolePolicy")
        .filter(({ inputs }) => JSON.stringify(inputs["policy"]).includes("_next/static"))
        .map(({ name }) => name);
    assert.deepEqual(await writers(processes), ["web-task"]);
    assert.deepEqual(await writers({ service: { health: { live: "/healthz", ready: "/readyz" } } }), []);
  });

  it("2: an IPv6 address, which no task has a way to, is refused wherever it stands", () => {
    const reference = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf";
    const url = "postgres://app@[2001:db8::1]:5432/app";
    const database = { implementation: "external", url };
    refused(
      { database, secrets: { DATABASE_PASSWORD: { reference } } },
      /database\.url .*IPv6 address \[2001:db8::1\]/,
    );
    const environment = { SEARCH_URL: "https://[2001:db8::2]:9200" };
    refused({ service: { environment } }, /service\.environment\.SEARCH_URL .*IPv6/);
  });

  it("24: what is named of another partition or region is refused, wherever it stands", () => {
    const shop = (region: string, suffix = "com") => `111122223333.dkr.ecr.${region}.amazonaws.${suffix}/shop:1`;
    refused({ image: shop("us-gov-west-1") }, /image .*arn:aws-us-gov.*expected arn:aws:/);
    refused({ image: shop("cn-north-1", "com.cn") }, /image .*arn:aws-cn/);
    refused({ image: shop("eu-centrl-1") }, /image .*not a region of AWS; did you mean eu-central-1/);
    const boundary = "arn:aws-us-gov:iam::111122223333:policy/boundary";
    refused({ aws: { permissionsBoundary: boundary } }, /permissionsBoundary .*another partition/);
    refused({ cluster: { arn: "arn:aws:ecs:eu-west-1:111122223333:cluster/main" } }, /cluster\.arn .*eu-west-1/);
    const arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/main/50dc6c495c0c9188";
    refused({ loadBalancer: { arn, priority: 20 } }, /loadBalancer\.arn .*us-east-1/);
  });

  it("22: the migration is a task of its own before the release, and scaling does not migrate", async () => {
    const plan = await stack();
    const server = json<{ name: string }[]>(
      only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["containerDefinitions"],
    );
    assert.deepEqual(
      server.map(({ name }) => name),
      ["server", "publish-assets"],
    );
    const run = only(plan, "aws:lambda/invocation:Invocation", "web-migration");
    assert.ok(only(plan, "aws:ecs/service:Service", "web").dependencies.includes(run.urn));
    assert.deepEqual(all(await stack({ service: { migration: false } }), "aws:lambda/invocation:Invocation"), []);
  });

  describe("12: a secret that exists", () => {
    const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf";
    const using = async (secret: object) => {
      const plan = await stack({ secrets: { EMAIL_API_KEY: secret } });
      const [server] = json<{ secrets: { name: string; valueFrom: string }[] }[]>(
        only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["containerDefinitions"],
      );
      const allowed = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-execution"));
      return {
        valueFrom: server!.secrets.find(({ name }) => name === "EMAIL_API_KEY")!.valueFrom,
        read: allowed
          .filter(({ Action }) => Action === "secretsmanager:GetSecretValue")
          .flatMap(({ Resource }) => Resource),
        decrypt: allowed.filter(({ Action, Condition }) => Action === "kms:Decrypt" && Condition !== undefined),
      };
    };

    it("is read by its key, stage or version, and allowed without them", async () => {
      for (const suffix of [":password::", ":password:AWSPREVIOUS:", ":password::11111111-1111"]) {
        const { valueFrom, read } = await using({ reference: `${arn}${suffix}` });
        assert.equal(valueFrom, `${arn}${suffix}`);
        assert.ok(read.includes(arn) && !JSON.stringify(read).includes("password"), suffix);
      }
      assert.equal((await using({ reference: arn })).valueFrom, arn);
      assert.equal((await using({ reference: `${arn}:password` })).valueFrom, `${arn}:password::`);
    });

    it("is decrypted with whichever key its account has for it, or with the one that is named", async () => {
      const { decrypt } = await using({ reference: `${arn}:password::` });
      assert.deepEqual(decrypt, [
        {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: "arn:aws:kms:eu-central-1:111122223333:key/*",
          Condition: {
            StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
            StringLike: { "kms:EncryptionContext:SecretARN": [arn] },
          },
        },
      ]);
      const keyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd";
      assert.equal((await using({ reference: arn, keyArn })).decrypt[0]?.Resource, keyArn);
    });

    it("is allowed with the six characters that were left out", async () => {
      const short = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/email";
      assert.ok((await using({ reference: short })).read.includes(`${short}-??????`));
    });

    it("is refused where it is none", () => {
      for (const reference of ["shop-email", "arn:aws:ssm:eu-central-1:111122223333:parameter/a", `${arn}:k:s:v`])
        refused({ secrets: { EMAIL_API_KEY: { reference } } }, /is not the ARN of a secret in Secrets Manager/);
    });
  });

  it("13: development leaves nothing behind; production refuses before anything is deleted", async () => {
    const build = { image: undefined, build: { context: "app" } };
    const gone = await stack({ ...build, preset: "development" });
    assert.equal(only(gone, "aws:ecr/repository:Repository").inputs["forceDelete"], true);
    const database = only(gone, "aws:rds/instance:Instance").inputs;
    assert.deepEqual([database["skipFinalSnapshot"], database["deleteAutomatedBackups"]], [true, true]);
    assert.equal(
      only(gone, "aws:secretsmanager/secret:Secret", "secrets-auth-secret").inputs["recoveryWindowInDays"],
      0,
    );
    const kept = await stack(build);
    assert.equal(only(kept, "aws:ecr/repository:Repository").options.protect, true);
    assert.equal(only(kept, "aws:ecr/repository:Repository").inputs["forceDelete"], false);
    assert.equal(only(kept, "aws:rds/instance:Instance").inputs["skipFinalSnapshot"], false);
  });

  it("16: the storage alarm is below what makes RDS grow by itself", async () => {
    const storageGb = 50;
    const { inputs } = only(await stack({ database: { storageGb } }), alarm, "monitoring-database-database-storage");
    assert.equal(inputs["threshold"], 0.05 * storageGb * 1024 ** 3);
  });

  it("17: the firewall is tuned by the stack file, wherever it stands, and its log has the key", async () => {
    const firewall = { requestsPerAddress: 9000, mode: "count", exemptPaths: ["/api/webhooks/"] };
    for (const implementation of ["cloudfront", "none"]) {
      const plan = await stack({ firewall, cdn: { implementation } });
      const rules = only(plan, "aws:wafv2/webAcl:WebAcl").inputs["rules"] as { name: string }[];
      assert.match(JSON.stringify(rules), /"limit":9000.*"limit":90000/);
      assert.equal(rules[0]?.name, "exempt");
      const log = all(plan, "aws:cloudwatch/logGroup:LogGroup").find(({ name }) => name.endsWith("-waf"));
      assert.notEqual(log?.inputs["kmsKeyId"], undefined, implementation);
    }
    refused({ firewall: { exemptPaths: ["/"] } }, /firewall\.exemptPaths/);
    refused({ target: "docker", tls: {}, firewall }, /does not work with target docker/);
  });

  it("18: certificates of both regions are watched, given ones too", async () => {
    const watched = async (file: Variant) =>
      all(await stack(file), alarm)
        .filter(({ name }) => name.endsWith("certificate-expiry"))
        .map(({ inputs, name }) => [name, inputs["region"] ?? "here"]);
    const both = [
      ["monitoring-certificate-certificate-expiry", "here"],
      ["monitoring-certificate-edge-certificate-expiry", "us-east-1"],
    ];
    assert.deepEqual(await watched({}), both);
    const arn = (region: string, digit: number) =>
      `arn:aws:acm:${region}:111122223333:certificate/00000000-0000-0000-0000-00000000000${digit}`;
    const given = (region: string) => ({ certificateArn: arn(region, 1), cdnCertificateArn: arn("us-east-1", 2) });
    assert.deepEqual(await watched({ tls: given("eu-central-1") }), both);
    assert.deepEqual(await watched({ region: "us-east-1", tls: given("us-east-1") }), [both[0], [both[1]![0], "here"]]);
    assert.deepEqual(await watched({ cdn: { implementation: "none" } }), [both[0]]);
  });

  it("20: more than ECS waits for is refused, the most is honoured", async () => {
    refused({ service: { startupSeconds: 301 } }, /service\.startupSeconds +301 is more than ECS waits for/);
    const [server] = json<{ healthCheck: { startPeriod: number } }[]>(
      only(await stack({ service: { startupSeconds: 300 } }), "aws:ecs/taskDefinition:TaskDefinition", "web").inputs[
        "containerDefinitions"
      ],
    );
    assert.equal(server!.healthCheck.startPeriod, 300);
  });

  it("23: without a request, replicas are taken away", async () => {
    const { inputs } = only(await stack(), "aws:appautoscaling/policy:Policy", "web-scaling-requests");
    assert.match(JSON.stringify(inputs), /"expression":"FILL\(requests, 0\) \/ replicas"/);
  });

  it("23: everything that AWS can tag says whose it is", async () => {
    const plan = await stack({
      image: undefined,
      build: { context: "app" },
      monitoring: { webhook: "https://a.example.com" },
    });
    const tagged = plan.resources.filter(({ inputs }) => inputs["tags"] !== undefined);
    for (const { inputs, urn } of tagged) {
      const { component, stack, ...rest } = inputs["tags"] as Record<string, string>;
      assert.equal(stack, "shop-test", urn);
      assert.ok(
        plan.resources.some(({ name, parent }) => name === component && parent === plan.resources[0]!.urn),
        urn,
      );
      assert.equal(rest["managed-by"], "slipway", urn);
    }
    const types = new Set(tagged.map(({ type }) => type));
    const without = plan.resources.filter(
      ({ custom, inputs, type }) => custom && type.startsWith("aws:") && inputs["tags"] === undefined,
    );
    assert.deepEqual(
      [...new Set(without.map(({ type }) => type))].filter((type) => types.has(type)),
      [],
    );
    // Known by name, so that a new SDK which states properties otherwise is noticed.
    for (const type of [
      "rds/instance:Instance",
      "ecs/service:Service",
      "s3/bucket:Bucket",
      "lb/loadBalancer:LoadBalancer",
    ])
      assert.ok(types.has(`aws:${type}`), type);
  });

  it("24: no ARN of another partition, and no host of another", async () => {
    for (const [region, partition] of [
      ["us-gov-west-1", "aws-us-gov"],
      ["cn-north-1", "aws-cn"],
    ] as const) {
      const image = `111122223333.dkr.ecr.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/shop:1`;
      const plan = await stack({ region, image, cdn: { implementation: "none" }, network: { zones: 2 } });
      const written = text(plan).match(/arn:aws[a-z-]*:/g)!;
      assert.deepEqual([...new Set(written)], [`arn:${partition}:`], region);
      assert.doesNotMatch(JSON.stringify(plan.outputs), /console\.aws\.amazon\.com/);
    }
    const logs = statements(
      only(
        await stack({
          region: "cn-north-1",
          image: "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/shop:1",
          cdn: { implementation: "none" },
          network: { zones: 2 },
        }),
        "aws:kms/key:Key",
      ),
    );
    assert.deepEqual(logs[1]?.Principal, { Service: "logs.cn-north-1.amazonaws.com.cn" });
  });
});
