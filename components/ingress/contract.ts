/** How requests reach a process: under which name, on which port, and how it says that it can serve. */
export interface Ingress {
  /** Public host name. @example "shop.example.com" */
  readonly domain: string;
  /** TCP port on which the process listens. @default 3000 @example 8080 */
  readonly port?: number;
  /** What load balancers and orchestrators ask. @default {@link defaultHealth} @example { readyPath: "/ready" } */
  readonly health?: Partial<HealthCheck>;
}

export interface HealthCheck {
  /** Says that the process lives; never asks a dependency. A path, or `tcp`: that its port takes a connection. */
  readonly livePath: string;
  /** Says that the replica can serve. A path, or `tcp`. */
  readonly readyPath: string;
  /**
   * Who answers: the platform (`@slipway/next`), or an image that may have no Node.js and knows nothing of it.
   * @default true @example false
   */
  readonly platform?: boolean;
  /** Command in the image that asks it, of an image without the platform. @default whatever it has @example ["/app/probe"] */
  readonly command?: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Seconds a replica may take until it is first healthy. */
  readonly startupSeconds: number;
}

/** What routers ask: once it has been ready, a replica of the platform without its database serves what it can. */
export function routedBy({ readyPath, platform = true }: Pick<HealthCheck, "readyPath" | "platform">): string {
  return platform ? `${readyPath}?for=routing` : readyPath;
}

export const defaultPort = 3000;

/** Largest request body by default, in MiB, on every target that limits it. */
export const defaultBodyMb = 10;

/** Where Next.js has what browsers may keep without end: names hold a hash of the content. */
export const assetPathBelow = (basePath = ""): string => `${basePath}/_next/static/`;
export const defaultAssetPath = assetPathBelow();

/** In the place of a path: whether the port takes a connection. */
export const tcp = "tcp";

/** Paths of the platform (`@slipway/next`). */
export const defaultHealth: HealthCheck = {
  livePath: "/api/health",
  readyPath: "/api/ready",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  startupSeconds: 60,
};

/**
 * Headers by which Next.js talks to itself. From outside, releases before 16 let them skip the middleware (CVE-2025-29927),
 * answer with another page's data (CVE-2024-46982) or with an error page, which a cache then keeps. An HTTPRoute removes 16
 * headers at most.
 */
export const nextInternalHeaders = [
  ...["subrequest", "rewrite", "redirect", "set-cookie", "skip", "override-headers", "next", "invoke"].map(
    (name) => `x-middleware-${name}`,
  ),
  ...["path", "query", "status", "output", "error"].map((name) => `x-invoke-${name}`),
  "x-now-route-matches",
  "x-matched-path",
] as const;
