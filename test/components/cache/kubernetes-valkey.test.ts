import { strict as assert } from "node:assert";
import { KubernetesValkey, accessList } from "../../../components/cache/kubernetes-valkey";
import { isSecret } from "../../../tools/plan/plan";
import { only, record } from "../../record";
import { network } from "../kubernetes-mocks";

interface PodInputs {
  readonly strategy: object;
  readonly replicas: number;
  readonly template: {
    readonly metadata: { readonly annotations: Readonly<Record<string, unknown>> };
    readonly spec: {
      readonly automountServiceAccountToken: boolean;
      readonly containers: readonly {
        readonly name: string;
        readonly command?: readonly string[];
        readonly env?: readonly { readonly name: string; readonly value?: string }[];
        readonly resources: object;
        readonly securityContext: object;
      }[];
      readonly tolerations?: readonly object[];
    };
  };
}

describe("KubernetesValkey", () => {
  const create = () => record(() => void new KubernetesValkey("cache", { network, memoryMb: 128 }));
  const pods = async () => only(await create(), "kubernetes:apps/v1:Deployment").inputs["spec"] as unknown as PodInputs;

  it("is never there twice", async () => {
    const { replicas, strategy } = await pods();
    assert.equal(replicas, 1);
    assert.deepEqual(strategy, { type: "Recreate" });
  });

  it("keeps entries in memory alone and throws out the oldest", async () => {
    const { data } = only(await create(), "kubernetes:core/v1:ConfigMap").inputs as { data: Record<string, string> };
    const lines = data["valkey.conf"]!.split("\n");
    for (const line of ["maxmemory 128mb", "maxmemory-policy allkeys-lru", 'save ""', "appendonly no"]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it("leaves room above maxmemory, and asks for what it may use", async () => {
    const [valkey] = (await pods()).template.spec.containers;
    assert.deepEqual(valkey?.resources, {
      requests: { cpu: "250m", memory: "192Mi", "ephemeral-storage": "64Mi" },
      limits: { cpu: "250m", memory: "192Mi", "ephemeral-storage": "144Mi" },
    });
  });

  it("has its password in no argument, no variable and no configuration", async () => {
    const plan = await create();
    assert.ok(isSecret(only(plan, "kubernetes:core/v1:Secret").inputs["stringData"]));
    const { containers } = (await pods()).template.spec;
    assert.deepEqual(
      containers.flatMap(({ env = [] }) => env.map(({ name, value }) => [name, value])),
      [
        ["REDIS_ADDR", "redis://localhost:6379"],
        ["REDIS_USER", "metrics"],
        ["REDIS_PASSWORD_FILE", "/run/secrets/valkey/exporter.json"],
        ["REDIS_EXPORTER_WEB_LISTEN_ADDRESS", ":9121"],
      ],
    );
    assert.deepEqual(containers[0]?.command, ["valkey-server", "/etc/valkey/valkey.conf"]);
  });

  it("gives the application no way to administer it, and the exporter none to read entries", () => {
    const [application, metrics] = accessList("a".repeat(64), "b".repeat(64)).split("\n");
    assert.equal(application, `user default on #${"a".repeat(64)} ~* &* +@all -@admin`);
    assert.match(metrics!, /^user metrics on #b{64} resetkeys resetchannels -@all \+ping \+info/);
    assert.doesNotMatch(metrics!, /\+@|\+get\b|~/);
  });

  it("starts anew when its passwords or its configuration change", async () => {
    const { annotations } = (await pods()).template.metadata;
    assert.deepEqual(Object.keys(annotations).sort(), ["slipway/configuration", "slipway/secrets"]);
  });

  it("is given up soon on a lost node, where there is nothing to wait for", async () => {
    assert.deepEqual((await pods()).template.spec.tolerations, [
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 },
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 },
    ]);
  });

  it("calls nobody, and is called by the application and Prometheus alone", async () => {
    const { spec } = only(await create(), "kubernetes:networking.k8s.io/v1:NetworkPolicy", "cache-server").inputs as {
      spec: object;
    };
    assert.deepEqual(spec, {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "cache" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { "slipway/role": "application" } } }],
          ports: [{ protocol: "TCP", port: 6379 }],
        },
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
          ports: [{ protocol: "TCP", port: 9121 }],
        },
      ],
    });
  });
});
