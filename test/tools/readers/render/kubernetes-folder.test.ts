import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { parse, parseAllDocuments } from "yaml";
import { kubernetes } from "../../../../stacks/kubernetes/stack";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { KubernetesSettings } from "../../../../stacks/settings/settings";
import { registerRenderCommand } from "../../../../tools/cli/commands/render";
import { renderKubernetesFolder, type Secrets } from "../../../../tools/readers/render/kubernetes-folder";
import { projectDir } from "../../../project";
import { record } from "../../../record";

const file = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  kubernetes: {
    gateway: "gateways/public",
    prometheusUrl: "http://prometheus.monitoring:9090",
    backupBucket: "s3://acme-backups/shop",
  },
};

const folder = async (more: object = {}, secrets?: Secrets) =>
  renderKubernetesFolder(
    await record(
      () =>
        kubernetes(
          resolveSettings("staging", { ...file, ...more }, { awsRegion: "eu-central-1" }) as KubernetesSettings,
        ),
      {
        config: { "aws:region": "eu-central-1" },
      },
    ),
    secrets,
  );
const jobOf = (files: Record<string, string>) => Object.keys(files).find((path) => /\/job-/.test(path))!;

describe("the rendered folder", () => {
  it("has one file an object, and a kustomization that names each", async () => {
    const files = await folder();
    const { resources } = parse(files["kustomization.yaml"]!) as { resources: string[] };
    const named = resources.flatMap((phase) =>
      (parse(files[`${phase}/kustomization.yaml`]!) as { resources: string[] }).resources.map(
        (name) => `${phase}/${name}`,
      ),
    );
    const objects = Object.keys(files).filter((path) => path.includes("/") && !path.endsWith("kustomization.yaml"));
    assert.deepEqual(named.sort(), objects.sort());
    assert.ok(objects.length > 25);
  });

  it("never declares what a controller owns, and says so to Argo CD and Flux", async () => {
    for (const strategy of ["blue-green", "canary"]) {
      const files = await folder({ release: { strategy } });
      const { spec } = parse(files["5-application/rollout-web.yaml"]!) as { spec: Record<string, unknown> };
      assert.equal("replicas" in spec, false);
      assert.equal("restartAt" in spec, false, "by which Pulumi alone waits");
      const service = parse(files["3-poolers/service-web.yaml"]!) as { spec: object };
      assert.equal("selector" in service.spec, false);
      const { spec: application, metadata } = parse(files["argo-cd.yaml"]!) as {
        metadata: { annotations: object };
        spec: { ignoreDifferences: { kind: string; name: string; jsonPointers: string[] }[] };
      };
      assert.deepEqual(metadata.annotations, { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" });
      const ignored = application.ignoreDifferences.map(({ kind, name, jsonPointers }) =>
        [kind, name, ...jsonPointers].join(" "),
      );
      assert.ok(ignored.includes("Rollout web /spec/replicas"));
      assert.ok(ignored.includes("Service web /spec/selector"));
      assert.equal(ignored.includes("HTTPRoute web /spec/rules"), strategy === "canary");
      const route = parse(files["5-application/httproute-web.yaml"]!) as {
        metadata: { annotations: Record<string, string> };
      };
      assert.equal(
        route.metadata.annotations["kustomize.toolkit.fluxcd.io/ssa"],
        strategy === "canary" ? "IfNotPresent" : undefined,
      );
    }
  });

  it("has another Job for another variable with the same image, and the same for the same", async () => {
    const first = jobOf(await folder());
    assert.equal(jobOf(await folder()), first);
    assert.notEqual(jobOf(await folder({ service: { environment: { LOG_LEVEL: "debug" } } })), first);
  });

  it("applies the replicas once the migration has ended well", async () => {
    const files = await folder();
    const script = files["apply.sh"]!;
    const at = (text: string) => {
      assert.ok(script.includes(text), text);
      return script.indexOf(text);
    };
    assert.ok(at("-k 4-migration") < at('@.type=="Failed"'));
    assert.ok(at('@.type=="Failed"') < at("-k 5-application"));
    const waves = Object.entries(files).flatMap(([path, text]) => {
      const wave = /sync-wave: "(\d)"/.exec(text)?.[1];
      return wave === undefined ? [] : [[path.split("/")[0], wave].join(" ")];
    });
    assert.deepEqual([...new Set(waves)].sort(), [
      "1-foundation 0",
      "2-data 1",
      "3-poolers 2",
      "4-migration 3",
      "5-application 4",
    ]);
    const chain = parseAllDocuments(files["flux.yaml"]!).map(
      (document) =>
        document.toJS() as { metadata: { name: string }; spec: { wait: boolean; dependsOn?: { name: string }[] } },
    );
    assert.deepEqual(
      chain.map(({ spec }) => [spec.wait, spec.dependsOn?.[0]?.name]),
      [
        [true, undefined],
        [true, "test-foundation"],
        [true, "test-data"],
        [true, "test-poolers"],
        [true, "test-migration"],
      ],
    );
  });

  it("ends when the release has, well or not, and not by the words of the one before", async () => {
    const { "apply.sh": script } = await folder({ release: { strategy: "blue-green" } });
    const wait = script!.slice(script!.indexOf("deadline="));
    const answers = (...states: readonly string[]) => {
      const said = states.map((state, index) => `${index + 1}) echo "${state}" ;;`).join("\n");
      const kubectl = `count=0
sleep() { :; }
kubectl() {
  case "$*" in *.status.message*) echo "RolloutAborted: errors"; return ;; esac
  count=$(($(cat "$FILE") + 1)); echo $count >"$FILE"
  case $count in
  ${said}
  esac
}`;
      const file = join(mkdtempSync(join(tmpdir(), "slipway-apply-")), "count");
      writeFileSync(file, "0");
      const { status, stderr } = spawnSync("bash", ["-c", `set -euo pipefail\n${kubectl}\n${wait}`], {
        env: { ...process.env, FILE: file },
        encoding: "utf8",
        timeout: 10_000,
      });
      const asked = Number(readFileSync(file, "utf8"));
      rmSync(dirname(file), { recursive: true });
      return { status, stderr, asked };
    };
    assert.deepEqual(answers("2 1 Healthy", "2 2 Progressing", "2 2 Healthy"), { status: 0, stderr: "", asked: 3 });
    const failed = answers("2 1 Degraded", "2 2 Progressing", "2 2 Degraded");
    assert.deepEqual([failed.status, failed.asked], [1, 3]);
    assert.match(failed.stderr, /did not succeed.*RolloutAborted: errors/);
    assert.match(script!, /waits until Argo Rollouts has ended the release of web, an hour at most/);
  });

  it("leaves a Secret that is there as it is", async () => {
    const script = (await folder())["secrets.sh"]!;
    const created = script.match(/create secret generic \S+/g)!;
    for (const each of created) {
      assert.ok(script.includes(`get secret ${each.split(" ").at(-1)!} >/dev/null 2>&1 ||\nkubectl`), each);
    }
  });

  it("archives to a folder of its own, and says that another cluster needs another", async () => {
    const archives = async (settings?: object) => {
      const text = (await folder(settings))["2-data/cluster-database.yaml"]!;
      const { spec } = parse(text) as { spec: { plugins: [{ parameters: object }] } };
      return { text, parameters: spec.plugins[0].parameters };
    };
    const alone = await archives();
    assert.deepEqual(alone.parameters, { barmanObjectName: "database-backups", serverName: "slipway-database-1" });
    assert.match(alone.text, /^# Archives to [^]*backupServerName\n/);

    const { backupBucket } = { backupBucket: "s3://acme-backups/shop" };
    const named = await archives({ kubernetes: { backupBucket, backupServerName: "shop-eu-2" } });
    assert.deepEqual(named.parameters, { barmanObjectName: "database-backups", serverName: "shop-eu-2" });
    assert.doesNotMatch(named.text, /^#/m);
  });

  it("refuses what only another cloud could say, naming each place", async () => {
    await assert.rejects(
      folder({
        database: {
          implementation: "rds",
          vpcId: "vpc-0a1b2c3d",
          subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
          clientSecurityGroupIds: ["sg-0a1b2c3d"],
        },
      }),
      /cannot be rendered[^]*Deployment web: [^\n]*DATABASE_URL[^]*external/,
    );
  });

  describe("with Secrets that only the cluster can read", () => {
    const more = { secrets: { DSN: { reference: "vault:shop/sentry#dsn" }, API_KEY: "hunter2" } };

    it("refers to their version wherever it refers to one, and to no other", async () => {
      const plain = await folder(more);
      const sealed = await folder(more, { form: "sealed-secrets", version: 3 });
      const referring = Object.keys(plain).filter((path) =>
        /(name|secretName|key): ?(secrets|cache)$/m.test(plain[path]!),
      );
      const named = (text: string) => [
        ...text.matchAll(/(?:name|secretName): (secrets|cache)(-v\d+)?\n\s+(?:optional|items|key)/g),
      ];
      assert.ok(referring.length >= 3);
      for (const [path, text] of Object.entries(sealed)) {
        for (const [, , version] of named(text)) assert.equal(version, "-v3", path);
      }
      assert.ok(Object.values(sealed).join("").includes("secretName: cache-v3"));
      assert.ok(!/secretName: cache$/m.test(Object.values(sealed).join("")));
      // Kept by External Secrets, which writes it anew.
      assert.match(sealed["1-foundation/externalsecret-secrets-external.yaml"]!, /name: secrets-external\n/);
      assert.notEqual(jobOf(sealed), jobOf(plain), "another version is another Job");
      const other = await folder(more, { form: "sealed-secrets", version: 4 });
      assert.notEqual(jobOf(other), jobOf(sealed));
    });

    it("leave nothing of an earlier form that would apply half of them", async () => {
      const out = mkdtempSync(join(tmpdir(), "slipway-render-"));
      const render = (...args: string[]) => {
        const program = new Command();
        registerRenderCommand(program);
        return program.parseAsync(["render", "staging", "--cwd", projectDir, "--out", out, ...args], { from: "user" });
      };
      try {
        await render();
        assert.ok(existsSync(join(out, "apply.sh")) && existsSync(join(out, "argo-cd.yaml")));
        writeFileSync(join(out, "notes.md"), "mine");
        await render("--secrets", "sops");
        assert.ok(!existsSync(join(out, "apply.sh")) && !existsSync(join(out, "argo-cd.yaml")));
        assert.ok(existsSync(join(out, "notes.md")) && existsSync(join(out, "flux.yaml")));
      } finally {
        rmSync(out, { recursive: true });
      }
    });

    it("can be applied by those who decrypt them: with SOPS that is Flux alone", async () => {
      const sealed = await folder(more, { form: "sealed-secrets", version: 1 });
      const { resources } = parse(sealed["1-foundation/kustomization.yaml"]!) as { resources: string[] };
      assert.equal(resources.at(-1), "../secrets");
      assert.ok("argo-cd.yaml" in sealed && "apply.sh" in sealed);
      assert.ok(!sealed["apply.sh"].includes("secrets.sh"));

      const sops = await folder(more, { form: "sops", version: 1 });
      assert.ok(!("argo-cd.yaml" in sops) && !("apply.sh" in sops));
      const decrypting = parseAllDocuments(sops["flux.yaml"]!)
        .map((document) => document.toJS() as { metadata: { name: string }; spec: { decryption?: object } })
        .filter(({ spec }) => spec.decryption !== undefined);
      assert.deepEqual(
        decrypting.map(({ metadata, spec }) => [metadata.name, spec.decryption]),
        [["test-foundation", { provider: "sops", secretRef: { name: "sops-age" } }]],
      );
    });
  });
});
