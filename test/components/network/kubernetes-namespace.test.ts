import { strict as assert } from "node:assert";
import { KubernetesNamespace } from "../../../components/network/kubernetes-namespace";
import { all, only, record } from "../../record";

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("KubernetesNamespace", () => {
  const namespace = (protect?: boolean) =>
    record(() => void new KubernetesNamespace("network", { namespace: "shop-staging", protect }));

  it("holds every pod to the restricted standard", async () => {
    const { inputs, parent } = only(await namespace(), "kubernetes:core/v1:Namespace", "network-namespace");
    assert.deepEqual(inputs["metadata"], {
      name: "shop-staging",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    });
    assert.match(parent ?? "", /slipway:network:KubernetesNamespace::network$/);
  });

  it("is kept with the volumes in it, unless the data may go", async () => {
    const options = async (protect?: boolean) => only(await namespace(protect), "kubernetes:core/v1:Namespace").options;
    assert.equal((await options()).protect, true);
    assert.equal((await options()).retainOnDelete, true);
    assert.equal((await options(false)).protect ?? false, false);
  });

  it("denies both ways by default, and allows names alone", async () => {
    const plan = await namespace();
    assert.deepEqual(only(plan, policyType, "network-default-deny").inputs["spec"], {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const dns = only(plan, policyType, "network-allow-dns").inputs["spec"] as { egress: { ports: unknown }[] };
    assert.deepEqual(
      dns.egress.map(({ ports }) => ports),
      [
        [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      ],
    );
    assert.equal(all(plan, policyType).length, 2);
  });

  it("lets no Service open a load balancer of its own", async () => {
    const { inputs } = only(await namespace(), "kubernetes:core/v1:ResourceQuota");
    assert.deepEqual(inputs["spec"], { hard: { "services.loadbalancers": "0" } });
  });

  it("hands its own arguments to a transform", async () => {
    const plan = await record(
      () =>
        void new KubernetesNamespace("network", {
          namespace: "shop",
          transform: {
            namespace: (args) => ({ metadata: { ...(args.metadata as object), annotations: { team: "web" } } }),
          },
        }),
    );
    const { metadata } = only(plan, "kubernetes:core/v1:Namespace").inputs as { metadata: { annotations: object } };
    assert.deepEqual(metadata.annotations, { team: "web" });
  });
});
