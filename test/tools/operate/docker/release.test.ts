import { strict as assert } from "node:assert";
import type { DockerOperations } from "../../../../stacks/operations";
import { plan } from "../../../../tools/operate/docker/release";

describe("the steps of a release on one host", () => {
  const steps = (release: DockerOperations["release"], replicas = 2, options = {}) =>
    plan({ release, replicas } as DockerOperations, options).map(({ weight, watchSeconds }) => [weight, watchSeconds]);

  it("rolling: replica by replica", () => {
    assert.deepEqual(steps({ strategy: "rolling" }), [
      [50, 30],
      [100, 30],
    ]);
    assert.deepEqual(steps({ strategy: "rolling" }, 3), [
      [33, 30],
      [67, 30],
      [100, 30],
    ]);
  });

  it("blue-green: all at once, with a way back", () => {
    assert.deepEqual(steps({ strategy: "blue-green", bakeMinutes: 5 }), [[100, 300]]);
  });

  it("canary: its share, then all", () => {
    const canary = { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 } as const;
    assert.deepEqual(steps(canary), [
      [10, 300],
      [100, 600],
    ]);
    assert.deepEqual(steps(canary, 2, { stepSeconds: 20, bakeSeconds: 0 }), [
      [10, 20],
      [100, 0],
    ]);
  });

  it("linear: share upon share, and never more than all", () => {
    const linear = { strategy: "linear", weightPercent: 30, stepMinutes: 1, bakeMinutes: 2 } as const;
    assert.deepEqual(steps(linear), [
      [30, 60],
      [60, 60],
      [90, 60],
      [100, 120],
    ]);
    assert.deepEqual(steps({ ...linear, weightPercent: 50 }), [
      [50, 60],
      [100, 120],
    ]);
  });
});
