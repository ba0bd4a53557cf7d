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
  /** Says that the process lives; never asks a dependency. */
  readonly livePath: string;
  /** Says that the replica can serve. */
  readonly readyPath: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Seconds a replica may take until it is first healthy. */
  readonly startupSeconds: number;
}

export const defaultPort = 3000;

/** Paths of the platform (`@slipway/next`). */
export const defaultHealth: HealthCheck = {
  livePath: "/api/health",
  readyPath: "/api/ready",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  startupSeconds: 60,
};
