import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type ControlPlane, eventually } from "./control-plane";
import { run } from "./programs";

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: object };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
}

/** Serves `metrics.k8s.io` behind the API server as metrics-server does, with what a test says that pods use. */
export class StubMetrics {
  /** What every pod uses. */
  usage = { cpu: "0", memory: "0" };

  private constructor(private readonly server: Server) {}

  static async start(plane: ControlPlane): Promise<StubMetrics> {
    const [key, certificate] = [join(plane.folder, "metrics.key"), join(plane.folder, "metrics.crt")];
    await run("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-keyout", key, "-out", certificate],
    ]);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      void stub
        .answer(plane, request.url!)
        .catch((error: unknown) => ({ kind: "Status", status: "Failure", message: String(error) }))
        .then((body) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)));
    });
    const stub = new StubMetrics(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await stub.announce(plane);
    return stub;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async announce(plane: ControlPlane): Promise<void> {
    const { port } = this.server.address() as AddressInfo;
    const metadata = { name: "metrics-server", namespace: "kube-system" };
    await plane.apply([
      { apiVersion: "v1", kind: "Service", metadata, spec: { type: "ExternalName", externalName: "localhost" } },
      {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: "v1beta1.metrics.k8s.io" },
        spec: {
          ...{ group: "metrics.k8s.io", version: "v1beta1", groupPriorityMinimum: 100, versionPriority: 100 },
          insecureSkipTLSVerify: true,
          service: { ...metadata, port },
        },
      },
    ]);
    await eventually("the API server asks for metrics", () => plane.kubectl(["get", "--raw", `${root}/pods`]));
  }

  private async answer(plane: ControlPlane, url: string): Promise<object> {
    const { pathname, searchParams } = new URL(url, "https://localhost");
    if (pathname === root) {
      const resource = { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] };
      return {
        kind: "APIResourceList",
        apiVersion: "v1",
        groupVersion: "metrics.k8s.io/v1beta1",
        resources: [resource],
      };
    }
    const namespace = /\/namespaces\/([^/]+)\//.exec(pathname)?.[1];
    const pods =
      namespace === undefined ? [] : await plane.list<Pod>(namespace, "pods", searchParams.get("labelSelector") ?? "");
    return {
      kind: "PodMetricsList",
      apiVersion: "metrics.k8s.io/v1beta1",
      items: pods.map(({ metadata: { name, namespace, labels }, spec }) => ({
        metadata: { name, namespace, labels },
        timestamp: new Date().toISOString(),
        window: "1s",
        containers: spec.containers.map((container) => ({ name: container.name, usage: this.usage })),
      })),
    };
  }
}

const root = "/apis/metrics.k8s.io/v1beta1";
