import { strict as assert } from "node:assert";
import { AwsCloudFront, type AwsCloudFrontArgs } from "../../../../components/cdn/aws/cloudfront";
import { AwsStaticAssets } from "../../../../components/cdn/aws/static-assets";
import type { PlanValue } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { once, orphans, output, statements } from "../../aws-fixtures";

const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/1";

const cdn = once((args?: Partial<AwsCloudFrontArgs>) =>
  record(() => {
    const assets = new AwsStaticAssets("assets", { region: "eu-central-1", retentionDays: 30 });
    const made = new AwsCloudFront("cdn", {
      domain: "shop.example.com",
      assets,
      loadBalancer: { arn: "arn:alb", hostname: "internal-alb.example.com", zoneId: "Z2" },
      certificateArn,
      logRetentionDays: 90,
      ...args,
    });
    return { url: made.url, signals: made.signals, environment: assets.environment, permissions: assets.permissions };
  }),
);

const distribution = async (args?: Partial<AwsCloudFrontArgs>) =>
  only(await cdn(args), "aws:cloudfront/distribution:Distribution").inputs as Record<string, Record<string, PlanValue>>;

describe("AwsCloudFront", () => {
  it("speaks TLS 1.2 and up to browsers, under the site's name", async () => {
    const given = await distribution();
    assert.deepEqual(given["viewerCertificate"], {
      acmCertificateArn: certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    });
    assert.deepEqual(given["aliases"], ["shop.example.com"]);
    assert.equal(given["defaultCacheBehavior"]?.["viewerProtocolPolicy"], "redirect-to-https");
  });

  it("reaches the site privately and over TLS, and the bucket with signed requests", async () => {
    const plan = await cdn();
    const wayIn = only(plan, "aws:cloudfront/vpcOrigin:VpcOrigin");
    const endpoint = wayIn.inputs["vpcOriginEndpointConfig"] as Record<string, PlanValue>;
    assert.deepEqual([endpoint["arn"], endpoint["originProtocolPolicy"]], ["arn:alb", "https-only"]);
    const [site, assets] = (await distribution())["origins"] as unknown as Record<string, PlanValue>[];
    assert.equal(site?.["domainName"], "origin.shop.example.com");
    assert.ok(!("customOriginConfig" in site));
    const access = only(plan, "aws:cloudfront/originAccessControl:OriginAccessControl");
    assert.deepEqual(assets?.["originAccessControlId"], output(access, "id"));
    assert.equal(access.inputs["signingBehavior"], "always");
  });

  it("asks the bucket for static files, and the site for those it lacks", async () => {
    const given = await distribution();
    const [group] = given["originGroups"] as unknown as Record<string, PlanValue>[];
    assert.deepEqual(group?.["members"], [{ originId: "assets" }, { originId: "site" }]);
    const [files] = given["orderedCacheBehaviors"] as unknown as Record<string, PlanValue>[];
    assert.deepEqual([files?.["pathPattern"], files?.["targetOriginId"]], ["/_next/static/*", group?.["originId"]]);
    assert.ok(!("originRequestPolicyId" in files!), "S3 refuses the browser's host name");
  });

  it("caches pages as Cache-Control says, apart from their data and from drafts", async () => {
    const { inputs } = only(await cdn(), "aws:cloudfront/cachePolicy:CachePolicy", "cdn-pages");
    assert.deepEqual([inputs["minTtl"], inputs["defaultTtl"]], [0, 0]);
    const key = inputs["parametersInCacheKeyAndForwardedToOrigin"] as Record<string, PlanValue>;
    assert.deepEqual(key["headersConfig"], {
      headerBehavior: "whitelist",
      headers: {
        items: [
          "rsc",
          "next-router-prefetch",
          "next-router-state-tree",
          "next-router-segment-prefetch",
          "next-url",
          "x-slipway-release",
        ],
      },
    });
    assert.deepEqual(key["queryStringsConfig"], { queryStringBehavior: "all" });
    assert.deepEqual(key["cookiesConfig"], {
      cookieBehavior: "whitelist",
      cookies: { items: ["__prerender_bypass", "__next_preview_data"] },
    });
  });

  it("runs its functions on pages and images", async () => {
    const given = await distribution();
    const [, images] = given["orderedCacheBehaviors"] as unknown as Record<string, PlanValue>[];
    for (const behaviour of [given["defaultCacheBehavior"], images]) {
      const events = (behaviour?.["functionAssociations"] as { eventType: string }[]).map(({ eventType }) => eventType);
      assert.deepEqual(events, ["viewer-request", "viewer-response"]);
    }
  });

  it("keeps files of public/ that are named, for a day, by address and release, without cookies", async () => {
    assert.deepEqual(all(await cdn(), "aws:cloudfront/cachePolicy:CachePolicy").length, 2);
    const args = { publicPaths: ["/images/*", "/favicon.ico"] };
    const { inputs } = only(await cdn(args), "aws:cloudfront/cachePolicy:CachePolicy", "cdn-public");
    // Next.js says max-age=0.
    assert.deepEqual([inputs["minTtl"], inputs["defaultTtl"], inputs["maxTtl"]], [86_400, 86_400, 86_400]);
    const key = inputs["parametersInCacheKeyAndForwardedToOrigin"] as Record<string, PlanValue>;
    assert.deepEqual(key["cookiesConfig"], { cookieBehavior: "none" });
    assert.deepEqual(key["queryStringsConfig"], { queryStringBehavior: "all" });
    assert.deepEqual((key["headersConfig"] as { headers: object }).headers, { items: ["x-slipway-release"] });
    const policy = output(only(await cdn(args), "aws:cloudfront/cachePolicy:CachePolicy", "cdn-public"), "id");
    const response = output(only(await cdn(args), "aws:cloudfront/function:Function", "cdn-public-response"), "arn");
    const behaviors = (await distribution(args))["orderedCacheBehaviors"] as unknown as Record<string, PlanValue>[];
    // After those that have rules of their own: the first that matches counts.
    assert.deepEqual(
      behaviors.map(({ pathPattern }) => pathPattern),
      ["/_next/static/*", "/_next/image*", "/images/*", "/favicon.ico"],
    );
    for (const files of behaviors.slice(2)) {
      assert.deepEqual([files["targetOriginId"], files["cachePolicyId"]], ["site", policy]);
      assert.deepEqual(files["allowedMethods"], ["GET", "HEAD"]);
      const functions = files["functionAssociations"] as unknown as Record<string, PlanValue>[];
      assert.deepEqual(functions.find(({ eventType }) => eventType === "viewer-response")?.["functionArn"], response);
    }
    const hour = only(
      await cdn({ ...args, publicMaxAgeSeconds: 3600 }),
      "aws:cloudfront/cachePolicy:CachePolicy",
      "cdn-public",
    );
    assert.equal(hour.inputs["minTtl"], 3600);
  });

  it("never keeps an error", async () => {
    const errors = (await distribution())["customErrorResponses"] as unknown as {
      errorCode: number;
      errorCachingMinTtl: number;
    }[];
    assert.ok(errors.some(({ errorCode }) => errorCode === 404));
    assert.ok(errors.every(({ errorCachingMinTtl }) => errorCachingMinTtl === 0));
  });

  it("stands behind one firewall", async () => {
    const plan = await cdn();
    const firewall = only(plan, "aws:wafv2/webAcl:WebAcl");
    assert.equal(firewall.inputs["scope"], "CLOUDFRONT");
    assert.deepEqual((await distribution())["webAclId"], output(firewall, "arn"));
  });

  it("makes the site's DNS records when it knows the zone, and none otherwise", async () => {
    assert.deepEqual(all(await cdn(), "aws:route53/record:Record"), []);
    const plan = await cdn({ hostedZoneId: "Z1", redirectFrom: ["www.shop.example.com"] });
    assert.deepEqual(
      all(plan, "aws:route53/record:Record")
        .map(({ inputs }) => `${inputs["name"] as string} ${inputs["type"] as string}`)
        .sort(),
      [
        "origin.shop.example.com A",
        "shop.example.com A",
        "shop.example.com AAAA",
        "www.shop.example.com A",
        "www.shop.example.com AAAA",
      ],
    );
  });

  it("logs to a bucket that log delivery alone may write to", async () => {
    const plan = await cdn();
    const [, write] = statements(only(plan, "aws:s3/bucketPolicy:BucketPolicy", "cdn-log-policy"));
    assert.deepEqual(write?.Principal, { Service: "delivery.logs.amazonaws.com" });
    assert.equal(only(plan, "aws:cloudwatch/logDeliverySource:LogDeliverySource").inputs["logType"], "ACCESS_LOGS");
    assert.ok(!("loggingConfig" in (await distribution())));
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(orphans(await cdn({ hostedZoneId: "Z1" })), []);
  });
});

