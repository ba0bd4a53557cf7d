import { strict as assert } from "node:assert";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { runStack } from "../../stacks/targets";
import { resolveSettings } from "../../stacks/settings/load";
import type { StackFile } from "../../stacks/settings/settings";
import type { Plan } from "../../tools/plan/plan";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { renderKubernetes } from "../../tools/readers/render/kubernetes";
import { sameAsEngine } from "../engine/parity";
import { shipped, Workspace } from "../engine/workspace";
import { record } from "../record";
import { ControlPlane } from "./control-plane";
import { installDefinitions } from "./definitions";
import { Engine } from "./engine";
import { findProgram, missingPrograms, run } from "./programs";
import { needs } from "../project";

const repository = join(__dirname, "../..");
const base: StackFile = {
  target: "kubernetes",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  storage: { implementation: "volume" },
};

/** Beside the shipped stack, what its file does not use: every kind of object the target can make. */
const variants: Readonly<Record<string, StackFile>> = {
  "a canary behind a gateway, with read replicas and receivers": {
    ...base,
    kubernetes: {
      namespace: "shop-canary",
      gateway: "gateway-system/public",
      prometheusUrl: "http://prometheus.monitoring:9090",
      storageClass: "fast",
      backupBucket: "s3://acme-backups/shop",
      ingressNamespace: "ingress",
      backupEndpoint: "https://minio.example.com:9000",
      backupCredentialsSecret: "backup-keys",
      databaseAnnotations: { "example.com/role": "backups" },
      serviceAnnotations: { "example.com/role": "shop" },
      imagePullSecret: "registry",
      monitoringLabels: { release: "prometheus" },
    },
    database: { readReplicas: 1 },
    release: { strategy: "canary" },
    monitoring: {
      emails: ["ops@example.com"],
      webhook: "https://hooks.example.com/ops",
      smtp: { host: "smtp.example.com:587", from: "alerts@example.com" },
    },
    secrets: { SENTRY_DSN: { reference: "vault:shop/sentry#dsn" } },
  },
  "a blue-green release behind an ingress, with a worker and jobs": {
    ...base,
    preset: "staging",
    kubernetes: { namespace: "shop-blue-green", prometheusUrl: "http://prometheus.monitoring:9090" },
    release: { strategy: "blue-green" },
    workers: { mail: { command: ["node", "mail.js"], replicas: 2 } },
    jobs: {
      cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *" },
      import: { command: ["node", "import.js"] },
    },
  },
};

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template?: { readonly metadata: object; readonly spec: PodSpec } };
}

interface PodSpec {
  readonly volumes?: readonly {
    readonly projected?: { readonly sources: readonly { readonly secret: SecretSource }[] };
  }[];
}

interface SecretSource {
  readonly name: string;
  readonly items: readonly { readonly key: string }[];
}

describe("Kubernetes, against a real API server", function () {
  this.timeout(600_000);
  const plans = new Map<string, Plan>();
  let plane: ControlPlane;

  before(async function () {
    needs(this, missingPrograms("etcd", "kube-apiserver", "kubectl"), "; test/bed/cluster/build.sh builds them");
    plans.set("the shipped stack", await previewStack({ projectDir: repository, stack: "staging" }));
    for (const [title, file] of Object.entries(variants)) {
      plans.set(title, await record(() => runStack(resolveSettings("test", file, {}))));
    }
    plane = await ControlPlane.start();
    await installDefinitions(plane, [...plans.values()]);
  });

  after(async () => plane?.stop());

  for (const title of ["the shipped stack", ...Object.keys(variants)]) {
    describe(`the manifests of ${title}`, () => {
      const text = () => renderKubernetes(plans.get(title)!);
      const objects = () =>
        parseAllDocuments(text())
          .map((document) => document.toJS() as KubernetesObject | null)
          .filter((object) => object !== null);

      const apply = () => plane.kubectl(["apply", "--server-side", "--validate=strict", "-f", "-"], text());
      const versions = async () =>
        plane.kubectl(
          ["get", "-f", "-", "-o", "custom-columns=:kind,:metadata.name,:metadata.resourceVersion"],
          text(),
        );

      it("are accepted, every field of every object", async () => {
        const applied = (await apply()).trim().split("\n");
        assert.equal(applied.length, objects().length);
        for (const line of applied) assert.match(line, / serverside-applied$/);
      });

      it("change nothing the second time", async () => {
        // The API server writes a new claim once more, byte for byte the same to every reader, and no further time.
        if (objects().some(({ kind }) => kind === "PersistentVolumeClaim")) await apply();
        const before = await versions();
        await apply();
        assert.equal(await versions(), before);
      });

      it("make pods that the namespace's restricted standard admits", async () => {
        const namespace = namespaceOf(objects());
        await plane.kubectl(["-n", namespace, "create", "serviceaccount", "default"]);
        const templates = objects().flatMap(({ kind, metadata, spec }) =>
          spec?.template !== undefined && kind !== "Pooler" ? [{ name: metadata.name, template: spec.template }] : [],
        );
        assert.ok(templates.length >= 3);
        for (const { name, template } of templates) {
          const pod = {
            apiVersion: "v1",
            kind: "Pod",
            ...template,
            metadata: { ...template.metadata, name, namespace },
          };
          await plane.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(pod));
        }
        const root = {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "root", namespace },
          spec: { containers: [{ name: "root", image: "busybox" }] },
        };
        await assert.rejects(
          plane.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(root)),
          /violates PodSecurity "restricted:latest"/,
        );
      });

      it("name Secrets that their own commands create, with every key that a pod mounts", async () => {
        const namespace = namespaceOf(objects());
        await createSecrets(plane, text());
        const mounted = objects().flatMap(({ spec }) =>
          (spec?.template?.spec.volumes ?? []).flatMap(({ projected }) =>
            (projected?.sources ?? []).map(({ secret }) => secret),
          ),
        );
        // What CloudNativePG and External Secrets create is theirs.
        const own = mounted.filter(({ name }) => !/^database-|-external$/.test(name));
        assert.ok(own.length > 0);
        for (const { name, items } of own) {
          const { data } = JSON.parse(await plane.kubectl(["-n", namespace, "get", "secret", name, "-o", "json"])) as {
            data: Record<string, string>;
          };
          for (const { key } of items) assert.ok((data[key]?.length ?? 0) > 0, `${name}/${key}`);
        }
      });
    });
  }
});

