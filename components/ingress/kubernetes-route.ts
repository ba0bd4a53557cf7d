import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { Ingress, type IngressArgs } from "@pulumi/kubernetes/networking/v1";
import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import { child as childOf, type Transform } from "../shared/transform";
import { defaultBodyMb, nextInternalHeaders } from "./contract";
import { isIngressNginx, limits, streaming } from "./kubernetes-nginx";
import { alb, isAlb } from "./kubernetes-alb";

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
      /** A Gateway of the stack's own, of a class that exists, with a certificate of cert-manager. */
      readonly through: "own-gateway";
      readonly gatewayClass: string;
      /** ClusterIssuer of cert-manager. */
      readonly issuer: string;
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
  /** Other names, which redirect to `domain`. An Ingress has no word for it. Default: none. */
  readonly redirectFrom?: readonly string[];
  readonly route: KubernetesRoute;
  /** Annotations of the Ingress or the HTTPRoutes. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What a load balancer of a cloud asks, which by itself would ask `/`. Default: none is said. */
  readonly healthPath?: string;
  /** Largest request body in MiB, where the route has a word for it: an Ingress of ingress-nginx. Default: 10. */
  readonly maxBodyMb?: number;
  /** Headers and limits of an image without the platform, as far as the route can give them. Default: false. */
  readonly guarded?: boolean;
  /** One, or the stable and the canary one. An Ingress takes the first. */
  readonly backends: readonly [Backend, ...Backend[]];
  /** True when a controller moves the weights while a release goes on: Pulumi must not move them back. */
  readonly weightsMove: boolean;
  /** Service of the new release alone, reached by {@link previewHeader} before any visitor is. Default: none. */
  readonly preview?: Backend;
  readonly transform?: {
    readonly ingress?: Transform<IngressArgs>;
    readonly httpRoute?: Transform<CustomResourceArgs>;
    readonly gateway?: Transform<CustomResourceArgs>;
    readonly certificate?: Transform<CustomResourceArgs>;
  };
}

/** A request with this header reaches the new release. Not a secret: it shows what everybody sees minutes later. */
const previewHeader = { name: "x-slipway-preview", value: "1" };

/** @returns what a controller has to find before it can move traffic. */
export function createRoute(name: string, args: RouteArgs, options: CustomResourceOptions): Resource[] {
  const { route } = args;
  const certificate = certificateOf(name, route);
  if (route.through !== "gateway" && route.issuer !== undefined) {
    createCertificate(name, certificate!, route.issuer, args, options);
  }
  switch (route.through) {
    case "ingress":
      return [createIngress(name, args, route, options)];
    case "own-gateway":
      createGateway(name, args, route, options);
      return createHttpRoutes(name, args, { namespace: args.namespace, gateway: name }, options);
    case "gateway":
      return createHttpRoutes(name, args, route, options);
  }
}

/** Name of the Secret with the certificate, where the service has one of its own. */
export function certificateOf(name: string, route: KubernetesRoute): string | undefined {
  return route.through !== "gateway" && route.issuer !== undefined ? `${name}-tls` : undefined;
}

interface Parent {
  readonly namespace: Input<string>;
  readonly gateway: string;
  readonly httpsListener?: string;
  readonly httpListener?: string;
}

