import type { Output } from "@pulumi/pulumi";
import type { SignalSource } from "../monitoring/contract";

export interface CdnArgs {
  /** Host name that browsers use. @example "shop.example.com" */
  readonly domain: string;
  /** Days for which the static files of earlier releases stay available. @example 30 */
  readonly assetRetentionDays: number;
}

/** What stands between browsers and the service's ingress. */
export interface Cdn {
  /** Address for browsers: scheme and host, without a trailing slash. */
  readonly url: Output<string>;
  /** Name that the site's DNS record points at. */
  readonly hostname: Output<string>;
  readonly signals: readonly SignalSource[];
}
