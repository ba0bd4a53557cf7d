import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { runStack } from "../../stacks/targets";
import { resolveSettings } from "../../stacks/settings/load";
import { textNamed } from "../components/docker-mocks";
import { record } from "../record";
import { until } from "./data-stack";
import { prepareSupporting } from "./images";
import { docker, removeContainers, run } from "./run";

interface Rule {
  readonly expr: string;
  readonly labels: { readonly signal: string; readonly severity: string };
}
interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Every alarm of a Docker stack with all there is in it, fired once and delivered: the rules and the receiver that Slipway
 * renders, in a real Prometheus and a real Alertmanager, over metrics that are good at first and then bad. Only how long a
 * condition has to hold is shortened, and how often is asked.
 */
for (const compositeAlarms of [false, true])
  describe(`alarms of one host, fired and delivered${compositeAlarms ? ", in composite alarms" : ""}`, function () {
    this.timeout(300_000);
    const name = `slipway-alarms-${process.pid}`;
    const folder = mkdtempSync(join(tmpdir(), "slipway-alarms-"));
    let rules: readonly Rule[];
    let port = 0;

    before(async function () {
      const images = await prepareSupporting("prometheus", "alertmanager", "node");
      if (images === undefined) {
        console.log("      skipped: no Docker engine");
        return this.skip();
      }
      const settings = resolveSettings(
        "alarms",
        {
          ...{ target: "docker", preset: "production", domain: "shop.example.com", image: "ghcr.io/acme/shop:1" },
          docker: { backupsOnThisHostOnly: true },
          monitoring: { webhook: "https://hooks.example.com/ops", compositeAlarms },
          workers: { mail: { command: ["node", "mail.js"] } },
          jobs: { cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *" } },
        },
        {},
      );
      const plan = await record(() => runStack(settings), { project: "shop", stack: "alarms" });
      const [prometheus, alertmanager, text] = ["prometheus.yaml", "alertmanager.yaml", "rules.yaml"].map((file) =>
        textNamed(plan, file),
      ) as [string, string, string];
      rules = (parse(text) as { groups: [{ rules: Rule[] }] }).groups[0].rules;
      const jobs = (parse(prometheus) as { scrape_configs: { job_name: string }[] }).scrape_configs;
      write("prometheus/prometheus.yaml", prometheus.replaceAll(/interval: 15s/g, "interval: 1s"));
      // At the start nothing has been measured, which is an outage: its suppressors have to end before the next begins.
      const suppressed = text.replaceAll("[300s]", "[3s]").replaceAll("[21600s]", "[5s]");
      write("prometheus/rules.yaml", suppressed.replaceAll(/for: \d+m/g, "for: 0s"));
      write(
        "alertmanager/alertmanager.yaml",
        alertmanager
          .replace("group_wait: 30s", "group_wait: 1s")
          .replaceAll("group_wait: 120s", "group_wait: 30s")
          .replace("group_interval: 5m", "group_interval: 2s"),
      );
      write("webhook/value", "http://receiver:8000/hook");
      await run("chmod", ["-R", "a+rX", folder]);
      await run(docker, ["network", "create", name]);
      const start = (what: string, image: string, options: readonly string[], ...command: readonly string[]) =>
        run(docker, [
          "run",
          "--detach",
          "--init",
          "--name",
          `${name}-${what}`,
          "--network",
          name,
          ...options,
          image,
          ...command,
        ]);
      const aliases = ["receiver", ...jobs.map(({ job_name }) => job_name)].flatMap((alias) => [
        "--network-alias",
        alias,
      ]);
      await start(
        "exporter",
        images.node,
        [...aliases, "--publish", "127.0.0.1::8000", "--volume", `${__dirname}/exporter.cjs:/exporter.cjs:ro`],
        ...["node", "/exporter.cjs"],
      );
      const mounted = (what: string) => ["--volume", `${folder}/${what}:/etc/slipway:ro`];
      await start(
        "alertmanager",
        images.alertmanager,
        [
          ...["--network-alias", "slipway-alarms-monitoring-alertmanager", ...mounted("alertmanager")],
          ...["--volume", `${folder}/webhook:/run/secrets/webhook:ro`],
        ],
        ...["--config.file=/etc/slipway/alertmanager.yaml", "--storage.path=/tmp"],
      );
      await start(
        "prometheus",
        images.prometheus,
        mounted("prometheus"),
        ...["--config.file=/etc/slipway/prometheus.yaml", "--storage.tsdb.path=/prometheus"],
      );
      port = Number((await run(docker, ["port", `${name}-exporter`, "8000"])).split(":").at(-1));
    });

    after(async () => {
      const containers = ["exporter", "alertmanager", "prometheus"].map((what) => `${name}-${what}`);
      await removeContainers(containers).catch(() => undefined);
      await run(docker, ["network", "rm", name]).catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    });

    function write(path: string, text: string): void {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }

    const told = async (state = "") => (await (await fetch(`http://127.0.0.1:${port}/${state}`)).json()) as Alert[];
    const firing = async () =>
      new Set(
        (await told())
          .filter(({ status }) => status === "firing")
          .map(({ labels }) => (labels["signal"] ?? labels["composite"])!),
      );
    /** What is seen by its silence. */
    const silent = ["replicas", "backup-exporter", "host-exporter"];

    it("is silent while all is well", async () => {
      await until(60, "metrics of every job", async () => {
        const answer = await run(docker, [
          "exec",
          `${name}-prometheus`,
          "promtool",
          "query",
          "instant",
          "http://127.0.0.1:9090",
          "up == 0 or absent(up)",
        ]);
        return answer === "";
      });
      await sleep(8000);
      assert.deepEqual([...(await firing())], []);
    });

    if (compositeAlarms) {
      it("notifies once of an outage, and of everything else as ever", async () => {
        const site = ["errors", "replicas", "latency", "error-budget", "site-down"];
        await told("state/bad");
        await until(150, "the composite alarm and the others", async () => {
          const there = await firing();
          return (
            there.has("requests-fail") &&
            ["cache-down", "host-disk", "certificate-expiry"].every((one) => there.has(one))
          );
        });
        // What waits for the worse has waited by then.
        await sleep(45_000);
        const there = await firing();
        assert.deepEqual(
          [...there].filter((one) => [...site, "slow", "budget", "edge"].includes(one)),
          [],
        );
        const outage = (await told()).find(({ labels }) => labels["composite"] === "requests-fail")!;
        assert.match(outage.annotations["description"]!, /Errors \(/);
        assert.equal(outage.annotations["runbook_url"], "docs/runbooks/errors.md");
      });
      return;
    }

    it("notifies of each that its metrics can fire, in words that say what to do", async () => {
      await told("state/bad");
      const wanted = rules.map(({ labels }) => labels.signal).filter((signal) => !silent.includes(signal));
      assert.ok(wanted.length >= 19, String(wanted.length));
      await until(150, "every alarm", async () => {
        const there = await firing();
        return wanted.every((signal) => there.has(signal));
      }).catch(async (error: Error) => {
        const there = await firing();
        throw new Error(`${error.message}: ${wanted.filter((signal) => !there.has(signal)).join(", ")}`);
      });
      for (const { labels, annotations } of await told()) {
        assert.deepEqual([labels["stack"], labels["domain"]], ["shop-alarms", "shop.example.com"]);
        assert.match(labels["severity"] ?? "", /^(page|ticket)$/);
        assert.match(annotations["summary"] ?? "", /^(nginx|[A-Z])/);
        assert.match(annotations["description"] ?? "", /\d.*; the limit is at (most|least) /);
        assert.equal(annotations["runbook_url"], `docs/runbooks/${labels["signal"]}.md`);
      }
    });

    it("notifies of what is only seen by its silence, and when things are well again", async () => {
      await told("state/down");
      await until(60, "alarms of silence", async () => {
        const there = await firing();
        return silent.every((signal) => there.has(signal));
      });
      const all = await firing();
      assert.deepEqual([...all].sort(), rules.map(({ labels }) => labels.signal).sort());
      console.log(`      ${all.size} alarms fired and delivered`);
      await told("state/good");
      await until(60, "resolved", async () => {
        const resolved = (await told())
          .filter(({ status }) => status === "resolved")
          .map(({ labels }) => labels["signal"]);
        return ["cache-down", "site-down", "host-disk", "replicas"].every((signal) => resolved.includes(signal));
      });
    });
  });
