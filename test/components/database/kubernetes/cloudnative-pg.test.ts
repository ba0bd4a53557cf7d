import { strict as assert } from "node:assert";
import { output } from "@pulumi/pulumi";
import { isSecretRef } from "../../../../components/secrets/contract";
import {
  KubernetesCloudNativePg,
  type KubernetesCloudNativePgArgs,
} from "../../../../components/database/kubernetes/cloudnative-pg";
import type { Unknown } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { network } from "../../kubernetes-mocks";

const args: KubernetesCloudNativePgArgs = {
  network,
  version: "17",
  cpuMillis: 1000,
  memoryMb: 2048,
  storageGb: 50,
  standby: true,
  readReplicas: 0,
  backupRetentionDays: 14,
  protect: true,
  backup: { destination: "s3://acme-backups/shop", cron: "15 3 * * *" },
};
const clusterType = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const poolerType = "kubernetes:postgresql.cnpg.io/v1:Pooler";

async function create(more: Partial<KubernetesCloudNativePgArgs> = {}) {
  let database: KubernetesCloudNativePg | undefined;
  const plan = await record(() => {
    database = new KubernetesCloudNativePg("database", { ...args, ...more });
  });
  return { plan, database: database! };
}

interface ClusterSpec {
  readonly instances: number;
  readonly certificates: { readonly serverAltDNSNames: readonly string[] };
  readonly postgresql: { readonly synchronous?: object; readonly pg_hba: readonly string[] };
  readonly plugins?: readonly object[];
  readonly imagePullSecrets?: readonly object[];
  readonly serviceAccountTemplate?: object;
}

const specOf = async (more?: Partial<KubernetesCloudNativePgArgs>) =>
  only((await create(more)).plan, clusterType).inputs["spec"] as unknown as ClusterSpec;

