import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsFirewallRules, AwsWebAcl } from "../../firewall/aws-web-acl";
import type { SignalSource } from "../../monitoring/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { AwsAccessLog } from "./access-log";
import { cacheTagHeader, viewerRequest, viewerResponse, withoutCookies } from "./cloudfront-functions";
import { assetPathBelow } from "../../ingress/contract";
import type { AwsStaticAssets } from "./static-assets";
import type { Cdn, CdnArgs } from "../contract";

export interface AwsCloudFrontArgs extends Omit<CdnArgs, "assetRetentionDays"> {
  /** Where the static files of releases are. @example new AwsStaticAssets("assets", { region, retentionDays: 30 }) */
  readonly assets: AwsStaticAssets;
  /** The internal load balancer behind it. @example new AwsLoadBalancer("shop-alb", …) */
  readonly loadBalancer: {
    readonly arn: pulumi.Input<string>;
    readonly hostname: pulumi.Input<string>;
    readonly zoneId: pulumi.Input<string>;
  };
  /** VPC origin of the load balancer, where another distribution has made it. @default one is made @example shared.vpcOriginId */
  readonly vpcOriginId?: pulumi.Input<string>;
  /** Certificate of {@link domain} and {@link redirectFrom}, in us-east-1. @example certificate.edgeArn */
  readonly certificateArn: pulumi.Input<string>;
  /**
   * Route 53 zone for the records of the site. Without it they are yours to make.
   *
   * @default the records are yours to make
   * @example "Z0123456789ABCDEFGHIJ"
   */
  readonly hostedZoneId?: pulumi.Input<string>;
  /**
   * Take over records of the site that exist in the zone.
   *
   * @default false: a record that exists is an error
   * @example true
   */
  readonly overwriteRecords?: boolean;
  /**
   * Seconds for which a page stays in the cache at the most, whatever its Cache-Control says: a page that the
   * application revalidates is this late here, unless it invalidates its tags at CloudFront.
   *
   * @default 60
   * @example 3600
   */
  readonly maxPageAgeSeconds?: number;
  /**
   * Other host names that lead to the site, for example `["www.example.com"]`.
   *
   * @default none
   * @example ["www.example.com"]
   */
  readonly redirectFrom?: readonly string[];
  /** What all paths of the application begin with, as next.config has it. @default "" @example "/shop" */
  readonly basePath?: string;
  /** What the paths of static files begin with. @default {@link basePath} and `/_next/static/` @example "/assets/" */
  readonly assetPath?: string;
  /**
   * Paths of files that are the same for everybody and change with a release alone, as CloudFront writes patterns: those of `public/`,
   * which Next.js sends with `max-age=0`, so that each request goes on to the site. They are kept whatever their Cache-Control says, and
   * their cookies are taken out.
   *
   * @default none: as their Cache-Control says
   * @example ["/images/*", "/favicon.ico"]
   */
  readonly publicPaths?: readonly string[];
  /** Seconds for which those of {@link publicPaths} are kept. @default 86400 @example 3600 */
  readonly publicMaxAgeSeconds?: number;
  /**
   * More security headers where the application said nothing: of an image without the platform.
   *
   * @default false
   * @example true
   */
  readonly securityHeaders?: boolean;
  /**
   * Where edges answer. `PriceClass_All` serves everybody nearby, at up to 1.4 times the price a GiB.
   *
   * @default `PriceClass_100`, North America and Europe; others are served from there, which takes longer
   * @example "PriceClass_All"
   */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** What the firewall lets through; `none`: there is no firewall. @default its own defaults @example { mode: "count" } */
  readonly firewall?: AwsFirewallRules | "none";
  /** KMS key in us-east-1 for the firewall's log. @default a key of AWS @example key.edgeArn */
  readonly edgeKeyArn?: pulumi.Input<string>;
  /**
   * Whether browsers must use HTTPS for every name below {@link CdnArgs.domain} for two years, names that others run
   * among them.
   *
   * @default false
   * @example true
   */
  readonly hstsIncludeSubdomains?: boolean;
  /** Days that access logs and refused requests are kept. @example 90 */
  readonly logRetentionDays: number;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly distribution?: Transform<aws.cloudfront.DistributionArgs>;
    readonly pageCache?: Transform<aws.cloudfront.CachePolicyArgs>;
    readonly webAcl?: Transform<aws.wafv2.WebAclArgs>;
  };
}

