import { strict as assert } from "node:assert";
import { receiptText } from "../../../tools/operate/receipt";
import { receipt } from "./receipts";

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
