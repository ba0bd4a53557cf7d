import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineRun, NotEvents, readEvents } from "../../../../tools/sources/engine/events";

/** Streams of a real engine, 3.259, recorded with the providers random and docker; what it says of itself is left out. */
function recorded(name: string): string {
  return readFileSync(join(__dirname, "fixtures", `${name}.ndjson`), "utf8");
}

function operations({ plan }: EngineRun): Record<string, string> {
  return Object.fromEntries(plan.resources.map(({ name, operation }) => [name, operation]));
}

describe("events of the engine", () => {
  it("tell operations, one a resource", () => {
    const run = readEvents(recorded("changes"));
    assert.equal(run.plan.source, "engine");
    assert.equal(run.plan.project, "shop");
    assert.equal(run.plan.stack, "prod");
    assert.deepEqual(operations(run), {
      "shop-prod": "same",
      database: "same",
      "database-password": "replace",
      "database-name": "replace",
      added: "create",
      "web-suffix": "replace",
      gone: "delete",
    });
  });

  it("tell what changes and what forces a replacement", () => {
    const { plan } = readEvents(recorded("changes"));
    const password = plan.resources.find(({ name }) => name === "database-password");
    assert.deepEqual(password?.changes, [
      { path: "length", kind: "update", before: 24, after: 32, forcesReplacement: true },
    ]);
    assert.equal(password?.parent, "urn:pulumi:prod::shop::slipway:database:Fake::database");
  });

  it("believe providers that tell property by property, and say nothing of the bridge's own notes", () => {
    const { plan } = readEvents(recorded("property-by-property"));
    const changes = (name: string) =>
      plan.resources
        .find((resource) => resource.name === name)
        ?.changes?.map(({ path, before, after, forcesReplacement }) => [path, before, after, forcesReplacement]);
    assert.deepEqual(changes("database-server"), [
      ["envs[B]", "B=2", "B=3", true],
      ["memory", 256, 512, false],
      ["ports[0].external", 25432, 25433, true],
      ["restart", "no", "always", false],
    ]);
    assert.deepEqual(changes("cache-data"), [
      ["labels[0]", undefined, { label: "mode", value: "b" }, true],
      ["driverOpts", undefined, { o: "size=1g" }, true],
    ]);
    assert.deepEqual(changes("database-password"), [["length", 24, 32, true]]);
    assert.ok(!JSON.stringify(plan).includes("__defaults"));
  });

  it("tell what stands, by the ids that others name it by", () => {
    const { before, plan } = readEvents(recorded("property-by-property"));
    const server = ({ resources }: typeof plan) => resources.find(({ name }) => name === "database-server");
    assert.deepEqual(new Set(before.resources.map(({ operation }) => operation)), new Set(["same"]));
    assert.equal(before.resources.length, plan.resources.length);
    assert.equal(server(before)?.inputs["memory"], 256);
    assert.equal(server(plan)?.inputs["memory"], 512);
    const network = plan.resources.find(({ name }) => name === "database-network");
    assert.match(network?.outputs["id"] as string, /^[0-9a-f]{64}$/);
    assert.equal(server(plan)?.outputs["id"], undefined, "the one that replaces it has none yet");
  });

  it("blame only what the provider blames", () => {
    const state = (driver: string, mode: string) => ({ custom: true, inputs: { driver, labels: { mode } } });
    const metadata = {
      op: "replace",
      urn: "urn:pulumi:prod::shop::docker:index/volume:Volume::data",
      type: "docker:index/volume:Volume",
      old: state("local", "a"),
      new: state("nfs", "b"),
      detailedDiff: { driver: { diffKind: "update-replace" }, "labels.mode": { diffKind: "update" } },
    };
    const { plan } = readEvents(JSON.stringify({ resourcePreEvent: { metadata } }));
    assert.deepEqual(
      plan.resources[0]?.changes?.map(({ path, forcesReplacement }) => [path, forcesReplacement]),
      [
        ["driver", true],
        ["labels.mode", false],
      ],
    );
  });

  it("mask secrets and name unknowns", () => {
    const { plan } = readEvents(recorded("changes"));
    const password = plan.resources.find(({ name }) => name === "database-password");
    assert.deepEqual(password?.outputs["result"], { $secret: "" });
    assert.deepEqual(password?.outputs["id"], { $unknown: [] });
    assert.doesNotMatch(JSON.stringify(plan), /ciphertext|04da6b54/);
  });

  it("say that a protected resource cannot be replaced", () => {
    const { failure, plan } = readEvents(recorded("changes"));
    assert.equal(failure?.kind, "provider");
    assert.match(failure?.message ?? "", /marked for protection/);
    assert.match(failure?.urn ?? "", /::database-name$/);
    assert.equal(plan.resources.find(({ name }) => name === "database-name")?.options.protect, true);
  });

  it("keep what the program says and drop what the engine says of itself", () => {
    const { plan } = readEvents(recorded("nothing"));
    assert.deepEqual(plan.diagnostics, [{ severity: "warning", message: "one NAT gateway for three zones" }]);
  });

  it("show nothing to do when there is nothing to do", () => {
    const run = readEvents(recorded("nothing"));
    assert.equal(run.failure, undefined);
    assert.deepEqual([...new Set(Object.values(operations(run)))], ["same"]);
  });

  it("give the program's own error and what was seen before it", () => {
    const run = readEvents(recorded("program-fails"));
    assert.equal(run.failure?.kind, "program");
    assert.match(run.failure?.message ?? "", /cannot read the certificate/);
    assert.equal(operations(run)["added"], "create");
  });

  it("give a provider's error with its resource", () => {
    const { failure } = readEvents(recorded("provider-fails"));
    assert.equal(failure?.kind, "provider");
    assert.notEqual(failure?.urn, undefined);
  });

  it("give policy violations with level and resource", () => {
    const { violations } = readEvents(recorded("policy-violations"));
    assert.deepEqual(
      violations.map(({ rule, level, resource }) => [rule, level, resource.split("::").pop()]),
      [
        ["long-passwords", "mandatory", "database-password"],
        ["pets", "advisory", "database-name"],
      ],
    );
  });

  it("know a cancelled run", () => {
    const run = readEvents(recorded("cancelled"));
    assert.equal(run.failure?.kind, "cancelled");
    assert.equal(operations(run)["added"], "create");
  });

  it("survive being cut off at any byte", () => {
    const whole = recorded("changes");
    for (let end = 1; end < whole.length; end += 997) {
      const cut = whole.slice(0, end);
      if (!cut.includes("\n")) continue;
      assert.equal(readEvents(cut).failure !== undefined, true);
    }
  });

  it("are no run that ended well where the end is missing, whatever was seen until there", () => {
    const violated = { policyName: "p", message: "m", enforcementLevel: "mandatory" };
    for (const event of [{ policyEvent: violated }, { diagnosticEvent: { message: "x", severity: "info" } }])
      assert.equal(readEvents(JSON.stringify(event)).failure?.message, "The events end before the preview does.");
  });

  it("are taken as a list too, and tell the stack's configuration", () => {
    const lines = recorded("yaml-program").trim().split("\n");
    const { plan, config } = readEvents(`[${lines.join(",\n")}]`);
    assert.equal(plan.resources.length, 6);
    assert.deepEqual(config, { "aws:region": "eu-central-1" });
    assert.throws(() => readEvents("[null]"), /Number 1 of the list is no engine event/);
    assert.throws(() => readEvents(`[${lines.join(",\n")}`), /cut off, or is no JSON/);
  });

  it("refuse a step that has not the shape of one", () => {
    const metadata = { op: "update", urn: "urn:pulumi:prod::shop::a:b/c:D::n", type: "a:b/c:D", old: {}, new: {} };
    const summary = '{"summaryEvent":{"result":"succeeded"}}';
    const read = (change: object) =>
      readEvents(`${JSON.stringify({ resourcePreEvent: { metadata: { ...metadata, ...change } } })}\n${summary}`);
    assert.equal(read({}).failure, undefined);
    for (const change of [
      { op: 1 },
      { urn: "urn" },
      { urn: "urn:pulumi:::a" },
      { keys: "abc" },
      { keys: [1] },
      { detailedDiff: { a: null } },
      { detailedDiff: [] },
      { new: { inputs: [1] } },
      { old: { outputs: "x" } },
      { new: { parent: 5 } },
    ])
      assert.throws(() => read(change), NotEvents, JSON.stringify(change));
    for (const event of [{ policyEvent: { message: "x" } }, { preludeEvent: { config: { a: 1 } } }])
      assert.throws(() => readEvents(`${JSON.stringify(event)}\n${summary}`), NotEvents);
  });

  it("refuse a file that is something else, and say how to record one", () => {
    assert.throws(
      () => readEvents('{\n  "steps": []\n}'),
      (error: Error) => {
        assert.ok(error instanceof NotEvents);
        assert.match(error.message, /Line 1 is no engine event.*PULUMI_ENABLE_STREAMING_JSON_PREVIEW/);
        return true;
      },
    );
  });
});