/**
 * Name by which CloudFront calls the load balancer. The certificate of the load balancer must cover it beside the domain:
 * where a request falls back from the bucket, the browser's host name cannot be passed on.
 */
export function originName(domain: string): string {
  return `origin.${domain}`;
}

/** Policies that AWS keeps: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const allViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/** The same address answers with a page or with the data of one, by these: https://nextjs.org/docs/app/guides/cdn-caching */
const serverComponentHeaders = [
  "rsc",
  "next-router-prefetch",
  "next-router-state-tree",
  "next-router-segment-prefetch",
  "next-url",
];
/** It leads to a release that visitors do not have yet: what it answers must not reach them from the cache. */
const releaseHeader = "x-slipway-release";
/** Editors who look at drafts must not get, or leave behind, the cached page. */
const draftCookies = ["__prerender_bypass", "__next_preview_data"];

const read = ["GET", "HEAD"];
const everything = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

/**
 * CloudFront in front of the site: TLS 1.2 and up, HTTP/3, a firewall, and a cache that does what Next.js says.
 *
 * - `/_next/static/*` comes from the bucket of static assets, of which each file never expires in the cache; what the
 *   bucket lacks is asked of the site.
 * - `/_next/image` is cached by address and by the formats a browser takes.
 * - What is named as public is kept for a day, by address, until a release empties the cache.
 * - Everything else is cached for as long as its Cache-Control allows, a minute at the most, and not at all without one. A response that may be
 *   cached never sets a cookie: the edge takes it out (cloudfront-functions.ts).
 * - What the site names as tags of a response, in `x-amz-meta-cache-tag`, can be invalidated by them.
 *
 * The way to the site is a private one (VPC origin): the load balancer has no public address, so nobody goes around the
 * firewall, and the firewall is paid for once.
 *
 * About $10 a month for the firewall, then $0.085 a GiB after the first free TiB, $0.01 for each 10,000 requests after ten
 * free million (https://aws.amazon.com/cloudfront/pricing/).
 */
export class AwsCloudFront extends pulumi.ComponentResource implements Cdn {
  readonly url: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  readonly signals: readonly SignalSource[];
  /** The private connection to the load balancer, which other distributions may use as well. */
  readonly vpcOriginId: pulumi.Output<string>;
  readonly nodes: { readonly distribution: aws.cloudfront.Distribution };

  constructor(name: string, args: AwsCloudFrontArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:cdn:AwsCloudFront", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { domain, redirectFrom = [] } = args;

    const webAcl = createWebAcl();
    const bucketAccess = createBucketAccess();
    const vpcOriginId = pulumi.output(args.vpcOriginId ?? createVpcOrigin().id);
    const pageCache = createPageCache();
    const imageCache = createImageCache();
    const publicCache = createPublicCache();
    const responseHeaders = createResponseHeaders();
    const functions = createFunctions();
    const distribution = createDistribution();
    new AwsAccessLog(`${name}-log`, { distributionArn: distribution.arn, retentionDays: args.logRetentionDays }, child);
    createRecords();

    this.url = pulumi.output(`https://${domain}`);
    this.hostname = distribution.domainName;
    this.vpcOriginId = vpcOriginId;
    this.nodes = { distribution };
    this.signals = [{ kind: "cdn", name, identifiers: { DistributionId: distribution.id, Region: "Global" } }];
    this.registerOutputs({ url: this.url, hostname: this.hostname });

    function createWebAcl(): AwsWebAcl | undefined {
      const { edgeKeyArn: keyArn, firewall, logRetentionDays, transform } = args;
      if (firewall === "none") return undefined;
      return new AwsWebAcl(
        `${name}-waf`,
        { ...firewall, scope: "CLOUDFRONT", logRetentionDays, keyArn, transform: { webAcl: transform?.webAcl } },
        child,
      );
    }

    function createBucketAccess(): aws.cloudfront.OriginAccessControl {
      return new aws.cloudfront.OriginAccessControl(
        `${name}-assets`,
        { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
        child,
      );
    }

    function createVpcOrigin(): aws.cloudfront.VpcOrigin {
      return new aws.cloudfront.VpcOrigin(
        `${name}-origin`,
        {
          vpcOriginEndpointConfig: {
            name: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
            arn: args.loadBalancer.arn,
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
          },
        },
        child,
      );
    }

    function createPageCache(): aws.cloudfront.CachePolicy {
      return new aws.cloudfront.CachePolicy(
        ...childOf<aws.cloudfront.CachePolicyArgs>(
          `${name}-pages`,
          {
            comment: "As long as Cache-Control says; pages and their data apart",
            minTtl: 0,
            // No Cache-Control, no caching.
            defaultTtl: 0,
            maxTtl: args.maxPageAgeSeconds ?? 60,
            parametersInCacheKeyAndForwardedToOrigin: {
              enableAcceptEncodingBrotli: true,
              enableAcceptEncodingGzip: true,
              headersConfig: {
                headerBehavior: "whitelist",
                headers: { items: [...serverComponentHeaders, releaseHeader] },
              },
              cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: draftCookies } },
              queryStringsConfig: { queryStringBehavior: "all" },
            },
          },
          child,
          args.transform?.pageCache,
        ),
      );
    }

