import { strict as assert } from "node:assert";
import { maxConnections, tuning } from "../../../components/database/postgres-tuning";

/** In MiB, from `256MB` and `1024kB`. */
const mb = (value: string | undefined) => (value?.endsWith("kB") ? 1 / 1024 : 1) * Number(value?.replace(/[kM]B$/, ""));

describe("PostgreSQL's parameters by its memory", () => {
  it("are PGTune's", () => {
    assert.deepEqual(tuning(2048), {
      ...{ shared_buffers: "512MB", effective_cache_size: "1536MB", maintenance_work_mem: "128MB", work_mem: "5242kB" },
      random_page_cost: "1.1",
    });
    assert.deepEqual(tuning(65536), {
      ...{ shared_buffers: "16384MB", effective_cache_size: "49152MB", maintenance_work_mem: "4096MB" },
      ...{ autovacuum_work_mem: "2048MB", work_mem: "167772kB", random_page_cost: "1.1" },
    });
    assert.equal(tuning(524288)["maintenance_work_mem"], "8192MB");
  });

  // The least and the most of slipway:database.memoryMb, sizes between them, and one that divides by nothing.
  for (const memoryMb of [256, 300, 512, 1000, 1024, 2048, 8192, 16384, 32768, 65536, 524288]) {
    it(`${memoryMb} MiB hold what it takes at most: buffers, three vacuums, and all connections that sort`, () => {
      const parameters = tuning(memoryMb);
      const vacuum = mb(parameters["autovacuum_work_mem"] ?? parameters["maintenance_work_mem"]);
      const shared = mb(parameters["shared_buffers"]);
      const atMost = shared + 3 * vacuum + maxConnections * mb(parameters["work_mem"]);
      assert.ok(atMost <= memoryMb, `${atMost} MiB`);
      const cache = mb(parameters["effective_cache_size"]);
      assert.ok(cache < memoryMb && cache >= shared, `${cache} MiB`);
      for (const value of Object.values(parameters)) assert.match(value, /^(\d+(MB|kB)|1\.1)$/);
    });
  }
});
