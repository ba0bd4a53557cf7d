import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { until } from "./data-stack";
import { prepareImage, prepareSupporting } from "./images";
import { docker, removeStack, run } from "./run";

/** Exporters of a stack on a real Docker engine: what the rules ask of them is there, and says what is so. */
describe("exporters of one host", function () {
  this.timeout(300_000);
  const stack = `exp-${process.pid}`;
  const name = `slipway-${stack}`;
  const app = `slipway-exporters-site-${process.pid}:1`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-exporters-"));
  let monitoring = 0;
  let rules: readonly { readonly expr: string; readonly labels: { readonly signal: string } }[] = [];

  before(async function () {
    const node = await prepareImage("node");
    const images = await prepareSupporting(
      ...(["nginx", "haproxy", "prometheus", "alertmanager"] as const),
      ...(["node-exporter", "nginx-exporter", "blackbox-exporter"] as const),
    );
    if (node === undefined || images === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    writeFileSync(join(folder, "site.cjs"), readFileSync(join(projectDir, "test/host/site.cjs")));
    writeFileSync(join(folder, "Dockerfile"), `FROM ${node}\nCOPY site.cjs /site.cjs\nCMD ["node", "/site.cjs"]\n`);
    await run(docker, ["build", "--quiet", "--tag", app, folder]);
    monitoring = await freePort();
    const {
      "node-exporter": nodeExporter,
      "nginx-exporter": nginxExporter,
      "blackbox-exporter": blackboxExporter,
      ...others
    } = images;
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: app },
      images: { ...others, nodeExporter, nginxExporter, blackboxExporter },
      network: { httpPort: await freePort(), httpsPort: await freePort(), monitoringPort: monitoring },
      database: { implementation: "none" },
      cache: { implementation: "none" },
      storage: { implementation: "none" },
      service: { memoryMb: 128, minReplicas: 1, maxReplicas: 1, drainSeconds: 1, graceSeconds: 10 },
      docker: { exporters: true },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
    linkProject(folder);
    const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
    await run("pulumi", ["up", "--stack", stack], { cwd: folder, env: environment });
    const text = await run(docker, ["exec", `${name}-monitoring`, "cat", "/etc/slipway/rules.yaml"]);
    rules = (parse(text) as { groups: [{ rules: typeof rules }] }).groups[0].rules;
  });

  after(async () => {
    await removeStack(stack);
    await run(docker, ["image", "rm", app]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  async function value(query: string): Promise<number | undefined> {
    const response = await fetch(`http://127.0.0.1:${monitoring}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as { data: { result: readonly { value: [number, string] }[] } };
    return data.result[0] && Number(data.result[0].value[1]);
  }
  const rule = (signal: string) => rules.find(({ labels }) => labels.signal === signal)!.expr;
  /** Without its limit. */
  const asked = (signal: string) => value(/^\((.*)\) [<>] [\d.]+$/s.exec(rule(signal))![1]!);

  it("say what the rules ask, and what is so", async () => {
    await until(
      90,
      "two scrapes of each",
      async () => (await asked("host-cpu")) !== undefined && (await asked("site-down")) === 1,
    );
    const [available, size] = (
      await run("df", ["--output=avail,size", "-B1", await run(docker, ["info", "--format", "{{.DockerRootDir}}"])])
    )
      .split("\n")[1]!
      .trim()
      .split(/\s+/)
      .map(Number);
    const root = 'node_filesystem_avail_bytes{mountpoint="/etc/hosts"}';
    assert.ok(Math.abs((await value(root))! / available! - 1) < 0.1, `${await value(root)} of ${available}`);
    assert.ok(size! > available!);
    const seen = await Promise.all(
      ["host-disk", "host-inodes", "host-memory", "host-cpu", "ingress-connections"].map(async (signal) => {
        const percent = await asked(signal);
        assert.ok(percent !== undefined && percent >= 0 && percent <= 100, `${signal}: ${percent}`);
        return `${signal} ${percent.toFixed(1)} %`;
      }),
    );
    console.log(`      ${seen.join(", ")}`);
    for (const signal of ["ingress-down", "host-exporter"]) assert.equal(await asked(signal), 1, signal);
    const days = (await asked("certificate-expiry"))!;
    assert.ok(days > 0.9 && days < 2, `the certificate of the test ends in two days: ${days}`);
  });

  it("see a site that does not answer, and nginx that is gone", async () => {
    const [replica] = (await run(docker, ["ps", "-q", "--filter", `label=app.slipway.component=${name}-app`])).split(
      "\n",
    );
    await run(docker, ["stop", "--time", "1", replica!]);
    await until(90, "the site is down", async () => (await asked("site-down")) === 0);
    assert.equal(await asked("ingress-down"), 1);
    await run(docker, ["stop", "--time", "1", `${name}-nginx`]);
    await until(90, "nginx is down", async () => (await asked("ingress-down")) === 0);
  });

  it("run hardened, within their memory, with nothing of the host", async () => {
    const names = ["node", "nginx", "blackbox"].map((exporter) => `${name}-exporters-${exporter}`);
    const used = await run(docker, ["stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", ...names]);
    console.log(
      `      ${used
        .split("\n")
        .map((line) => line.replace(`${name}-exporters-`, ""))
        .join(", ")}`,
    );
    for (const exporter of names) {
      const [user, readOnly] = (
        await run(docker, ["inspect", "--format", "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}", exporter])
      ).split(" ");
      assert.deepEqual([user, readOnly], ["65534:65534", "true"]);
    }
    assert.equal(await run(docker, ["inspect", "--format", "{{len .HostConfig.Mounts}}", names[0]!]), "0");
  });
});