    function createImageCache(): aws.cloudfront.CachePolicy {
      return new aws.cloudfront.CachePolicy(
        `${name}-images`,
        {
          comment: "By address and by the formats that the browser takes",
          minTtl: 0,
          defaultTtl: 0,
          maxTtl: 31536000,
          parametersInCacheKeyAndForwardedToOrigin: {
            // Images are compressed already.
            enableAcceptEncodingBrotli: false,
            enableAcceptEncodingGzip: false,
            headersConfig: { headerBehavior: "whitelist", headers: { items: ["accept"] } },
            cookiesConfig: { cookieBehavior: "none" },
            queryStringsConfig: { queryStringBehavior: "whitelist", queryStrings: { items: ["dpl", "q", "url", "w"] } },
          },
        },
        child,
      );
    }

    /** Of errors nothing is kept, by {@link errorResponses}. */
    function createPublicCache(): aws.cloudfront.CachePolicy | undefined {
      const { publicMaxAgeSeconds: seconds = 86_400, publicPaths = [] } = args;
      if (publicPaths.length === 0) return undefined;
      return new aws.cloudfront.CachePolicy(
        `${name}-public`,
        {
          comment: "Files that are the same for everybody, until the next release",
          ...{ minTtl: seconds, defaultTtl: seconds, maxTtl: seconds },
          parametersInCacheKeyAndForwardedToOrigin: {
            enableAcceptEncodingBrotli: true,
            enableAcceptEncodingGzip: true,
            headersConfig: { headerBehavior: "whitelist", headers: { items: [releaseHeader] } },
            cookiesConfig: { cookieBehavior: "none" },
            queryStringsConfig: { queryStringBehavior: "all" },
          },
        },
        child,
      );
    }

    function createResponseHeaders(): aws.cloudfront.ResponseHeadersPolicy {
      return new aws.cloudfront.ResponseHeadersPolicy(
        `${name}-headers`,
        {
          comment: "HTTPS from now on; nothing about what runs behind",
          securityHeadersConfig: {
            strictTransportSecurity: {
              accessControlMaxAgeSec: 63072000,
              includeSubdomains: args.hstsIncludeSubdomains ?? false,
              override: false,
            },
            contentTypeOptions: { override: false },
            ...(args.securityHeaders === true
              ? {
                  frameOptions: { frameOption: "SAMEORIGIN", override: false },
                  referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
                }
              : {}),
          },
          removeHeadersConfig: { items: [{ header: "Server" }, { header: "X-Powered-By" }] },
        },
        child,
      );
    }

    function createFunctions(): aws.types.input.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociation[] {
      const events = { "viewer-request": viewerRequest(domain, args.basePath), "viewer-response": viewerResponse };
      return Object.entries(events).map(([eventType, code]) => ({
        eventType,
        functionArn: createFunction(eventType, code),
      }));
    }

    function createFunction(suffix: string, code: string): pulumi.Output<string> {
      const inputs = { runtime: "cloudfront-js-2.0", publish: true, code };
      return new aws.cloudfront.Function(`${name}-${suffix}`, inputs, child).arn;
    }

    function createDistribution(): aws.cloudfront.Distribution {
      return new aws.cloudfront.Distribution(
        ...childOf<aws.cloudfront.DistributionArgs>(
          name,
          {
            enabled: true,
            comment: `${pulumi.getProject()} ${pulumi.getStack()}`,
            cacheTagConfig: { headerName: cacheTagHeader },
            aliases: [domain, ...redirectFrom],
            httpVersion: "http2and3",
            isIpv6Enabled: true,
            priceClass: args.priceClass ?? "PriceClass_100",
            webAclId: webAcl?.arn,
            viewerCertificate: {
              acmCertificateArn: args.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            },
            restrictions: { geoRestriction: { restrictionType: "none" } },
            origins: origins(),
            originGroups: [
              {
                originId: "assets-then-site",
                // S3 says 403 for a file that is not there to callers that may not list.
                failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
                members: [{ originId: "assets" }, { originId: "site" }],
              },
            ],
            defaultCacheBehavior: pages(),
            orderedCacheBehaviors: [staticFiles(), images(), ...errorPage(), ...publicFiles()],
            customErrorResponses: errorResponses(),
            waitForDeployment: true,
          },
          child,
          args.transform?.distribution,
        ),
      );
    }