function createHttpRoutes(name: string, args: RouteArgs, parent: Parent, options: CustomResourceOptions): Resource[] {
  const { namespace, domain, backends, weightsMove, annotations, preview, redirectFrom = [] } = args;
  const { httpsListener = "https", httpListener = "http" } = parent;
  const attach = (sectionName: string) => ({
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    namespace: parent.namespace,
    name: parent.gateway,
    sectionName,
  });
  const httpRoute = (
    suffix: string,
    listeners: readonly string[],
    rules: object[],
    more: CustomResourceOptions = {},
    hostnames: readonly string[] = [domain],
  ) =>
    new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${name}-route${suffix}`,
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata: { name: `${name}${suffix}`, namespace, ...(annotations === undefined ? {} : { annotations }) },
          spec: { parentRefs: listeners.map(attach), hostnames: [...hostnames], rules },
        },
        { ...options, ...more },
        args.transform?.httpRoute,
      ),
    );
  const backend = ({ service, port, weight }: Backend) => ({
    group: "",
    kind: "Service",
    name: service,
    port,
    weight: weight ?? 1,
  });
  // Envoy Gateway ends a request after 15 s by default, in the middle of a page that streams. The application's own limits
  // are the ones that count. https://gateway-api.sigs.k8s.io/geps/gep-1742/
  const timeouts = { request: "0s" };
  const filters = args.guarded === true ? { filters: [securityHeaders, withoutInternalHeaders] } : {};
  const everything = { path: { type: "PathPrefix", value: "/" } };

  const main = httpRoute(
    "",
    [httpsListener],
    [{ matches: [everything], ...filters, backendRefs: backends.map(backend), timeouts }],
    // Rules are one field to the API server: who moves a weight owns them all.
    weightsMove ? { ignoreChanges: ["spec.rules"] } : {},
  );
  if (preview !== undefined) {
    // A route of its own: the one above is the controller's while a release goes on. More matches win over fewer.
    httpRoute(
      "-preview",
      [httpsListener],
      [
        {
          matches: [{ ...everything, headers: [{ type: "Exact", ...previewHeader }] }],
          ...filters,
          backendRefs: [backend(preview)],
          timeouts,
        },
      ],
    );
  }
  const redirect = (more: object) => [
    {
      matches: [everything],
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", ...more, statusCode: 301 } }],
    },
  ];
  httpRoute("-redirect", [httpListener], redirect({}));
  if (redirectFrom.length > 0) {
    const own = args.route.through === "own-gateway";
    const listeners = own ? redirectFrom.flatMap((_, index) => listenersOf(index)) : [httpsListener, httpListener];
    // At once, also where a visitor came by plain HTTP. The path stays.
    httpRoute("-names", listeners, redirect({ hostname: domain }), {}, redirectFrom);
  }
  return [main];
}

/** Those alone that are right whatever the application says: a route cannot set a header only where there is none. */
const securityHeaders = {
  type: "ResponseHeaderModifier",
  responseHeaderModifier: {
    set: [
      { name: "Strict-Transport-Security", value: "max-age=63072000" },
      { name: "X-Content-Type-Options", value: "nosniff" },
    ],
  },
};

/** Of a Next.js that may be older than the one that removes them itself. */
const withoutInternalHeaders = {
  type: "RequestHeaderModifier",
  requestHeaderModifier: { remove: [...nextInternalHeaders] },
};

/** Names of the listeners, for HTTPS and HTTP, of a name that redirects. A listener has one name. */
function listenersOf(index: number): [https: string, http: string] {
  return [`https-${index + 1}`, `http-${index + 1}`];
}

function createGateway(
  name: string,
  { namespace, domain, redirectFrom = [], transform }: RouteArgs,
  { gatewayClass }: Extract<KubernetesRoute, { through: "own-gateway" }>,
  options: CustomResourceOptions,
): void {
  const listeners = (hostname: string, [https, http]: readonly [string, string]) => {
    const listener = { hostname, allowedRoutes: { namespaces: { from: "Same" } } };
    const certificateRefs = [{ group: "", kind: "Secret", name: `${name}-tls` }];
    return [
      { name: https, port: 443, protocol: "HTTPS", tls: { mode: "Terminate", certificateRefs }, ...listener },
      { name: http, port: 80, protocol: "HTTP", ...listener },
    ];
  };
  new CustomResource(
    ...childOf<CustomResourceArgs>(
      `${name}-gateway`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: { name, namespace },
        spec: {
          gatewayClassName: gatewayClass,
          listeners: [
            ...listeners(domain, ["https", "http"]),
            ...redirectFrom.flatMap((other, index) => listeners(other, listenersOf(index))),
          ],
        },
      },
      options,
      transform?.gateway,
    ),
  );
}

function createCertificate(
  name: string,
  secretName: string,
  issuer: string,
  { namespace, domain, redirectFrom = [], transform }: RouteArgs,
  options: CustomResourceOptions,
): void {
  new CustomResource(
    ...childOf<CustomResourceArgs>(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: secretName, namespace },
        spec: {
          secretName,
          dnsNames: [domain, ...redirectFrom],
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
        },
      },
      options,
      transform?.certificate,
    ),
  );
}

function createIngress(
  name: string,
  { namespace, domain, backends, annotations, guarded, healthPath, maxBodyMb = defaultBodyMb, transform }: RouteArgs,
  route: Extract<KubernetesRoute, { through: "ingress" }>,
  options: CustomResourceOptions,
): Resource {
  const [{ service, port }] = backends;
  return new Ingress(
    ...childOf<IngressArgs>(
      `${name}-ingress`,
      {
        metadata: {
          name,
          namespace,
          annotations: {
            // Pulumi would wait for an address in the status, which controllers on bare metal never write.
            "pulumi.com/skipAwait": "true",
            ...(isIngressNginx(route.ingressClass)
              ? { ...streaming(maxBodyMb), ...(guarded === true ? limits : {}) }
              : {}),
            ...(isAlb(route.ingressClass) ? alb(healthPath, annotations) : {}),
            ...annotations,
          },
        },
        spec: {
          ...(route.ingressClass === undefined ? {} : { ingressClassName: route.ingressClass }),
          tls: [{ hosts: [domain], secretName: `${name}-tls` }],
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
      transform?.ingress,
    ),
  );
}
