import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";
import type { SignalSource } from "../contract";

export interface AwsHealthCheck {
  /** Path that answers 200 to 399, with its query if it has one. @example "/products" */
  readonly path: string;
  /**
   * Text that must be in the first 5,120 bytes of the answer: another dollar a month.
   *
   * @default none
   * @example "Add to cart"
   */
  readonly contains?: string;
}

export interface AwsHealthChecksArgs {
  /** Host name of the site, as visitors call it. @example "shop.example.com" */
  readonly domain: string;
  /** What is asked for. @example [{ path: "/api/ready" }, { path: "/", contains: "Welcome" }] */
  readonly checks: readonly AwsHealthCheck[];
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { healthCheck: { requestInterval: 10 } }
   */
  readonly transform?: ChildTransforms & { readonly healthCheck?: Transform<aws.route53.HealthCheckArgs> };
}

/** Three continents; Route 53 asks for three regions at least. */
const regions = ["us-east-1", "eu-west-1", "ap-southeast-1"];

/**
 * Asks for pages of the site by HTTPS from three continents, about every six seconds each, the whole way that a visitor takes: DNS,
 * certificate and CDN included. `signals` has an alarm for each; Route 53 has its metrics in us-east-1.
 *
 * $1.50 per month for each path, $2.50 with `contains` (https://aws.amazon.com/route53/pricing/), and what half a million requests
 * a month cost where they go through CloudFront and its firewall: about a dollar. A canary of CloudWatch Synthetics that runs every
 * five minutes is $10, and its script has to be kept up.
 *
 * @example
 * const checks = new AwsHealthChecks("checks", { domain: "shop.example.com", checks: [{ path: "/api/ready" }] });
 * new AwsCloudWatch("monitoring", { sources: checks.signals, … });
 */
export class AwsHealthChecks extends pulumi.ComponentResource {
  readonly signals: readonly SignalSource[];
  readonly nodes: { readonly healthChecks: readonly aws.route53.HealthCheck[] };

  constructor(name: string, args: AwsHealthChecksArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsHealthChecks", name, {}, transforming(options, args.transform));
    const made = args.checks.map((check) => ({ check, healthCheck: createHealthCheck(check, this) }));

    this.signals = made.map(({ check, healthCheck }) => ({
      kind: "site",
      name: named(name, check),
      identifiers: { HealthCheckId: healthCheck.id },
      region: "us-east-1",
    }));
    this.nodes = { healthChecks: made.map(({ healthCheck }) => healthCheck) };
    this.registerOutputs({});

    function createHealthCheck(check: AwsHealthCheck, parent: pulumi.Resource): aws.route53.HealthCheck {
      const { contains, path } = check;
      return new aws.route53.HealthCheck(
        ...childOf<aws.route53.HealthCheckArgs>(
          named(name, check),
          {
            fqdn: args.domain,
            port: 443,
            resourcePath: path,
            ...(contains === undefined ? { type: "HTTPS" } : { type: "HTTPS_STR_MATCH", searchString: contains }),
            enableSni: true,
            regions: [...regions],
            requestInterval: 30,
            failureThreshold: 3,
            // What the console shows in place of an id.
            tags: { Name: `${args.domain}${path}` },
          },
          { parent },
          args.transform?.healthCheck,
        ),
      );
    }
  }
}

/** `checks-api-ready` for `/api/ready`, `checks` for `/`: one that comes or goes renames no other, and no two have one name. */
function named(name: string, { path }: AwsHealthCheck): string {
  if (path === "/") return name;
  const words = path.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const plain = `/${words.join("/")}` === path;
  return [name, ...words.slice(0, 5), ...(plain && words.length <= 5 ? [] : [shortHash(path)])].join("-");
}

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 6);
