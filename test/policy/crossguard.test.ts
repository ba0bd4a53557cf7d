import { deepEqual, equal } from "node:assert/strict";
import { toPolicy } from "../../policy/crossguard";
import type { Resource } from "../../policy/index";
import { defineRule, type Rule } from "../../policy/rule";
import { NotKnown } from "../../policy/value";

/** What the SDK hands a policy, and what the policy reports to it, without the SDK. */
type Definition = Parameters<typeof defineRule>[0];

const bucket = "aws:s3/bucket:Bucket";
const base = {
  id: "probe",
  title: "A probe",
  severity: "high",
  level: "mandatory",
  appliesTo: [bucket],
  references: ["CIS AWS 2.1"],
  why: "So that it is seen.",
  fix: "Set it.",
} as const;
const rule = (more: Partial<Definition> & Pick<Definition, "judge">): Rule => defineRule({ ...base, ...more });

interface Given {
  readonly type?: string;
  readonly name?: string;
  readonly props?: object;
  readonly opts?: object;
  readonly propertyDependencies?: Readonly<Record<string, readonly { urn: string }[]>>;
}

const resource = ({ type = bucket, name = "files", props = {}, opts = {}, ...more }: Given = {}) => ({
  urn: `urn:pulumi:prod::shop::${type}::${name}`,
  ...{ type, name, props, opts, ...more },
});

interface Reported {
  readonly violations: readonly { name: string; message: string; urn: string; enforcementLevel?: string }[];
  readonly notApplicable?: string;
}

function run(probe: Rule, given: Given | readonly Given[], configuration: object = {}): Reported {
  const violations: Reported["violations"][number][] = [];
  let notApplicable: string | undefined;
  const args = {
    ...(Array.isArray(given) ? { resources: given.map(resource) } : resource(given as Given)),
    getConfig: () => configuration,
    notApplicable: (reason: string) => (notApplicable = reason),
  };
  type Validate = (args: object, report: (violation: never) => void) => void;
  const policy = toPolicy(probe) as unknown as Partial<Record<"validateResource" | "validateStack", Validate>>;
  (policy.validateResource ?? policy.validateStack)!(args, (violation: never) => violations.push(violation));
  return { violations, ...(notApplicable !== undefined && { notApplicable }) };
}

const failing = rule({ judge: ({ root }, { fail }) => fail(root.get("acl"), "It is open.") });
const urn = resource().urn;
const exempt = (expires: string, name = "fil*") => ({
  exemptions: [{ resource: name, reason: "because it is so", expires }],
});

/** The resource as rules see it. */
function seen(given: Given): Resource {
  let found: Resource | undefined;
  run(rule({ judge: (one) => void (found = one) }), given);
  return found!;
}

