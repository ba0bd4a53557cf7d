import { deepEqual, equal } from "node:assert/strict";
import type { PlanResource, PlanValue } from "../../../../tools/plan/plan";
import { propertyChanges } from "../../../../tools/sources/difference/properties";
import {
  forcesReplacement,
  isWithin,
  replacementPaths,
  withoutIndices,
} from "../../../../tools/sources/difference/replacements";
import { settingChanges } from "../../../../tools/sources/difference/settings";

const same = () => true;
const other = () => false;
const unknown = (template?: string, ...sources: string[]): PlanValue => ({
  $unknown: sources.length > 0 ? sources : ["a#b"],
  ...(template === undefined ? {} : { template }),
});
const secret = (hash: string): PlanValue => ({ $secret: hash });
/** `path kind` of each change. */
const paths = (before: PlanValue, after: PlanValue, unknowns = same) =>
  propertyChanges(before, after, unknowns).map(({ path, kind }) => `${path} ${kind}`);

const nested = (levels: number, value: string) => "[".repeat(levels) + value + "]".repeat(levels);

describe("what differs between two values", () => {
  const cases: Readonly<Record<string, readonly [before: PlanValue, after: PlanValue, changes: readonly string[]]>> = {
    nothing: [{ a: 1, b: [true, null] }, { a: 1, b: [true, null] }, []],
    "a number": [{ a: 1 }, { a: 2 }, ["a update"]],
    "a key more": [{}, { a: 1 }, ["a add"]],
    "a key less": [{ a: 1 }, {}, ["a delete"]],
    "a key below": [{ a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, ["a.b.c update"]],
    "a key that no path can spell": [{ "a b": 1 }, { "a b": 2 }, ['["a b"] update']],
    "a key that ends oddly": [{ x: { "a!": 1 } }, { x: { "a!": 2 } }, ['x["a!"] update']],
    "a key that begins oddly": [{ x: { "!a": 1 } }, { x: { "!a": 2 } }, ['x["!a"] update']],
    "another kind of value": [{ a: [1] }, { a: { b: 1 } }, ["a update"]],
    "a map in place of a list": [{ a: { b: 1 } }, { a: [1] }, ["a update"]],
    "the same secret": [{ a: secret("1") }, { a: secret("1") }, []],
    "another secret": [{ a: secret("1") }, { a: secret("2") }, ["a update"]],
    "a secret in place of a value": [{ a: "x" }, { a: secret("1") }, ["a update"]],
    "a value in place of a secret": [{ a: secret("1") }, { a: "x" }, ["a update"]],
    "an item more at the end": [{ a: ["x"] }, { a: ["x", "y"] }, ["a[1] add"]],
    "an item more at the front": [{ a: ["y", "z"] }, { a: ["x", "y", "z"] }, ["a[0] add"]],
    "an item more between": [{ a: ["x", "z"] }, { a: ["x", "y", "z"] }, ["a[1] add"]],
    "an item less at the front": [{ a: ["x", "y", "z"] }, { a: ["y", "z"] }, ["a[0] delete"]],
    "two items in a row": [{ a: ["x", "1", "2", "y"] }, { a: ["x", "3", "4", "y"] }, ["a[1] update", "a[2] update"]],
    "the same item once more": [{ a: ["x"] }, { a: ["x", "x"] }, ["a[1] add"]],
    "an empty list": [{ a: [] }, { a: [] }, []],
    "items by name, in another order": [
      {
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      },
      {
        env: [
          { name: "B", value: "2" },
          { name: "A", value: "3" },
        ],
      },
      ["env[A].value update"],
    ],
    "an item by name, gone": [{ env: [{ name: "A" }, { name: "B" }] }, { env: [{ name: "B" }] }, ["env[A] delete"]],
    "an item by name, new": [{ env: [{ name: "B" }] }, { env: [{ name: "A" }, { name: "B" }] }, ["env[A] add"]],
    "items of one name, by place": [
      {
        env: [
          { name: "A", v: 1 },
          { name: "A", v: 2 },
        ],
      },
      {
        env: [
          { name: "A", v: 1 },
          { name: "A", v: 3 },
        ],
      },
      ["env[1].v update"],
    ],
    "items that only one side names": [{ a: [{ name: "A" }] }, { a: [{ b: 1 }] }, ["a[0].name delete", "a[0].b add"]],
    "items by number": [
      { ports: [{ containerPort: 1, x: 1 }, { containerPort: 2 }] },
      { ports: [{ containerPort: 2 }, { containerPort: 1, x: 2 }] },
      ["ports[1].x update"],
    ],
    "an item whose name no path can spell": [
      { a: [{ name: "it's", x: 1 }] },
      { a: [{ name: "it's", x: 2 }] },
      ["a[0].x update"],
    ],
    "an item whose name begins oddly": [
      { a: [{ name: "!b", x: 1 }] },
      { a: [{ name: "!b", x: 2 }] },
      ["a[0].x update"],
    ],
    "alerts by name": [
      {
        rules: [
          { alert: "A", x: 1 },
          { alert: "B", x: 1 },
        ],
      },
      {
        rules: [
          { alert: "B", x: 1 },
          { alert: "A", x: 2 },
        ],
      },
      ["rules[A].x update"],
    ],
    "records by name": [
      {
        rules: [
          { record: "A", x: 1 },
          { record: "B", x: 1 },
        ],
      },
      {
        rules: [
          { record: "B", x: 1 },
          { record: "A", x: 2 },
        ],
      },
      ["rules[A].x update"],
    ],
    "widgets by title": [
      {
        widgets: [
          { properties: { title: "A" }, x: 1 },
          { properties: { title: "B" }, x: 1 },
        ],
      },
      {
        widgets: [
          { properties: { title: "B" }, x: 1 },
          { properties: { title: "A" }, x: 2 },
        ],
      },
      ["widgets[A].x update"],
    ],
    "widgets without a title": [
      { widgets: [{ properties: 1, x: 1 }] },
      { widgets: [{ properties: 1, x: 2 }] },
      ["widgets[0].x update"],
    ],
    "variables by name": [{ envs: ["AB_1=1", "B=2"] }, { envs: ["B=2", "AB_1=3"] }, ["envs[AB_1] update"]],
    "a variable with a value that is unknown": [
      { envs: [unknown("A={0}"), "B=2"] },
      { envs: ["B=2", "A=3"] },
      ["envs[A] update"],
    ],
    "texts that are no variables": [{ a: ["x y=1"] }, { a: ["x y=2"] }, ["a[0] update"]],
    "JSON in a text, by what it means": [{ p: '{"a":1,"b":[2]}' }, { p: '{ "b": [2], "a": 1 }' }, []],
    "JSON in a text, below": [{ p: '{"a":{"b":1}}' }, { p: '{"a":{"b":2}}' }, ["p.a.b update"]],
    "JSON with white space before it": [{ p: ' \n{"a":1}' }, { p: '{"a":2}' }, ["p.a update"]],
    "a list of numbers as JSON": [{ p: "[1,2]" }, { p: "[1,3]" }, ["p[1] update"]],
    "a text that only looks like JSON": [{ p: '{"a"' }, { p: '{"b"' }, ["p update"]],
    "a text that ends as JSON does not": [{ p: '{"a":1}}' }, { p: '{"a":2}}' }, ["p update"]],
    "a number as JSON": [{ p: "7" }, { p: "8" }, ["p update"]],
    "JSON of two hundred levels": [{ p: nested(200, "1") }, { p: nested(200, "2") }, [`p${"[0]".repeat(200)} update`]],
    "JSON of as many levels, one beside the other": [
      { p: `[${Array(300).fill('{"a":[1]}').join()}]` },
      { p: `[${Array(299).fill('{"a":[1]}').join()},{"a":[2]}]` },
      ["p[299].a[0] update"],
    ],
    "JSON of more levels, which nobody wrote by hand": [{ p: nested(201, "1") }, { p: nested(201, "2") }, ["p update"]],
    "null in place of a map": [{ a: { b: 1 } }, { a: null }, ["a update"]],
    "a map in place of null": [{ a: null }, { a: { b: 1 } }, ["a update"]],
    "a list in place of a text": [{ a: "x" }, { a: ["x"] }, ["a update"]],
    "a text with JSON in it": [{ p: 'x {"a":1}' }, { p: 'x  {"a":1}' }, ["p update"]],
    "JSON in place of a text": [{ p: "x" }, { p: '{"a":1}' }, ["p update"]],
    "a text in place of JSON": [{ p: '{"a":1}' }, { p: "x" }, ["p update"]],
    "a value in place of an unknown": [{ a: unknown() }, { a: "x" }, ["a update"]],
    "an unknown in place of a value": [{ a: "x" }, { a: unknown() }, ["a update"]],
  };
  for (const [what, [before, after, changes]] of Object.entries(cases)) {
    it(what, () => deepEqual(paths(before, after), changes));
  }

  it("asks about what nobody knows yet", () => {
    deepEqual(paths({ a: unknown() }, { a: unknown() }), []);
    deepEqual(paths({ a: unknown() }, { a: unknown() }, other), ["a update"]);
  });

  it("looks into JSON with parts that nobody knows yet, each hole with its own source", () => {
    const seen: unknown[] = [];
    const template = (extra: string) =>
      unknown(`{"a":"{0}","b":"x{1}y{0}","c":"{7}","n":1,"l":["{1}"]${extra}}`, "r#1", "r#2");
    propertyChanges({ p: template("") }, { p: template(',"d":2') }, (left) => (seen.push(left), true));
    deepEqual(seen, [{ $unknown: ["r#1"] }, { $unknown: ["r#2", "r#1"], template: "x{0}y{1}" }, { $unknown: ["r#2"] }]);
    deepEqual(paths({ p: template("") }, { p: template(',"d":2') }), ["p.d add"]);
  });

  it("says what was and what is", () => {
    deepEqual(propertyChanges({ a: 1, b: 1, c: 1 }, { a: 2, b: 1, d: 3 }, same), [
      { path: "a", kind: "update", before: 1, after: 2 },
      { path: "c", kind: "delete", before: 1 },
      { path: "d", kind: "add", after: 3 },
    ]);
    deepEqual(propertyChanges(undefined, undefined, same), []);
    deepEqual(propertyChanges(undefined, 1, same, "x"), [{ path: "x", kind: "add", after: 1 }]);
  });
});

describe("what replaces a resource", () => {
  const resource = (type: string, replaceOnChanges?: string[]) =>
    ({ type, inputs: {}, options: { replaceOnChanges } }) as PlanResource;
  const cases: readonly (readonly [type: string, path: string, replaces: boolean])[] = [
    ["aws:rds/instance:Instance", "storageEncrypted", true],
    ["aws:rds/instance:Instance", "allocatedStorage", false],
    ["aws:rds/instance:Instance", "region", true],
    ["aws:alb/targetGroup:TargetGroup", "port", true],
    ["aws:lb/targetGroup:TargetGroup", "port", true],
    ["random:index/randomPassword:RandomPassword", "length", true],
    ["tls:index/privateKey:PrivateKey", "algorithm", true],
    ["docker:index/container:Container", "envs[0]", true],
    ["docker:index/container:Container", "restart", false],
    ["docker:index/volume:Volume", "labels[0].value", true],
    ["kubernetes:apps/v1:Deployment", "spec.selector.matchLabels.app", true],
    ["kubernetes:apps/v1:Deployment", 'spec["selector"]', true],
    ["kubernetes:apps/v1:Deployment", "spec", true],
    ["kubernetes:apps/v1:Deployment", "spec.selectors", false],
    ["kubernetes:apps/v1:Deployment", "spec.replicas", false],
    ["kubernetes:apps/v1:DeploymentPatch", "spec.selector", true],
    ["kubernetes:core/v1:Secret", "stringData.a", true],
    ["kubernetes:example.com/v1:Thing", "metadata.name", true],
    ["kubernetes:helm.sh/v3:Release", "metadata.name", false],
    ["other:index:Thing", "name", false],
  ];
  for (const [type, path, replaces] of cases) {
    it(`${path} of ${type} ${replaces ? "does" : "does not"}`, () =>
      equal(forcesReplacement(resource(type), path), replaces));
  }

  it("a service of ECS moves to capacity providers by a new deployment, and not back", () => {
    const strategies = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    const service = (inputs: object) =>
      ({ type: "aws:ecs/service:Service", options: {}, inputs }) as unknown as PlanResource;
    const spot = service({ capacityProviderStrategies: strategies, forceNewDeployment: true });
    equal(forcesReplacement(spot, "launchType"), false);
    equal(forcesReplacement(spot, "capacityProviderStrategies"), false);
    equal(forcesReplacement(spot, "capacityProviderStrategies[0].weight"), false);
    equal(forcesReplacement(spot, "cluster"), true);
    equal(forcesReplacement(service({ capacityProviderStrategies: strategies }), "capacityProviderStrategies"), true);
    const back = service({ launchType: "FARGATE" });
    equal(forcesReplacement(back, "launchType"), true);
    equal(forcesReplacement(back, "capacityProviderStrategies"), true);
  });

  it("what the program says replaces, does", () => {
    equal(forcesReplacement(resource("other:index:Thing", ["a.b"]), "a.b[3].c"), true);
    equal(forcesReplacement(resource("other:index:Thing", ["*"]), "x"), true);
    equal(forcesReplacement(resource("other:index:Thing", ["a.b"]), "a.c"), false);
  });

  it("is not known of every type", () => {
    equal(replacementPaths("aws:nothing/thing:Thing"), undefined);
    equal(replacementPaths("kubernetes:helm.sh/v3:Release"), undefined);
    deepEqual(replacementPaths("random:index/randomId:RandomId"), [""]);
    equal(replacementPaths("xaws:alb/targetGroup:TargetGroup"), undefined);
  });

  it("paths are compared without their indexes", () => {
    equal(withoutIndices('a[0].b[web]["c d"].e'), "a.b.c d.e");
    equal(withoutIndices('["a"].b'), "a.b");
    deepEqual(
      [
        isWithin("a.b", "a"),
        isWithin("ab", "a"),
        isWithin("a", "a"),
        isWithin("a", ""),
        isWithin("a", "*"),
        isWithin("a", "a.b"),
      ],
      [true, false, true, true, true, false],
    );
  });
});

describe("what a person edited in a stack file", () => {
  const changed = (before: Record<string, string>, after: Record<string, string>) =>
    settingChanges({ config: before, secretKeys: [] }, { config: after, secretKeys: [] });
  const encrypted = (digits: string) => `encrypted-in-the-stack-file-${digits.padEnd(12, "0")}`;

  it("each setting by its dotted key, in the order of the file", () => {
    deepEqual(
      changed(
        {
          "slipway:a": "1",
          "slipway:gone": "x",
          "slipway:s": '{"b":{"c":1},"d":"t"}',
          "slipway:e": "",
          "slipway:m": "{}",
        },
        { "slipway:a": "2", "slipway:s": '{"b":{"c":2},"d":"t"}', "slipway:new": "[1]" },
      ),
      [
        { key: "slipway:a", encrypted: false, before: "1", after: "2" },
        { key: "slipway:s.b.c", encrypted: false, before: "1", after: "2" },
        { key: "slipway:new", encrypted: false, after: "[1]" },
        { key: "slipway:gone", encrypted: false, before: "x" },
      ],
    );
  });

  it("secrets of a list one by one, one that is in plain text now, and how the file is encrypted", () => {
    const list = (...items: string[]) => ({ "slipway:x": JSON.stringify(items) });
    deepEqual(changed(list(encrypted("1"), "plain"), list(encrypted("2"), "plain")), [
      { key: "slipway:x[0]", encrypted: true, before: "(encrypted)", after: "(encrypted)" },
    ]);
    deepEqual(changed({ "slipway:x": encrypted("1") }, { "slipway:x": "hunter2" }), [
      { key: "slipway:x", encrypted: false, exposed: true, before: "(encrypted)", after: "in plain text" },
    ]);
    deepEqual(changed({ "slipway:x": "hunter2" }, { "slipway:x": encrypted("1") }), [
      { key: "slipway:x", encrypted: true, before: "in plain text", after: "(encrypted)" },
    ]);
    const by = (secretsprovider: string) => ({ config: {}, secretKeys: [], encryption: { secretsprovider } });
    deepEqual(settingChanges(by("awskms://a"), by("awskms://b")), [
      { key: "secretsprovider", encrypted: false, before: "awskms://a", after: "awskms://b" },
    ]);
  });

  it("items of a list by what names them, so that one more at the front is one more", () => {
    const list = (...items: object[]) => ({ "slipway:x": JSON.stringify(items) });
    deepEqual(changed(list({ name: "b", v: 1 }), list({ name: "a", v: 1 }, { name: "b", v: 1 })), [
      { key: "slipway:x[a].name", encrypted: false, after: "a" },
      { key: "slipway:x[a].v", encrypted: false, after: "1" },
    ]);
    deepEqual(
      changed(list({ rule: "r", resource: "s", v: 1 }), list({ rule: "r", resource: "s", v: 2 })).map(({ key }) => key),
      ["slipway:x[r s].v"],
    );
    deepEqual(
      changed(list({ id: "i", v: 1 }), list({ id: "i", v: 2 })).map(({ key }) => key),
      ["slipway:x[i].v"],
    );
    deepEqual(
      changed(list({ v: 1 }), list({ v: 2 })).map(({ key }) => key),
      ["slipway:x[0].v"],
    );
    deepEqual(changed({ "slipway:x": '["a",null]' }, { "slipway:x": '["a"]' }), [
      { key: "slipway:x", encrypted: false, before: '["a",null]', after: '["a"]' },
    ]);
  });

  it("a text that is no JSON is a text", () => {
    deepEqual(changed({ "slipway:x": "{a" }, { "slipway:x": "[b" }), [
      { key: "slipway:x", encrypted: false, before: "{a", after: "[b" },
    ]);
    deepEqual(changed({ "slipway:x": "x[1]" }, { "slipway:x": "x [1]" }).length, 1);
  });

  it("a value that is encrypted is never shown", () => {
    const [change] = changed({ "slipway:secrets.A": encrypted("a") }, { "slipway:secrets.A": encrypted("b") });
    deepEqual(change, { key: "slipway:secrets.A", encrypted: true, before: "(encrypted)", after: "(encrypted)" });
    const [added] = changed({}, { "slipway:secrets.A": encrypted("b") });
    deepEqual(added, { key: "slipway:secrets.A", encrypted: true, after: "(encrypted)" });
  });
});
