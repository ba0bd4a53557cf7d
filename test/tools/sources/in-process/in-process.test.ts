import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { isSecret, isUnknown } from "../../../../tools/plan/plan";
import { loadSettings } from "../../../../stacks/settings/load";
import { preview } from "../../../../tools/review/preview";
import { readStack, StackFileError } from "../../../../tools/sources/in-process/stack-file";
import { only, record } from "../../../record";

class Box extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Box", name, {}, opts);
    this.registerOutputs({ size: 3 });
  }
}

class Thing extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  declare readonly other: pulumi.Output<string>;
  constructor(name: string, inputs: object, opts?: pulumi.CustomResourceOptions) {
    super("aws:test/thing:Thing", name, { ...inputs, arn: undefined, other: undefined }, opts);
  }
}

describe("in-process preview", () => {
  it("names resources as the engine does, with every ancestor's type", async () => {
    const plan = await record(() => {
      const outer = new Box("outer");
      const inner = new Box("inner", { parent: outer });
      new Thing("leaf", { size: 1 }, { parent: inner });
    });
    const leaf = only(plan, "aws:test/thing:Thing");
    equal(leaf.urn, "urn:pulumi:test::shop::test:index:Box$test:index:Box$aws:test/thing:Thing::leaf");
    equal(leaf.parent, "urn:pulumi:test::shop::test:index:Box$test:index:Box::inner");
    deepEqual(leaf.inputs, { size: 1 });
    equal(only(plan, "pulumi:pulumi:Stack").name, "shop-test");
    deepEqual(only(plan, "test:index:Box", "outer").outputs, { size: 3 });
  });

  it("keeps what is known around a value that is not", async () => {
    const plan = await record(() => {
      const first = new Thing("first", {});
      new Thing("second", {
        policy: pulumi.jsonStringify({ Resource: pulumi.interpolate`${first.arn}/*`, Effect: "Allow" }),
        whole: first.arn,
        untold: first.other,
      });
    });
    const { inputs, propertyDependencies } = only(plan, "aws:test/thing:Thing", "second");
    const source = "urn:pulumi:test::shop::aws:test/thing:Thing::first#arn";
    deepEqual(inputs["policy"], { $unknown: [source], template: '{"Resource":"{0}/*","Effect":"Allow"}' });
    deepEqual(inputs["whole"], { $unknown: [source] });
    deepEqual(inputs["untold"], { $unknown: [] });
    deepEqual(propertyDependencies["untold"], ["urn:pulumi:test::shop::aws:test/thing:Thing::first"]);
  });

  it("applies transforms as the engine does: a resource's own, its ancestors', the stack's", async () => {
    const plan = await record(() => {
      const add =
        (name: string): pulumi.ResourceTransform =>
        async ({ type, props, opts }) =>
          type === "aws:test/thing:Thing"
            ? { props: { ...props, by: [...((props["by"] as string[] | undefined) ?? []), name] }, opts }
            : undefined;
      pulumi.runtime.registerResourceTransform(add("stack"));
      pulumi.runtime.registerResourceTransform(async ({ name, props, opts }) =>
        name === "in" ? { props, opts: { ...opts, protect: true, ignoreChanges: ["size"] } } : undefined,
      );
      const outer = new Box("outer", { transforms: [add("outer")] });
      const first = new Thing("first", {});
      new Thing("in", { arn2: first.arn, secret: pulumi.secret("s") }, { parent: outer, transforms: [add("own")] });
    });
    deepEqual(only(plan, "aws:test/thing:Thing", "first").inputs["by"], ["stack"]);
    const { inputs, options } = only(plan, "aws:test/thing:Thing", "in");
    deepEqual(inputs["by"], ["own", "outer", "stack"]);
    deepEqual(inputs["arn2"], { $unknown: ["urn:pulumi:test::shop::aws:test/thing:Thing::first#arn"] });
    ok(isSecret(inputs["secret"]));
    deepEqual([options.protect, options.ignoreChanges], [true, ["size"]]);
    deepEqual(plan.diagnostics, []);
  });

  it("masks secrets: two that are equal look equal, and none can be read", async () => {
    const plan = await record(() => {
      const password = new random.RandomPassword("password", { length: 20 });
      new Thing("thing", {
        a: pulumi.secret("hunter2"),
        b: pulumi.secret("hunter2"),
        c: pulumi.secret("hunter3"),
        text: pulumi.interpolate`user:${password.result}`,
        nested: { deep: [pulumi.secret("hunter2")] },
      });
    });
    const { inputs } = only(plan, "aws:test/thing:Thing");
    ok(isSecret(inputs["a"]) && isSecret(inputs["text"]));
    deepEqual(inputs["a"], inputs["b"]);
    ok(JSON.stringify(inputs["a"]) !== JSON.stringify(inputs["c"]));
    ok(!JSON.stringify(plan).includes("hunter"));
  });

  it("records protection, retention, ignored changes and aliases", async () => {
    const plan = await record(() => {
      new Thing(
        "kept",
        {},
        {
          protect: true,
          retainOnDelete: true,
          ignoreChanges: ["a"],
          aliases: [{ name: "old" }],
          customTimeouts: { create: "1h30m" },
        },
      );
      new Thing("plain", {});
    });
    deepEqual(only(plan, "aws:test/thing:Thing", "kept").options, {
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["a"],
      aliases: ["urn:pulumi:test::shop::aws:test/thing:Thing::old"],
      customTimeouts: { create: 5400 },
    });
    deepEqual(only(plan, "aws:test/thing:Thing", "plain").options, {});
  });

  it("exports the stack's outputs, unknown where they are", async () => {
    const plan = await record(() => ({ url: pulumi.interpolate`https://${new Thing("thing", {}).arn}`, fixed: "yes" }));
    equal(plan.outputs["fixed"], "yes");
    ok(isUnknown(plan.outputs["url"]));
    equal(plan.outputs["url"].template, "https://{0}");
  });

  it("reports what the program logs, and fails on a logged error", async () => {
    const plan = await record(() => void pulumi.log.warn("mind the gap"));
    deepEqual(plan.diagnostics, [{ severity: "warning", message: "mind the gap", urn: undefined }]);
    await rejects(
      record(() => void pulumi.log.error("broken")),
      /broken/,
    );
  });

  it("fails as the engine would: a URN twice, an exception, a rejected value", async () => {
    await rejects(
      record(() => [new Thing("same", {}), new Thing("same", {})]),
      /Duplicate resource URN/,
    );
    await rejects(
      record(() => Promise.reject(new Error("no such thing"))),
      /no such thing/,
    );
    await rejects(
      record(
        () =>
          new Thing("thing", {
            a: pulumi.output(1).apply(() => {
              throw new Error("in an apply");
            }),
          }),
      ),
      /in an apply/,
    );
  });

  it("refuses to make up the answer to a question it does not know", async () => {
    await rejects(
      record(async () => pulumi.runtime.invoke("aws:index/getNothing:getNothing", {})),
      /cannot answer aws:index\/getNothing/,
    );
  });

  it("answers for another stack and for a provider, says so, and names them where the program fails", async () => {
    const program = (read: (text: string) => unknown) => async () => {
      const aws = require("@pulumi/aws") as typeof import("@pulumi/aws");
      const network = new pulumi.StackReference("acme/network/prod");
      const { secretString } = await aws.secretsmanager.getSecretVersion({ secretId: "x" });
      read(secretString);
      new Thing("thing", {
        vpc: network.requireOutput("vpcId"),
        first: network.getOutput("subnets").apply((all: string[]) => all[0]),
      });
    };
    const { diagnostics, resources } = await record(program(String));
    deepEqual(
      diagnostics
        .filter(({ standIn }) => standIn)
        .map(({ message }) => message)
        .sort(),
      [
        "The outputs of the stack acme/network/prod are not known here: what is made of them is not either.",
        "aws:secretsmanager/getSecretVersion:getSecretVersion was answered by a stand-in: only the provider knows.",
      ],
    );
    deepEqual(resources.at(-1)?.inputs, { vpc: { $unknown: [] }, first: { $unknown: [] } });
    await rejects(record(program(JSON.parse)), (error: Error) => {
      match(error.message, /SyntaxError[^]*that may be why\. The engine knows them: slipway diff --engine\n {2}/);
      match(error.message, /getSecretVersion was answered by a stand-in/);
      return true;
    });
  });

  it("runs one program after the other without a trace of the first", async () => {
    const first = await record(() => new Thing("thing", {}), { config: { "shop:a": "1" } });
    const second = await record(() => ({
      a: new pulumi.Config("shop").get("a") ?? "none",
      thing: new Thing("thing", {}).urn,
    }));
    equal(first.resources.length, second.resources.length);
    equal(second.outputs["a"], "none");
  });

  it("reads YAML as the Kubernetes provider does, and says of a chart that it is not rendered", async () => {
    const text = "kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\ndata: { b: c }\n---\n# nothing\n";
    const { resources, diagnostics } = await record(() => {
      const k8s = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
      new k8s.yaml.ConfigGroup("group", { yaml: text });
      new k8s.helm.v3.Chart("chart", { chart: "nginx" });
    });
    deepEqual(
      resources.filter(({ custom }) => custom).map(({ type }) => type),
      ["kubernetes:core/v1:ConfigMap"],
    );
    match(diagnostics.map(({ message }) => message).join(), /kubernetes:helm:template was answered by a stand-in/);
  });

  it("says of a component that its package makes that it cannot look into it", async () => {
    const { resources, diagnostics } = await record(
      () => void new pulumi.ComponentResource("awsx:ec2:Vpc", "vpc", { zones: 2 }, {}, true),
    );
    deepEqual(
      resources.slice(1).map(({ type, custom, remote }) => [type, custom, remote]),
      [["awsx:ec2:Vpc", false, true]],
    );
    match(
      diagnostics.map(({ message }) => message).join(),
      /vpc \(awsx:ec2:Vpc\) is a component that its package makes/,
    );
  });

  it("refuses what the engine refuses where default providers are disabled, and takes an explicit one", async () => {
    const config = { "pulumi:disable-default-providers": '["random"]' };
    await rejects(
      record(() => new random.RandomId("id", { byteLength: 4 }), { config }),
      /^ProgramError: Default provider for 'random' disabled\. 'urn:pulumi:test::shop::random:index\/randomId:RandomId::id' must use an explicit provider/,
    );
    await rejects(
      record(() => new random.RandomId("id", { byteLength: 4 }), {
        config: { "pulumi:disable-default-providers": '["*"]' },
      }),
      /Default provider for 'random' disabled/,
    );
    const plan = await record(
      () => {
        const provider = new random.Provider("mine");
        new random.RandomId("id", { byteLength: 4 }, { provider });
        new Thing("other", {});
      },
      { config },
    );
    equal(plan.resources.length, 4);
  });

  describe("the stack file", () => {
    it("is said to lean on an environment of Pulumi ESC, which is not read", () => {
      const folder = project({
        "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
        "Pulumi.prod.yaml": "environment: [acme/prod]\nconfig: {}\n",
        "Pulumi.qa.yaml": "environment: { imports: [acme/qa, { acme/x: { merge: false } }] }\n",
      });
      match(readStack(folder, "prod").remarks.join(), /^Pulumi\.prod\.yaml imports acme\/prod from Pulumi ESC/);
      match(readStack(folder, "qa").remarks.join(), /imports acme\/qa, acme\/x from Pulumi ESC/);
    });

    it("is named by organization, project and stack as well, and by no other project's", () => {
      const folder = project({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n", "Pulumi.prod.yaml": "config: {}\n" });
      equal(readStack(folder, "acme/shop/prod").stack, "prod");
      equal(readStack(folder, "acme/prod").stack, "prod");
      for (const [reference, why] of [
        ["acme/other/prod", /is a stack of the project other, and this one is shop/],
        ["a/b/c/prod", /is no name of a stack/],
        ["", /is no name of a stack/],
      ] as const) {
        throws(() => readStack(folder, reference), why);
      }
    });

    const project = (files: Record<string, string>): string => {
      const folder = mkdtempSync(join(tmpdir(), "slipway-"));
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      return folder;
    };

    it("is handed over as the engine does: full keys, mappings as JSON, encrypted values never read", () => {
      const folder = project({
        "Pulumi.yaml":
          "name: shop\nruntime: nodejs\nconfig:\n  size: { type: integer, default: 3 }\n  aws:region: { value: eu-west-1 }\n",
        "Pulumi.prod.yaml":
          "config:\n  slipway:service: { port: 3000 }\n  slipway:secrets: { KEY: { secure: v1:abc } }\n  slipway:flag: true\n",
      });
      deepEqual(readStack(folder, "prod"), {
        project: "shop",
        stack: "prod",
        folder,
        remarks: [],
        mistyped: [],
        main: ".",
        runtime: "nodejs",
        encryption: {},
        config: {
          "shop:size": "3",
          "aws:region": "eu-west-1",
          "slipway:service": '{"port":3000}',
          "slipway:secrets": '{"KEY":"encrypted-in-the-stack-file-35b72d5e5fff"}',
          "slipway:flag": "true",
        },
        secretKeys: ["slipway:secrets", "slipway:secrets.KEY"],
      });
    });

    it("is refused with a secret in plain text beside an encrypted one, which is not repeated", async () => {
      const folder = project({
        "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
        "Pulumi.prod.yaml": [
          "config:",
          "  slipway:target: docker",
          "  slipway:domain: shop.example.com",
          "  slipway:image: ghcr.io/acme/shop:1.4.2",
          "  slipway:preset: staging",
          "  slipway:secrets: { KEY: { secure: v1:abc }, TOKEN: hunter2, MADE: { generate: 32 } }",
        ].join("\n"),
      });
      await rejects(preview({ projectDir: folder, stack: "prod" }), (error: Error) => {
        match(
          error.message,
          /has 1 problem\.[^]*slipway:secrets\.TOKEN {2}is in plain text: pulumi config set --secret/,
        );
        ok(!error.message.includes("hunter2"));
        return true;
      });
    });

    it("is refused by the program itself too, which asks the SDK what is a secret", async () => {
      const config = {
        "slipway:target": "docker",
        "slipway:domain": "shop.example.com",
        "slipway:image": "ghcr.io/acme/shop:1.4.2",
        "slipway:preset": "staging",
        "slipway:secrets": '{"TOKEN":"hunter2"}',
      };
      const load = (secretKeys: string[]) => record(() => loadSettings().target, { config, secretKeys });
      await load(["slipway:secrets"]);
      await rejects(load([]), /slipway:secrets\.TOKEN {2}is in plain text/);
    });

    it("names the stacks there are when it is missing", async () => {
      const folder = project({
        "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
        "Pulumi.prod.yaml": "config: {}\n",
        "Pulumi.qa.yaml": "config: {}\n",
      });
      const missing = async () => readStack(folder, "live");
      await rejects(missing, (error: Error) => {
        ok(error instanceof StackFileError);
        match(error.message, /There is no Pulumi.live.yaml[^]*Stacks here: prod, qa/);
        return true;
      });
    });
  });
});
