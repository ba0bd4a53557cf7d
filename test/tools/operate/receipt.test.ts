import { strict as assert } from "node:assert";
import { type Receipt, receiptText } from "../../../tools/operate/receipt";

const receipt: Receipt = {
  version: 1,
  ...{ stack: "prod", target: "docker", strategy: "canary", outcome: "released" },
  ...{ startedAt: "2026-11-27T03:00:00.000Z", endedAt: "2026-11-27T03:01:00.000Z" },
  image: { reference: "ghcr.io/acme/shop:2", digest: `sha256:${"ab".repeat(32)}`, commit: "4f2c9aa" },
  previous: { reference: "ghcr.io/acme/shop:1", digest: `sha256:${"cd".repeat(32)}` },
  migration: { exitCode: 0, seconds: 1.2 },
  requests: { total: 6120, newRelease: 612, failed: 0, slowestSeconds: 0.31 },
  steps: [
    {
      ...{ weight: 10, seconds: 60, result: "passed", reason: "errors 0.0 % against 0.0 %, p95 0.11 s against 0.10 s" },
      candidate: { requests: 612, errors: 0, errorRatio: 0, p95Seconds: 0.11 },
      stable: { requests: 5508, errors: 0, errorRatio: 0, p95Seconds: 0.1 },
    },
  ],
  seconds: { ready: 8, switch: 70, drain: 6, total: 90 },
  judge: "errors and p95 in the ingress' log, new release against old",
};

describe("the receipt of a release", () => {
  it("says what a person asks first", () => {
    const text = receiptText(receipt);
    for (const part of [
      "release abababababab -> prod   canary   released",
      "commit 4f2c9aa",
      "ghcr.io/acme/shop:1  cdcdcdcdcdcd",
      "10 %       errors 0.0 % against 0.0 %",
      "(612 requests)   passed",
      "6120, 0 failed, 612 by the new release, slowest 0.31 s",
      "ready 8, switch 70, drain 6, total 90",
      "no restore of a backup is known",
    ]) {
      assert.ok(text.includes(part), `${part}\n${text}`);
    }
  });

  it("says who serves when the release does not", () => {
    const returned = receiptText({ ...receipt, outcome: "returned", reason: "errors 50.0 % against 0.0 %" });
    assert.match(returned, /^Returned: errors 50\.0 % against 0\.0 %\. The previous release serves\./m);
    const refused = receiptText({ ...receipt, outcome: "refused", reason: "the migration failed with exit code 4" });
    assert.match(refused, /^Refused: the migration .* got no request; the previous one serves\./m);
  });
});
