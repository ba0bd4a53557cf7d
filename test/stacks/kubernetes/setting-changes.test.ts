import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../project";
import { type Change, changes, tableOf } from "./setting-changes";

describe("Kubernetes, a setting that changes", function () {
  this.timeout(60_000);
  let found: Readonly<Record<string, Change>>;

  before(async () => {
    found = await changes();
  });

  it("changes something", () => {
    for (const [setting, { updated, replaced, created, deleted }] of Object.entries(found)) {
      assert.ok([updated, replaced, created, deleted].flat().length > 0, setting);
    }
  });

  it("replaces nothing that holds data, but where protection refuses it", () => {
    const of = (which: "lost" | "refused") =>
      Object.entries(found).flatMap(([setting, change]) => change[which].map((name) => `${setting}: ${name}`));
    assert.deepEqual(of("lost"), []);
    assert.deepEqual(of("refused"), [
      "kubernetes.uploadsStorageClass: PersistentVolumeClaim uploads-claim",
      "kubernetes.namespace: Namespace network-namespace",
      "kubernetes.namespace: PersistentVolumeClaim uploads-claim",
      "kubernetes.namespace: ObjectStore database-backups",
      "kubernetes.namespace: Cluster database-cluster",
    ]);
  });

  it("replaces no pods for what only steers them", () => {
    for (const setting of ["service.minReplicas", "tls.issuer", "database.backupCron", "kubernetes.monitoringLabels"]) {
      assert.deepEqual(found[setting]!.rolled, [], setting);
    }
  });

  it("is in the table of docs/kubernetes.md, as it is", () => {
    const page = readFileSync(join(projectDir, "docs/kubernetes.md"), "utf8");
    const table = tableOf(found);
    assert.ok(page.includes(table), `docs/kubernetes.md#what-a-change-does should have\n${table}`);
  });
});
