import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { StackFile } from "../../../stacks/settings/settings";
import { runStack } from "../../../stacks/targets";
import { resolveSettings } from "../../../stacks/settings/load";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import { previewStack } from "../../../tools/sources/in-process/in-process";
import { all, only, record } from "../../record";

const file: StackFile = {
  target: "kubernetes",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  kubernetes: { backupBucket: "s3://acme-backups/shop", ingressNamespace: "ingress" },
  storage: { implementation: "volume" },
};

interface Inputs {
  readonly metadata: { readonly annotations?: object; readonly labels?: object };
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly template?: { readonly spec: Readonly<Record<string, unknown>> };
  };
}

const regional = { awsRegion: "eu-central-1" };

describe("the Kubernetes stack", () => {
  const run = (more: Partial<StackFile> = {}) =>
    record(() => runStack(resolveSettings("test", { ...file, ...more }, regional)), {
      config: { "aws:region": "eu-central-1" },
    });

  it("says where the site is, whether it is well, and how to follow and to undo it", async () => {
    const { outputs } = await run();
    assert.deepEqual(outputs, {
      url: "https://shop.example.com",
      health: "https://shop.example.com/api/ready",
      dashboard:
        "kubectl -n monitoring port-forward service/kube-prometheus-stack-grafana 3000:80, then http://localhost:3000/d/slipway-slipway",
      logs: "kubectl -n slipway logs -f --prefix --max-log-requests 50 -l app.kubernetes.io/name=web",
      rollback:
        "pulumi up -s test with an older image, one of: kubectl -n slipway get replicasets -l app.kubernetes.io/name=web -o wide",
      restore: "Any second of the last 14 days, as a new Cluster beside this one: docs/kubernetes.md#restore",
      operations: {
        ...{ target: "kubernetes", namespace: "slipway", kind: "Deployment", name: "web", container: "web" },
        image: "ghcr.io/acme/shop:1.4.2",
        backups: { cluster: "database", database: "app" },
        rotations: (outputs["operations"] as { rotations: object }).rotations,
      },
    });
  });

  it("puts every object into its own namespace", async () => {
    const objects = (await run()).resources.filter(({ type }) => /^kubernetes:(?!core\/v1:Namespace$)/.test(type));
    assert.ok(objects.length > 25);
    for (const { inputs, name } of objects) {
      assert.equal((inputs["metadata"] as { namespace?: string }).namespace, "slipway", name);
    }
  });

  it("waits with the migration for the database, and with replicas for the migration, cache and secrets", async () => {
    const plan = await run();
    const waitsFor = ({ dependencies }: { readonly dependencies: readonly string[] }, names: readonly string[]) => {
      for (const name of names)
        assert.ok(
          dependencies.some((urn) => urn.endsWith(`::${name}`)),
          name,
        );
    };
    waitsFor(only(plan, "kubernetes:batch/v1:Job"), ["database-cluster", "database-pooler-rw"]);
    const replicas = only(plan, "kubernetes:apps/v1:Deployment", "web-deployment");
    waitsFor(replicas, ["web-migration", "cache-secret", "secrets-secret"]);
  });

  it("uses a database and a cache that exist, and opens the way to their ports", async () => {
    const plan = await run({
      database: { implementation: "external", url: "postgres://app@db.example.com:6432/app" },
      cache: { implementation: "external", url: "rediss://cache.example.com:6380" },
      secrets: { DATABASE_PASSWORD: "hunter2-database", REDIS_PASSWORD: "hunter2-cache" },
    });
    assert.equal(all(plan, "kubernetes:postgresql.cnpg.io/v1:Cluster").length, 0);
    assert.equal(all(plan, "kubernetes:core/v1:ConfigMap").length, 1);
    const { spec } = only(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "web-egress").inputs as {
      spec: { egress: [{ ports: { port: number }[] }] };
    };
    assert.deepEqual(
      spec.egress[0].ports.map(({ port }) => port),
      [443, 6432, 6380],
    );
    assert.equal(JSON.stringify(plan).includes("hunter2"), false);
  });

  it("uses RDS beside the cluster, whose secret the application fetches itself", async () => {
    const plan = await run({
      database: {
        implementation: "rds",
        vpcId: "vpc-0a1b2c3d",
        subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
        clientSecurityGroupIds: ["sg-0a1b2c3d"],
      },
    });
    const { spec } = only(plan, "kubernetes:apps/v1:Deployment", "web-deployment").inputs as {
      spec: { template: { spec: { containers: [{ env: { name: string }[] }] } } };
    };
    const names = spec.template.spec.containers[0].env.map(({ name }) => name);
    assert.ok(names.includes("DATABASE_SECRET_ARN"));
    assert.equal(names.includes("DATABASE_PASSWORD_FILE"), false);
  });

  it("watches RDS beside the cluster where its metrics are, with the same limits and recipients", async () => {
    const database = {
      implementation: "rds",
      readReplicas: 1,
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
      clientSecurityGroupIds: ["sg-0a1b2c3d"],
    } satisfies StackFile["database"];
    const monitoring = {
      emails: ["ops@example.com"],
      smtp: { host: "smtp.example.com:587", from: "alerts@example.com" },
      saturationPercent: 65,
    };
    const plan = await run({ database, monitoring });
    const alarms = all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm");
    const saturated = alarms.filter(({ inputs }) => inputs["threshold"] === 65);
    assert.ok(saturated.length >= 2, `${saturated.length} at 65`);
    for (const metric of ["CPUUtilization", "FreeStorageSpace", "DatabaseConnections", "ReplicaLag"]) {
      assert.ok(JSON.stringify(alarms).includes(metric), metric);
    }
    const topic = only(plan, "aws:sns/topic:Topic");
    for (const { inputs, name } of alarms) {
      assert.ok(JSON.stringify(inputs["alarmActions"]).includes(topic.name), name);
    }
    assert.equal(only(plan, "aws:sns/topicSubscription:TopicSubscription").inputs["endpoint"], "ops@example.com");
    only(plan, "aws:rds/eventSubscription:EventSubscription");
    assert.equal(all(plan, "aws:cloudwatch/dashboard:Dashboard").length, 0);
  });

  it("takes what differs from cluster to cluster from the settings", async () => {
    const role = (name: string) => ({ "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${name}` });
    const plan = await run({
      kubernetes: {
        ingressNamespace: "traefik",
        backupBucket: "s3://acme-backups/shop",
        backupEndpoint: "https://minio.example.com:9000",
        backupCredentialsSecret: "backup-keys",
        databaseAnnotations: role("backups"),
        serviceAnnotations: role("shop"),
        imagePullSecret: "registry",
        operatorNamespace: "postgres-operator",
        monitoringNamespace: "observability",
        monitoringLabels: { release: "prometheus" },
        grafanaUrl: "https://grafana.example.com/",
      },
    });
    const inputs = (type: string, name?: string) => only(plan, `kubernetes:${type}`, name).inputs as unknown as Inputs;

    assert.deepEqual(inputs("core/v1:ServiceAccount").metadata.annotations, role("shop"));
    const { spec: cluster } = inputs("postgresql.cnpg.io/v1:Cluster");
    assert.deepEqual(cluster["serviceAccountTemplate"], { metadata: { annotations: role("backups") } });
    const store = JSON.stringify(inputs("barmancloud.cnpg.io/v1:ObjectStore").spec);
    for (const part of ['"endpointURL":"https://minio.example.com:9000"', '"name":"backup-keys"']) {
      assert.ok(store.includes(part), part);
    }
    const registry = [{ name: "registry" }];
    assert.deepEqual(cluster["imagePullSecrets"], registry);
    for (const [type, name] of [
      ["apps/v1:Deployment", "web-deployment"],
      ["apps/v1:Deployment", "cache-deployment"],
      ["batch/v1:Job", "web-migration"],
    ] as const) {
      assert.deepEqual(inputs(type, name).spec.template!.spec["imagePullSecrets"], registry, name);
    }
    const policies = JSON.stringify(all(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy"));
    assert.ok(policies.includes('"postgres-operator"') && !policies.includes('"cnpg-system"'));
    assert.ok(policies.includes('"observability"') && !policies.includes('"monitoring"'));
    const { labels } = inputs("monitoring.coreos.com/v1:PrometheusRule").metadata;
    assert.equal((labels as Record<string, string>)["release"], "prometheus");
    assert.equal(plan.outputs["dashboard"], "https://grafana.example.com/d/slipway-slipway");
  });

  it("names none of them where the settings do not", async () => {
    const text = JSON.stringify(await run());
    for (const key of [
      "imagePullSecrets",
      "serviceAccountTemplate",
      "endpointURL",
      "accessKeyId",
      "eks.amazonaws.com",
    ]) {
      assert.equal(text.includes(key), false, key);
    }
  });

  it("runs without a database and without a cache", async () => {
    const plan = await run({ database: { implementation: "none" }, cache: { implementation: "none" } });
    assert.equal(JSON.stringify(plan.resources).includes("DATABASE_URL"), false);
    assert.equal(JSON.stringify(plan.resources).includes("REDIS_URL"), false);
  });

  it("passes every mandatory policy as it is shipped, without an exemption", async () => {
    const plan = await previewStack({ projectDir: join(__dirname, "../../.."), stack: "staging" });
    const { verdicts, counts } = evaluatePlan(plan, {}, { today: new Date() });
    assert.deepEqual(
      verdicts.filter(({ level }) => level === "mandatory"),
      [],
    );
    assert.equal(counts.exempt, 0);
    assert.ok(counts.pass > 20);
  });
});
