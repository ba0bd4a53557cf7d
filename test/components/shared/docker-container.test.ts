import { strict as assert } from "node:assert";
import { duration, envs, hardened, labels, secretPath } from "../../../components/shared/docker-container";
import { record } from "../../record";

describe("what every container on a Docker host is given", () => {
  it("is the least it needs, and a way back up after a restart", () => {
    assert.deepEqual(hardened({ cpuMillis: 250, memoryMb: 512 }), {
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      init: true,
      restart: "unless-stopped",
      tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m" },
      cpus: "0.25",
      memory: 512,
      memorySwap: 512,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      wait: true,
    });
  });

  it("names CPUs as the engine gives them back, or each run would replace the container", () => {
    const cpus = (cpuMillis: number) => hardened({ cpuMillis, memoryMb: 64 }).cpus;
    assert.deepEqual([100, 500, 1000, 1500, 2000].map(cpus), ["0.1", "0.5", "1.0", "1.5", "2.0"]);
  });

  it("has labels and variables in the order in which they are read back", async () => {
    const { outputs } = await record(() => ({
      labels: labels("cache", { "a.first": "1" }),
      envs: envs({ PORT: "3000", AUTH_URL: "https://shop.example.com" }),
    }));
    assert.deepEqual(outputs, {
      labels: [
        { label: "a.first", value: "1" },
        { label: "app.slipway.component", value: "cache" },
        { label: "app.slipway.stack", value: "test" },
      ],
      envs: ["AUTH_URL=https://shop.example.com", "PORT=3000"],
    });
  });

  it("writes durations as they are read back", () => {
    assert.deepEqual([5, 60, 90, 3600, 5400].map(duration), ["5s", "1m0s", "1m30s", "1h0m0s", "1h30m0s"]);
  });

  it("finds a secret in a folder of its own", () => {
    assert.equal(secretPath("database-password", "value"), "/run/secrets/database-password/value");
  });
});
