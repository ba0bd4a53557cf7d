import { equal, notEqual } from "node:assert/strict";
import { isSecret } from "../../../../tools/plan/plan";
import { rpc } from "../../../../tools/sources/in-process/sdk";

describe("fingerprints of secrets", () => {
  const variable = "SLIPWAY_FINGERPRINT_KEY";
  const given = process.env[variable];
  afterEach(() => {
    if (given === undefined) delete process.env[variable];
    else process.env[variable] = given;
  });

  /** As in a process of its own, whose key is there only after the module was loaded. */
  function fingerprint(value: string, key: string): string {
    const path = require.resolve("../../../../tools/sources/in-process/unknowns");
    const paths = [path, require.resolve("../../../../tools/plan/fingerprint")];
    const loaded = paths.map((one) => require.cache[one]);
    for (const one of paths) delete require.cache[one];
    const { Unknowns } = require(path) as typeof import("../../../../tools/sources/in-process/unknowns");
    for (const [index, one] of paths.entries()) require.cache[one] = loaded[index];
    process.env[variable] = key;
    const masked = new Unknowns().toPlan({ [rpc.specialSigKey]: rpc.specialSecretSig, value });
    if (!isSecret(masked)) throw new Error("the secret was not masked");
    return masked.$secret;
  }

  it("agree between processes that were given one key, and say nothing without it", () => {
    const first = fingerprint("hunter2", "one");
    equal(fingerprint("hunter2", "one"), first);
    notEqual(fingerprint("hunter3", "one"), first);
    notEqual(fingerprint("hunter2", "two"), first);
  });
});
