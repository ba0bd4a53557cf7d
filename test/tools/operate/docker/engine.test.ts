import { strict as assert } from "node:assert";
import { type Inspected, troubleOf } from "../../../../tools/operate/docker/engine";

describe("a replica that was healthy", () => {
  const replica = (state: object, restarts = 0) =>
    ({
      RestartCount: restarts,
      State: {
        Running: true,
        Restarting: false,
        ExitCode: 0,
        OOMKilled: false,
        Health: { Status: "healthy" },
        ...state,
      },
    }) as unknown as Inspected;
  const cases: [string, Inspected | undefined, number, string | undefined][] = [
    ["runs", replica({}), 0, undefined],
    ["has never had a health check", replica({ Health: undefined }), 0, undefined],
    ["was started again before it was healthy", replica({}, 2), 2, undefined],
    ["crashed, and is healthy again", replica({}, 1), 0, "ended and was started again"],
    ["crashes now", replica({ Running: false, Restarting: true, ExitCode: 1 }), 0, "ended with exit code 1"],
    [
      "takes too much memory",
      replica({ Running: false, ExitCode: 137, OOMKilled: true }),
      0,
      "ended with exit code 137, killed for its memory",
    ],
    ["is not ready", replica({ Health: { Status: "unhealthy" } }), 0, "is not ready any more"],
    ["was removed", undefined, 0, "is gone"],
  ];
  for (const [what, container, restarts, trouble] of cases) {
    it(`${what}: ${trouble ?? "well"}`, () => assert.equal(troubleOf(container, restarts), trouble));
  }
});
