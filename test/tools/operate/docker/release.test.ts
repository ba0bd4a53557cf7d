import { strict as assert } from "node:assert";
import type { DockerOperations } from "../../../../stacks/operations";
import type { Inspected } from "../../../../tools/operate/docker/engine";
import { plan, worse } from "../../../../tools/operate/docker/release";
import type { Sample } from "../../../../tools/operate/judgement";

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

describe("a release once the stack has it", () => {
  const times = { began: 0, adopting: 1000, adopted: 2000 };
  const samples = (release: Sample["release"], at: number, status: number, seconds = 0.1): Sample[] =>
    Array.from({ length: 30 }, () => ({
      ...{ at, release, status, seconds },
      ...{ method: "GET", path: "/", empty: false },
    }));
  const held = (all: readonly Sample[], replicas: readonly object[] = [{}]) =>
    worse(
      { since: (at, release) => all.filter((sample) => sample.at >= at && sample.release === release) },
      times,
      replicas.map((state) => ({ RestartCount: 0, State: { Running: true, ...state } }) as unknown as Inspected),
      { minimumRequests: 50 },
    );
  const before = samples("stable", 500, 200);

  it("is held to the old release by errors alone, those of its candidates and of the stack's own replicas", () => {
    assert.equal(held([...before, ...samples("candidate", 1500, 200), ...samples("stable", 2500, 200)]), undefined);
    // Containers that start make a host slow.
    assert.equal(held([...before, ...samples("candidate", 1500, 200, 5)]), undefined);
    const reason = "errors 100.0 % against 0.0 %, since pulumi up began";
    assert.equal(held([...before, ...samples("candidate", 1500, 500)])?.reason, reason);
    assert.equal(held([...before, ...samples("stable", 2500, 500)])?.reason, reason);
  });

  it("is not blamed for what the old release answered until then, nor for silence", () => {
    assert.equal(held([...before, ...samples("stable", 1500, 500)]), undefined);
    assert.equal(held([...samples("stable", 500, 500), ...samples("stable", 2500, 500)]), undefined);
    assert.equal(held(before), undefined);
  });

  it("is worse when one of its replicas ends", () => {
    const reason = "a replica ended with exit code 1, since pulumi up began";
    assert.equal(held(before, [{}, { Running: false, ExitCode: 1 }])?.reason, reason);
  });
});