describe("a rule as the engine runs it", () => {
  it("reports a failure with where it is and what to do", () => {
    deepEqual(run(failing, {}), {
      violations: [{ name: "probe", message: "acl: It is open. Set it.", urn, enforcementLevel: undefined }],
    });
    const refused = rule({ family: "deployability", judge: ({ root }, { fail }) => fail(root, "is too long") });
    equal(run(refused, {}).violations[0]!.message, "It is too long. Set it.");
  });

  it("reports what it cannot judge as an advice", () => {
    const unknown = rule({
      judge: () => {
        throw new NotKnown("acl", "unknown");
      },
    });
    const [violation] = run(unknown, {}).violations;
    deepEqual(violation, {
      name: "probe",
      message: "not evaluated: property acl is not known until deployment",
      urn,
      enforcementLevel: "advisory",
    });
  });

  it("says nothing of what is right, and that it has nothing to judge", () => {
    deepEqual(run(rule({ judge: () => undefined }), {}), { violations: [] });
    deepEqual(run(failing, { type: "aws:s3/object:Object" }), {
      violations: [],
      notApplicable: "It judges resources of other types.",
    });
    const ofStack = rule({ scope: "stack", judge: failing.judge });
    deepEqual(run(ofStack, [{ type: "aws:s3/object:Object" }]), {
      violations: [],
      notApplicable: "The stack has no resource that it judges.",
    });
  });

  it("keeps to an exemption until its last day, and says which has ended", () => {
    deepEqual(run(failing, {}, exempt("2999-12-31")).violations, []);
    equal(run(failing, {}, exempt("2999-12-31", "other")).violations.length, 1);
    equal(
      run(failing, {}, exempt("2020-12-31")).violations[0]!.message,
      "acl: It is open. Its exemption expired on 2020-12-31. Set it.",
    );
  });

  it("takes its parameters from the configuration, over its own defaults", () => {
    const measured = rule({
      parameters: {
        days: { type: "integer", default: 7, minimum: 1, description: "Days." },
        names: { type: "strings", default: ["a"], description: "Names." },
      },
      judge: ({ root }, { fail, parameters }) => fail(root, JSON.stringify(parameters)),
    });
    const said = (configuration: object) => run(measured, {}, configuration).violations[0]!.message;
    equal(said({}), '{"days":7,"names":["a"]} Set it.');
    equal(said({ days: 9 }), '{"days":9,"names":["a"]} Set it.');
    const { exemptions, ...own } = toPolicy(measured).configSchema!.properties;
    deepEqual(own, {
      days: { type: "integer", description: "Days.", default: 7, minimum: 1 },
      names: { type: "array", items: { type: "string" }, description: "Names.", default: ["a"] },
    });
    const { items, type } = exemptions as {
      type: string;
      items: { type: string; required: string[]; properties: object };
    };
    deepEqual([type, items.type, items.required], ["array", "object", ["resource", "reason", "expires"]]);
    deepEqual(Object.keys(items.properties), items.required);
    for (const property of Object.values(items.properties) as { type: string; description: string }[])
      deepEqual([property.type, property.description.length > 20], ["string", true]);
  });

  it("says what it is, and the framework that asks for the same", () => {
    const { name, displayName, description, enforcementLevel, severity, remediationSteps } = toPolicy(
      failing,
    ) as never as Record<string, unknown>;
    deepEqual(
      [name, displayName, description, enforcementLevel, severity, remediationSteps],
      ["probe", "A probe", "A probe", "mandatory", "high", "Set it."],
    );
    const framework = (...references: string[]) => {
      const { framework: found } = toPolicy(rule({ references, judge: () => undefined })) as never as {
        framework?: { name: string; reference: string };
      };
      return found && [found.name, found.reference];
    };
    deepEqual(framework("CIS AWS 2.1", "FSBP S3.1"), ["CIS AWS", "2.1"]);
    deepEqual(framework("CKV_AWS_333"), ["CKV_AWS_333", "CKV_AWS_333"]);
    deepEqual(framework("https://docs.aws.amazon.com/a"), [
      "https://docs.aws.amazon.com/a",
      "https://docs.aws.amazon.com/a",
    ]);
    equal(framework(), undefined);
    deepEqual((toPolicy(failing) as never as { framework: object }).framework, {
      ...{ name: "CIS AWS", version: "", reference: "2.1", specification: "A probe" },
    });
  });

  it("sees a resource as a plan has it", () => {
    class Asset {
      readonly path = "a";
    }
    const hidden = (key: string) =>
      Object.defineProperty({ open: 1 }, key, {
        enumerable: true,
        get: () => {
          throw new Error("not known");
        },
      });
    const found = seen({
      props: { ...{ list: [1, hidden("a")], none: null, asset: new Asset(), text: "x" } },
      opts: {
        parent: "urn:parent",
        protect: true,
        customTimeouts: { createSeconds: 0, updateSeconds: 60, deleteSeconds: 0 },
      },
    });
    equal(found.get("list").items()[0]!.number(), 1);
    deepEqual(
      [found.get("list").items()[1]!.get("a").isUnknown, found.get("list").items()[1]!.get("open").number()],
      [true, 1],
    );
    deepEqual([found.get("none").present, found.get("asset").raw, found.get("text").string()], [false, {}, "x"]);
    deepEqual(
      [found.urn, found.type, found.name, found.parent, found.protect],
      [urn, bucket, "files", "urn:parent", true],
    );
    deepEqual(found.facts.timeouts, { create: undefined, update: 60, delete: undefined });
    deepEqual(seen({}).facts.timeouts, { create: undefined, update: undefined, delete: undefined });
  });

  it("judges a stack as a whole, with who refers to whom", () => {
    const ofStack = rule({
      scope: "stack",
      judge: (one, { stack, fail }) => {
        for (const other of stack.referring(one, "bucket", "aws:s3/object:Object").certain)
          fail(one.root, `Has ${other.name}.`);
      },
    });
    const object = { type: "aws:s3/object:Object", name: "logo", propertyDependencies: { bucket: [{ urn }] } };
    deepEqual(
      run(ofStack, [{}, { name: "other" }, object]).violations.map(({ message, urn: of }) => [message, of]),
      [["Has logo. Set it.", urn]],
    );
  });

  it("looks anew at the next stack, once the rules of one have run", async () => {
    const ofStack = rule({ scope: "stack", judge: ({ root }, { fail }) => fail(root, "Is there.") });
    await new Promise(setImmediate);
    equal(run(ofStack, [{}]).violations.length, 1);
    await new Promise((done) => setImmediate(() => setImmediate(done)));
    equal(run(ofStack, [{}, { name: "other" }]).violations.length, 2);
  });

  it("repairs what it can, and leaves alone what is exempt, right, or of another type", () => {
    const repairing = (scope: "resource" | "stack") =>
      rule({
        scope,
        judge: ({ root }, { fail }) => {
          if (root.get("acl").isNot("private")) fail(root.get("acl"), "It is open.");
        },
        remediate: () => [
          { property: "acl", value: "private" },
          { property: "a.b[0].c", value: true },
        ],
      });
    const repaired = (probe: Rule, given: Given, configuration: object = {}) => {
      const { remediateResource } = toPolicy(probe) as never as {
        remediateResource?: (args: object) => object | undefined;
      };
      return remediateResource?.({ ...resource(given), getConfig: () => configuration });
    };
    for (const scope of ["resource", "stack"] as const) {
      const expected = { acl: "private", a: { b: [{ c: true }] } };
      deepEqual(repaired(repairing(scope), { props: { acl: "public" } }), expected, scope);
      equal(repaired(repairing(scope), { props: { acl: "private" } }), undefined);
      equal(repaired(repairing(scope), { type: "aws:s3/object:Object" }), undefined);
      equal(repaired(repairing(scope), {}, exempt("2999-12-31")), undefined);
      deepEqual(repaired(repairing(scope), {}, exempt("2020-12-31")), expected);
    }
    equal("remediateResource" in toPolicy(failing), false);
  });
});
