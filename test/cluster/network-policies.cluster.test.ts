import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveSettings } from "../../stacks/settings/load";
import type { KubernetesSettings, StackFile } from "../../stacks/settings/settings";
import { runStack } from "../../stacks/targets";
import { manifests } from "../../tools/readers/render/kubernetes-objects";
import { projectDir } from "../project";
import { record } from "../record";
import { connectionsOf, judge, type Connection } from "./connections";
import { missingPrograms } from "./programs";
import { variants } from "./variants";

/** What the page shows: everything that a stack can have, on the plainest cluster. */
const shown: StackFile = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  kubernetes: { namespace: "shop", ingressClass: "traefik" },
};

describe("Kubernetes, who reaches whom by the NetworkPolicies", function () {
  this.timeout(60_000);

  before(function () {
    if (missingPrograms("cyclonus").length === 0) return;
    console.log("      not there: cyclonus; test/bed/cluster/build.sh builds it");
    this.skip();
  });

  for (const [name, file] of Object.entries({ ...variants, shown })) {
    it(`${name}: as promised, each connection`, async () => {
      const { connections, allowed } = await judged(file);
      const said = (connection: Connection, may: boolean) =>
        `${connection.from.title} to ${connection.to.title} on ${connection.port}: ${may ? "allowed" : "denied"}`;
      assert.deepEqual(
        connections.map((connection, index) => said(connection, allowed[index]!)),
        connections.map((connection) => said(connection, connection.allowed)),
      );
    });
  }

  it("is in the table of docs/kubernetes.md, as it is", async () => {
    const table = tableOf((await judged(shown)).connections);
    const page = readFileSync(join(projectDir, "docs/kubernetes.md"), "utf8");
    assert.ok(page.includes(table), `docs/kubernetes.md#who-reaches-whom should have\n${table}`);
  });
});

async function judged(file: StackFile): Promise<{ connections: Connection[]; allowed: boolean[] }> {
  const settings = resolveSettings("test", file, {}) as KubernetesSettings;
  const plan = await record(() => runStack(settings));
  const policies = manifests(plan).flatMap(({ object }) => (object?.["kind"] === "NetworkPolicy" ? [object] : []));
  assert.ok(policies.length >= 4);
  const connections = connectionsOf(settings);
  return { connections, allowed: await judge(policies, connections) };
}

/** By who sends: to whom it may, and to whom it may not. */
function tableOf(connections: readonly Connection[]): string {
  const senders = [...new Set(connections.map(({ from }) => from.title))];
  const rows = senders.map((sender) => {
    const cell = (allowed: boolean) =>
      connections
        .filter((each) => each.from.title === sender && each.allowed === allowed)
        .map(({ to, port, protocol }) => `${to.title}:${port}${protocol === "UDP" ? "/udp" : ""}`)
        .join(", ");
    return `| ${sender} | ${cell(true)} | ${cell(false)} |`;
  });
  return ["| from | allowed | denied |", "| --- | --- | --- |", ...rows].join("\n");
}