describe("Kubernetes, by the engine against a real API server", function () {
  this.timeout(900_000);
  let plane: ControlPlane;
  let engine: Engine;
  let expected: Plan;

  before(async function () {
    const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "pulumi-resource-random"];
    needs(this, missingPrograms("etcd", "kube-apiserver", "kubectl", ...programs));
    expected = await previewStack({ projectDir: repository, stack: "staging" });
    plane = await ControlPlane.start();
    await installDefinitions(plane, [expected]);
    engine = await Engine.create("staging", plane.kubeconfig);
  });

  after(async () => {
    await engine?.remove();
    await plane?.stop();
  });

  const changes = async () =>
    [...(await engine.operations("preview"))]
      .filter(([name, operation]) => operation !== "same" && !name.startsWith("pulumi:"))
      .sort();

  it("previews the same resources, with the same inputs, as the in-process preview", async () => {
    const unchanged = await Workspace.create("staging", shipped("staging"), undefined, {
      KUBECONFIG: plane.kubeconfig,
    });
    try {
      sameAsEngine(expected, await unchanged.preview());
    } finally {
      unchanged.remove();
    }
  });

  it("creates them all", async () => {
    await engine.operations("up");
    const deployed = await plane.kubectl([
      "-n",
      "shop-staging",
      "get",
      "deployments,jobs,clusters,networkpolicies",
      "-o",
      "name",
    ]);
    for (const name of [
      "deployment.apps/web",
      "deployment.apps/cache",
      "networkpolicy.networking.k8s.io/default-deny",
    ]) {
      assert.ok(deployed.includes(name), name);
    }
  });

  it("changes nothing the second time, but makes a migration anew that never finished", async () => {
    assert.deepEqual(await changes(), [["kubernetes:batch/v1:Job web-migration", "replace"]]);
  });

  it("replaces the migration and updates the replicas for a new image, and touches nothing else", async () => {
    await engine.set("slipway:image", "ghcr.io/acme/shop:2.0.0");
    assert.deepEqual(await changes(), [
      ["kubernetes:apps/v1:Deployment web-deployment", "update"],
      ["kubernetes:batch/v1:Job web-migration", "replace"],
    ]);
  });

  it("refuses a secret in plain text, and does not repeat it", async () => {
    const config = (...args: string[]) => engine.pulumi("config", ...args, "--stack", "staging", "--path");
    await config("set", "slipway:secrets.TOKEN", "hunter2hunter2");
    await assert.rejects(engine.pulumi("preview", "--stack", "staging"), (error: Error) => {
      assert.match(error.message, /slipway:secrets\.TOKEN {2}is in plain text/);
      assert.ok(!error.message.includes("hunter2"));
      return true;
    });
    await config("rm", "slipway:secrets.TOKEN");
  });

  it("replaces pods for a new secret, and shows it to nobody", async () => {
    await engine.setSecret("slipway:secrets.EMAIL_API_KEY", "re_verysecret");
    const text = await engine.pulumi("preview", "--stack", "staging", "--diff");
    assert.equal(text.includes("verysecret"), false);
    const changed = (await changes()).map(([name]) => name);
    for (const name of ["apps/v1:Deployment web-deployment", "core/v1:Secret secrets-secret"]) {
      assert.ok(changed.includes(`kubernetes:${name}`), name);
    }
  });

  it("refuses to delete what holds data", async () => {
    await assert.rejects(engine.pulumi("destroy", "--stack", "staging", "--preview-only"), /protect/);
    assert.match(await plane.kubectl(["get", "namespace", "shop-staging", "-o", "name"]), /shop-staging/);
  });
});

function namespaceOf(objects: readonly KubernetesObject[]): string {
  return objects.find(({ kind }) => kind === "Namespace")!.metadata.name;
}

/** Runs what the rendering says in place of each Secret, as a person would. */
async function createSecrets(plane: ControlPlane, text: string): Promise<void> {
  const commands = text
    .split("---\n")
    .filter((document) => document.startsWith("# Secret "))
    .map((document) => document.replaceAll(/^# ?/gm, "").split("\n").slice(1).join("\n"));
  assert.ok(commands.length >= 2);
  const folder = await mkdtemp(join(tmpdir(), "slipway-kubectl-"));
  try {
    await symlink(findProgram("kubectl")!, join(folder, "kubectl"));
    const env = {
      ...process.env,
      PATH: [folder, process.env["PATH"]].join(delimiter),
      KUBECONFIG: plane.kubeconfig,
      URL: "https://hooks.example.com/ops",
    };
    await writeFile(join(folder, "create.sh"), ["set -eu", ...commands].join("\n"));
    await run("bash", [join(folder, "create.sh")], undefined, { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