    function origins(): aws.types.input.cloudfront.DistributionOrigin[] {
      return [
        {
          originId: "site",
          domainName: originName(domain),
          vpcOriginConfig: { vpcOriginId, originReadTimeout: 60, originKeepaliveTimeout: 55 },
        },
        { originId: "assets", domainName: args.assets.hostname, originAccessControlId: bucketAccess.id },
      ];
    }

    function pages(): aws.types.input.cloudfront.DistributionDefaultCacheBehavior {
      return {
        targetOriginId: "site",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: everything,
        cachedMethods: read,
        compress: true,
        cachePolicyId: pageCache.id,
        originRequestPolicyId: allViewer,
        responseHeadersPolicyId: responseHeaders.id,
        functionAssociations: functions,
      };
    }

    function staticFiles(): aws.types.input.cloudfront.DistributionOrderedCacheBehavior {
      return {
        pathPattern: `${args.assetPath ?? assetPathBelow(args.basePath)}*`,
        targetOriginId: "assets-then-site",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: read,
        cachedMethods: read,
        compress: true,
        cachePolicyId: cachingOptimized,
        responseHeadersPolicyId: responseHeaders.id,
      };
    }

    function images(): aws.types.input.cloudfront.DistributionOrderedCacheBehavior {
      return {
        ...pages(),
        pathPattern: `${args.basePath ?? ""}/_next/image*`,
        allowedMethods: read,
        compress: false,
        cachePolicyId: imageCache.id,
      };
    }

    function errorPage(): aws.types.input.cloudfront.DistributionOrderedCacheBehavior[] {
      const { errorPath } = args.assets;
      if (errorPath === undefined) return [];
      // From the bucket alone: it is asked for when the site does not answer.
      return [{ ...staticFiles(), pathPattern: errorPath, targetOriginId: "assets" }];
    }

    function publicFiles(): aws.types.input.cloudfront.DistributionOrderedCacheBehavior[] {
      const { publicPaths = [] } = args;
      if (publicCache === undefined) return [];
      const [request] = functions;
      const response = { eventType: "viewer-response", functionArn: createFunction("public-response", withoutCookies) };
      return publicPaths.map((pathPattern) => ({
        ...pages(),
        pathPattern,
        allowedMethods: read,
        cachePolicyId: publicCache.id,
        functionAssociations: [request!, response],
      }));
    }

    function errorResponses(): aws.types.input.cloudfront.DistributionCustomErrorResponse[] {
      const { errorPath } = args.assets;
      // No replica in the load balancer, none that answers, none that could be reached. What the application says by 500 stays.
      const shown = errorPath === undefined ? [] : [502, 503, 504];
      // CloudFront keeps errors for 10 s by itself: a file asked for a moment before its release was there would stay missing.
      return [404, 500, 502, 503, 504].map((errorCode) => ({
        errorCode,
        errorCachingMinTtl: 0,
        ...(shown.includes(errorCode) ? { responsePagePath: errorPath, responseCode: 503 } : {}),
      }));
    }

    function createRecords(): void {
      if (args.hostedZoneId === undefined) return;
      const zoneId = args.hostedZoneId;
      const overwrite = args.overwriteRecords === true ? { allowOverwrite: true } : {};
      const edge = { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false };
      for (const hostname of [domain, ...redirectFrom]) {
        for (const type of ["A", "AAAA"]) {
          new aws.route53.Record(
            `${name}-${hostname}-${type}`,
            { zoneId, name: hostname, type, aliases: [edge], ...overwrite },
            child,
          );
        }
      }
      const { hostname, zoneId: balancerZone } = args.loadBalancer;
      new aws.route53.Record(
        `${name}-origin`,
        {
          zoneId,
          name: originName(domain),
          type: "A",
          aliases: [{ name: hostname, zoneId: balancerZone, evaluateTargetHealth: false }],
          ...overwrite,
        },
        child,
      );
    }
  }
}