describe("AwsStaticAssets", () => {
  it("keeps the files of earlier releases for 30 days", async () => {
    const lifecycle = only(
      await cdn(),
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "assets-lifecycle",
    );
    const [rule] = lifecycle.inputs["rules"] as { expiration: object }[];
    assert.deepEqual(rule?.expiration, { days: 30 });
  });

  it("is read by CloudFront of this account, and written by the application below one path", async () => {
    const plan = await cdn();
    const [, read] = statements(only(plan, "aws:s3/bucketPolicy:BucketPolicy", "assets-policy"));
    assert.deepEqual([read?.Principal, read?.Action], [{ Service: "cloudfront.amazonaws.com" }, "s3:GetObject"]);
    assert.ok(read?.Condition?.["StringEquals"]?.["aws:SourceAccount"]);
    const { ASSETS_REGION, ...environment } = plan.outputs["environment"] as Record<string, PlanValue>;
    assert.equal(ASSETS_REGION, "eu-central-1", "the task may be told another region for its uploads");
    assert.deepEqual(Object.keys(environment), ["ASSETS_BUCKET"]);
    const [write] = plan.outputs["permissions"] as { Action: string; Resource: { template: string } }[];
    assert.deepEqual([write?.Action, write?.Resource.template], ["s3:PutObject", "arn:aws:s3:::{0}/_next/static/*"]);
  });
});