describe("KubernetesCloudNativePg", () => {
  it("runs one server, one more for a standby, and one for each read replica", async () => {
    assert.equal((await specOf({ standby: false })).instances, 1);
    assert.equal((await specOf()).instances, 2);
    assert.equal((await specOf({ readReplicas: 2 })).instances, 4);
  });

  it("lets each pooler take all connections of all applications, and has the memory for them", async () => {
    const pooler = async (more: Partial<KubernetesCloudNativePgArgs>) => {
      const { spec } = only((await create(more)).plan, poolerType).inputs as unknown as {
        spec: {
          pgbouncer: { parameters: Record<string, string> };
          template: { spec: { containers: [{ resources: { limits: object } }] } };
        };
      };
      return [spec.pgbouncer.parameters["max_client_conn"], spec.template.spec.containers[0].resources.limits];
    };
    assert.deepEqual(await pooler({ clients: 40 }), ["1000", { cpu: "250m", memory: "162Mi" }]);
    assert.deepEqual(await pooler({ clients: 6000, cpuMillis: 4000 }), ["6000", { cpu: "1", memory: "650Mi" }]);
    assert.deepEqual(await pooler({ poolerMemoryMb: 64 }), ["1000", { cpu: "250m", memory: "64Mi" }]);
  });

  it("sizes what archives by the server, and as it is told", async () => {
    const sidecar = async (more: Partial<KubernetesCloudNativePgArgs>) => {
      const { spec } = only((await create(more)).plan, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore")
        .inputs as unknown as { spec: { instanceSidecarConfiguration: { resources: { limits: object } } } };
      return spec.instanceSidecarConfiguration.resources.limits;
    };
    assert.deepEqual(await sidecar({}), { cpu: "250m", memory: "256Mi" });
    assert.deepEqual(await sidecar({ cpuMillis: 8000 }), { cpu: "2", memory: "256Mi" });
    const backup = { destination: "s3://a/b", cron: "0 3 * * *", cpuMillis: 100, memoryMb: 512 };
    assert.deepEqual(await sidecar({ backup }), { cpu: "100m", memory: "512Mi" });
  });

  it("keeps a standby out of its primary's zone where that is required, and only where there is one", async () => {
    const zones = async (more: Partial<KubernetesCloudNativePgArgs>) => {
      const { topologySpreadConstraints } = (await specOf(more)) as unknown as {
        topologySpreadConstraints: readonly { topologyKey: string; whenUnsatisfiable: string; minDomains?: number }[];
      };
      return topologySpreadConstraints.map((each) => [each.whenUnsatisfiable, each.minDomains]);
    };
    const preferred = ["ScheduleAnyway", undefined];
    assert.deepEqual(await zones({ zones: "required" }), [["DoNotSchedule", 2], preferred]);
    assert.deepEqual(await zones({ zones: "required", standby: false }), [preferred, preferred]);
    assert.deepEqual(await zones({}), [preferred, preferred]);
  });

  it("commits on two servers where there is a standby, and not at all elsewhere", async () => {
    assert.deepEqual((await specOf()).postgresql.synchronous, {
      method: "any",
      number: 1,
      dataDurability: "preferred",
    });
    assert.equal("synchronous" in (await specOf({ standby: false })).postgresql, false);
  });

  it("is kept, and so are its backups", async () => {
    const { plan } = await create();
    for (const type of [clusterType, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore"]) {
      const { options, parent } = only(plan, type);
      assert.equal(options.protect, true);
      assert.equal(options.retainOnDelete, true);
      assert.match(parent ?? "", /slipway:database:KubernetesCloudNativePg::database$/);
    }
    const free = only((await create({ protect: false })).plan, clusterType).options;
    assert.equal(free.protect ?? false, false);
  });

  it("refuses what is not TLS, and puts the poolers' names into the certificate", async () => {
    const spec = await specOf({ readReplicas: 1 });
    assert.deepEqual(spec.postgresql.pg_hba, ["hostnossl all all all reject"]);
    assert.deepEqual(spec.certificates.serverAltDNSNames, [
      "database-pooler-rw",
      "database-pooler-rw.shop",
      "database-pooler-rw.shop.svc",
      "database-pooler-ro",
      "database-pooler-ro.shop",
      "database-pooler-ro.shop.svc",
    ]);
    const { plan } = await create();
    const { spec: pooler } = only(plan, poolerType).inputs as { spec: { pgbouncer: { parameters: object } } };
    assert.deepEqual(pooler.pgbouncer.parameters, {
      default_pool_size: "25",
      max_client_conn: "1000",
      max_prepared_statements: "200",
      client_tls_sslmode: "require",
    });
  });

  it("archives to the bucket and makes base backups by the plugin", async () => {
    const { plan } = await create();
    const [plugin] = (await specOf()).plugins as unknown as [
      { readonly parameters: { readonly serverName: Unknown; readonly barmanObjectName: string } },
    ];
    assert.equal(plugin.parameters.barmanObjectName, "database-backups");
    // Of this namespace and this making: a cluster refuses to archive over what another one wrote.
    assert.equal(plugin.parameters.serverName.template, "shop-database-{0}");
    assert.match(plugin.parameters.serverName.$unknown[0]!, /RandomId::database-archive#hex$/);
    assert.deepEqual(only(plan, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore").inputs["spec"], {
      retentionPolicy: "14d",
      configuration: {
        destinationPath: "s3://acme-backups/shop",
        s3Credentials: { inheritFromIAMRole: true },
        wal: { compression: "gzip" },
        data: { compression: "gzip" },
      },
      instanceSidecarConfiguration: {
        resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "250m", memory: "256Mi" } },
      },
    });
    assert.deepEqual(only(plan, "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup").inputs["spec"], {
      cluster: { name: "database" },
      schedule: "0 15 3 * * *",
      immediate: true,
      backupOwnerReference: "cluster",
      method: "plugin",
      pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
    });
  });

  it("archives to a bucket elsewhere, by its keys, and may reach its port", async () => {
    const { plan } = await create({
      backup: { ...args.backup!, endpointUrl: "https://minio.example.com:9000", credentialsSecret: "backup-keys" },
    });
    const { spec } = only(plan, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore").inputs as {
      spec: { configuration: object };
    };
    assert.deepEqual(spec.configuration, {
      destinationPath: "s3://acme-backups/shop",
      endpointURL: "https://minio.example.com:9000",
      s3Credentials: {
        accessKeyId: { name: "backup-keys", key: "ACCESS_KEY_ID" },
        secretAccessKey: { name: "backup-keys", key: "ACCESS_SECRET_KEY" },
      },
      wal: { compression: "gzip" },
      data: { compression: "gzip" },
    });
    const ports = async (endpointUrl: string) => {
      const other = await create({ backup: { ...args.backup!, endpointUrl } });
      const policy = only(other.plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "database-servers").inputs as {
        spec: { egress: { ports: { port: number }[] }[] };
      };
      return policy.spec.egress[1]!.ports.map(({ port }) => port);
    };
    assert.deepEqual(await ports("https://minio.example.com:9000"), [443, 6443, 9000]);
    assert.deepEqual(await ports("http://minio.storage.svc"), [443, 6443, 80]);
  });

  it("takes a pull secret, and a cloud role for the servers; has neither key without", async () => {
    const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-backups" };
    const spec = await specOf({ imagePullSecret: "registry", serviceAccountAnnotations: role });
    assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
    assert.deepEqual(spec.serviceAccountTemplate, { metadata: { annotations: role } });
    const plain = await specOf();
    assert.deepEqual(["imagePullSecrets" in plain, "serviceAccountTemplate" in plain], [false, false]);
  });

  it("says so when there are no backups", async () => {
    const { plan, database } = await create({ backup: undefined });
    assert.equal(all(plan, "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup").length, 0);
    assert.equal("plugins" in (await specOf({ backup: undefined })), false);
    assert.match(plan.diagnostics.map(({ message }) => message).join(), /database has no backups/);
    assert.ok(database.restore);
  });

  it("tells the application addresses without a password, and secrets by reference", async () => {
    const { database } = await create({ readReplicas: 1 });
    const values = await Promise.all(
      Object.entries(database.environment).map(
        ([name, value]) =>
          new Promise<[string, unknown]>((resolve) => {
            output(
              isSecretRef(value) && value.store === "kubernetes" ? [value.secret, value.key] : (value as string),
            ).apply((known) => resolve([name, known]));
          }),
      ),
    );
    assert.deepEqual(Object.fromEntries(values), {
      DATABASE_URL: "postgres://app@database-pooler-rw.shop.svc:5432/app",
      DATABASE_MIGRATION_URL: "postgres://app@database-rw.shop.svc:5432/app",
      DATABASE_REPLICA_URL: "postgres://app@database-pooler-ro.shop.svc:5432/app",
      DATABASE_PASSWORD: ["database-app", "password"],
      DATABASE_CA: ["database-ca", "ca.crt"],
      DATABASE_TLS: "verify-full",
    });
  });

  it("has no replica's address without a read replica", async () => {
    const { database } = await create();
    assert.equal("DATABASE_REPLICA_URL" in database.environment, false);
  });

  it("lets in the application, its own servers, the operator and Prometheus, and nobody else", async () => {
    const { plan } = await create();
    const { spec } = only(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "database-servers").inputs as {
      spec: { ingress: unknown };
    };
    const named = (name: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    });
    const servers = { podSelector: { matchLabels: { "cnpg.io/cluster": "database" } } };
    const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
    assert.deepEqual(spec.ingress, [
      { from: [{ podSelector: { matchLabels: { "slipway/role": "application" } } }], ports: ports(5432) },
      { from: [servers, named("cnpg-system")], ports: ports(5432, 8000) },
      { from: [named("monitoring")], ports: ports(9187, 9127) },
    ]);
  });
});
