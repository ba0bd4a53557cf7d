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
    const loaded = require.cache[path];
    delete require.cache[path];
    const { Unknowns } = require(path) as typeof import("../../../../tools/sources/in-process/unknowns");
    require.cache[path] = loaded;
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
