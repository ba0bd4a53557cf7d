import { strict as assert } from "node:assert";
import { cpuQuantity, gibibytes, mebibytes } from "../../../components/shared/kubernetes-quantity";
import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import { record } from "../../record";

const quantity = /^(\d+)(m|Mi|Gi|Ti)?$/;

/** Every text of a plan that is a quantity by its key, with where it is. */
function quantitiesOf(value: unknown, path = ""): [path: string, text: string][] {
  if (typeof value === "string") {
    return /\.(cpu|memory|ephemeral-storage|storage|size|sizeLimit)$/.test(path) ? [[path, value]] : [];
  }
  return Object.entries(value ?? {}).flatMap(([key, item]) => quantitiesOf(item, `${path}.${key}`));
}

describe("Quantities of Kubernetes", () => {
  it("are written with the largest unit that leaves no fraction", () => {
    assert.deepEqual([250, 1000, 1500, 4000].map(cpuQuantity), ["250m", "1", "1500m", "4"]);
    assert.deepEqual([128, 1024, 1536, 65536, 1048576].map(mebibytes), ["128Mi", "1Gi", "1536Mi", "64Gi", "1Ti"]);
    assert.deepEqual([20, 1024, 1500].map(gibibytes), ["20Gi", "1Ti", "1500Gi"]);
  });

  it("are in that form wherever a stack states one: an operator that writes another makes each apply a change", async () => {
    const file = {
      target: "kubernetes",
      preset: "production",
      domain: "shop.example.com",
      image: "ghcr.io/acme/shop:1.4.2",
      storage: { implementation: "volume" },
      service: { cpuMillis: 2000, memoryMb: 2048 },
      database: { cpuMillis: 8000, memoryMb: 8192, storageGb: 2048, readReplicas: 1 },
      cache: { memoryMb: 3_251 },
      workers: { mail: { command: ["node", "mail.js"], cpuMillis: 1000, memoryMb: 1024 } },
      jobs: { nightly: { command: ["node", "n.js"], cron: "0 3 * * *", cpuMillis: 1000, memoryMb: 1024 } },
      kubernetes: {
        backupBucket: "s3://acme-backups/shop",
        ingressClass: "nginx",
        walStorageGb: 1024,
        uploadsGb: 1024,
        requestCpuMillis: 1000,
        requestMemoryMb: 1024,
        poolerCpuMillis: 1000,
        poolerMemoryMb: 1024,
        backupCpuMillis: 1000,
        backupMemoryMb: 1024,
        cacheCpuMillis: 1000,
      },
    };
    const plan = await record(() => runStack(resolveSettings("test", file, {})));
    const found = plan.resources.flatMap(({ name, inputs }) => quantitiesOf(inputs, name));
    assert.ok(found.length > 50, `${found.length} quantities`);
    const other = found.filter(([, text]) => {
      const [, digits, unit] = quantity.exec(text) ?? [];
      const step = unit === "m" ? 1000 : 1024;
      return digits === undefined || (unit !== undefined && Number(digits) % step === 0);
    });
    assert.deepEqual(other, []);
  });
});
