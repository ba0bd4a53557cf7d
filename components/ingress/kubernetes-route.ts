import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Ingress } from "@pulumi/kubernetes/networking/v1";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";

/** How requests from outside reach the service. */
export type KubernetesRoute =
  | {
      /**
       * A Gateway that exists (https://gateway-api.sigs.k8s.io), whose owner has given it a listener for HTTPS with a
       * certificate for the domain, and lets routes of this namespace attach.
       */
      readonly through: "gateway";
      readonly namespace: string;
      readonly gateway: string;
      /** Name of the listener for HTTPS. Default: `https`. */
      readonly httpsListener?: string;
      /** Name of the listener for HTTP, which only redirects. Default: `http`. */
      readonly httpListener?: string;
    }
  | {
      readonly through: "ingress";
      /** Default: the cluster's default class. */
      readonly ingressClass?: string;
      /**
       * ClusterIssuer of cert-manager for the certificate. Without it, somebody must put a certificate for the domain into
       * the Secret `<name>-tls`.
       */
      readonly issuer?: string;
    };

export interface Backend {
  readonly service: string;
  readonly port: number;
  readonly weight?: number;
}

export interface RouteArgs {
  readonly namespace: Output<string>;
  readonly domain: string;
  readonly route: KubernetesRoute;
  /** One, or the stable and the canary one. An Ingress takes the first. */
  readonly backends: readonly [Backend, ...Backend[]];
  /** True when a controller moves the weights while a release goes on: Pulumi must not move them back. */
  readonly weightsMove: boolean;
}

export function createRoute(name: string, args: RouteArgs, options: CustomResourceOptions): void {
  if (args.route.through === "gateway") createHttpRoutes(name, args, args.route, options);
  else createIngress(name, args, args.route, options);
}

/** Name of the Secret with the certificate, where the service has one of its own. */
export function certificateOf(name: string, route: KubernetesRoute): string | undefined {
  return route.through === "ingress" && route.issuer !== undefined ? `${name}-tls` : undefined;
}

function createHttpRoutes(
  name: string,
  { namespace, domain, backends, weightsMove }: RouteArgs,
  route: Extract<KubernetesRoute, { through: "gateway" }>,
  options: CustomResourceOptions,
): void {
  const attach = (sectionName: string) => [
    {
      group: "gateway.networking.k8s.io",
      kind: "Gateway",
      namespace: route.namespace,
      name: route.gateway,
      sectionName,
    },
  ];
  const httpRoute = (suffix: string, listener: string, rules: object[], more: CustomResourceOptions = {}) =>
    new CustomResource(
      `${name}-route${suffix}`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: `${name}${suffix}`, namespace },
        spec: { parentRefs: attach(listener), hostnames: [domain], rules },
      },
      { ...options, ...more },
    );

  httpRoute(
    "",
    route.httpsListener ?? "https",
    [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: backends.map(({ service, port, weight }) => ({
          group: "",
          kind: "Service",
          name: service,
          port,
          weight: weight ?? 1,
        })),
      },
    ],
    weightsMove ? { ignoreChanges: ["spec.rules[*].backendRefs[*].weight"] } : {},
  );
  httpRoute("-redirect", route.httpListener ?? "http", [
    {
      matches: [{ path: { type: "PathPrefix", value: "/" } }],
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
    },
  ]);
}

function createIngress(
  name: string,
  { namespace, domain, backends }: RouteArgs,
  route: Extract<KubernetesRoute, { through: "ingress" }>,
  options: CustomResourceOptions,
): void {
  const secretName = `${name}-tls`;
  if (route.issuer !== undefined) {
    new CustomResource(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: secretName, namespace },
        spec: {
          secretName,
          dnsNames: [domain],
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: route.issuer },
        },
      },
      options,
    );
  }
  const [{ service, port }] = backends;
  new Ingress(
    `${name}-ingress`,
    {
      metadata: {
        name,
        namespace,
        annotations: {
          // Pulumi would wait for an address in the status, which controllers on bare metal never write.
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: {
        ...(route.ingressClass === undefined ? {} : { ingressClassName: route.ingressClass }),
        tls: [{ hosts: [domain], secretName }],
        rules: [
          {
            host: domain,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: port } } } },
              ],
            },
          },
        ],
      },
    },
    options,
  );
}
