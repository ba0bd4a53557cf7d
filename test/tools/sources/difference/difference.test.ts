import { strict as assert } from "node:assert";
import { difference } from "../../../../tools/sources/difference/difference";
import type { Plan, PlanResource } from "../../../../tools/plan/plan";
import { component, plan, resource } from "../../plans";

const database = component("database", "AwsRdsPostgres");
const instanceType = "aws:rds/instance:Instance";

function instance(inputs: PlanResource["inputs"], options: PlanResource["options"] = {}): PlanResource {
  return resource(instanceType, "database-primary", inputs, { parent: database, options });
}

function only(result: Plan, name: string): PlanResource {
  const found = result.resources.filter((candidate) => candidate.name === name);
  assert.equal(found.length, 1, `${found.length} resources are called ${name}`);
  return found[0]!;
}

describe("difference of two plans", () => {
  it("finds nothing between a plan and itself", () => {
    const same = plan(database, instance({ engine: "postgres", tags: { a: "b" } }));
    const result = difference(same, same);
    assert.equal(result.source, "difference");
    assert.deepEqual([...new Set(result.resources.map(({ operation }) => operation))], ["same"]);
    assert.ok(result.resources.every((compared) => !("changes" in compared)));
  });

  it("creates what is new and deletes what is gone, the latter last", () => {
    const result = difference(plan(database, instance({})), plan(component("cache", "AwsElastiCache")));
    assert.deepEqual(
      result.resources.map(({ name, operation }) => [name, operation]),
      [
        ["shop-prod", "same"],
        ["cache", "create"],
        ["database", "delete"],
        ["database-primary", "delete"],
      ],
    );
  });

  it("updates what can change in place", () => {
    const result = difference(
      plan(database, instance({ instanceClass: "db.t4g.small" })),
      plan(database, instance({ instanceClass: "db.t4g.medium" })),
    );
    assert.equal(only(result, "database-primary").operation, "update");
    assert.deepEqual(only(result, "database-primary").changes, [
      {
        path: "instanceClass",
        kind: "update",
        before: "db.t4g.small",
        after: "db.t4g.medium",
        forcesReplacement: false,
      },
    ]);
  });

  it("replaces for a property that the provider cannot change, and names it", () => {
    const result = difference(
      plan(database, instance({ storageEncrypted: false, allocatedStorage: 20 })),
      plan(database, instance({ storageEncrypted: true, allocatedStorage: 40 })),
    );
    assert.equal(only(result, "database-primary").operation, "replace");
    assert.deepEqual(
      only(result, "database-primary").changes?.map(({ path, forcesReplacement }) => [path, forcesReplacement]),
      [
        ["storageEncrypted", true],
        ["allocatedStorage", false],
      ],
    );
  });

  it("replaces for a property the program itself lists in replaceOnChanges", () => {
    const options = { replaceOnChanges: ["tags.generation"] };
    const result = difference(
      plan(instance({ tags: { generation: "1" } }, options)),
      plan(instance({ tags: { generation: "2" } }, options)),
    );
    assert.equal(only(result, "database-primary").operation, "replace");
  });

  it("does not see what ignoreChanges hides, at any depth", () => {
    const options = { ignoreChanges: ["desiredCount", "tags.revision"] };
    const result = difference(
      plan(instance({ desiredCount: 2, tags: { revision: "1", team: "a" } }, options)),
      plan(instance({ desiredCount: 7, tags: { revision: "2", team: "a" } }, options)),
    );
    assert.equal(only(result, "database-primary").operation, "same");
  });

  it("looks into JSON strings and knows containers by name, not by place", () => {
    const definitions = (image: string, extra: object[] = []) =>
      JSON.stringify([...extra, { name: "web", image, environment: [{ name: "LOG_LEVEL", value: "info" }] }]);
    const task = (text: string) =>
      resource("aws:ecs/taskDefinition:TaskDefinition", "task", { containerDefinitions: text });
    const result = difference(
      plan(task(definitions("shop:1"))),
      plan(task(definitions("shop:2", [{ name: "router", image: "nginx" }]))),
    );
    assert.deepEqual(
      only(result, "task").changes?.map(({ path, kind }) => [path, kind]),
      [
        ["containerDefinitions[web].image", "update"],
        ["containerDefinitions[router]", "add"],
      ],
    );
    assert.equal(only(result, "task").operation, "replace");
  });

  it("takes two spellings of one JSON document for the same", () => {
    const policy = (policy: string) => plan(resource("aws:s3/bucketPolicy:BucketPolicy", "assets", { policy }));
    const result = difference(policy('{"a":1,"b":[2]}'), policy('{ "b": [2],\n "a": 1 }'));
    assert.equal(only(result, "assets").operation, "same");
  });

  it("looks into JSON of which parts are unknown", () => {
    const role = (action: string, bucket = "assets") =>
      plan(
        resource("aws:iam/rolePolicy:RolePolicy", "task", {
          policy: {
            $unknown: [`urn:${bucket}#arn`],
            template: JSON.stringify({ Statement: [{ Sid: "Assets", Action: action, Resource: "{0}/*" }] }),
          },
        }),
      );
    assert.equal(only(difference(role("s3:GetObject"), role("s3:GetObject")), "task").operation, "same");
    assert.deepEqual(
      only(difference(role("s3:GetObject"), role("s3:*", "logs")), "task").changes?.map(({ path, after }) => [
        path,
        after,
      ]),
      [
        ["policy.Statement[Assets].Action", "s3:*"],
        ["policy.Statement[Assets].Resource", { $unknown: ["urn:logs#arn"], template: "{0}/*" }],
      ],
    );
  });

  it("shows one item that joins a list as one addition", () => {
    const group = (...subnetIds: string[]) => plan(resource("aws:rds/subnetGroup:SubnetGroup", "group", { subnetIds }));
    const result = difference(group("a", "c"), group("a", "b", "c"));
    assert.deepEqual(only(result, "group").changes, [
      { path: "subnetIds[1]", kind: "add", after: "b", forcesReplacement: false },
    ]);
  });

  it("tells that a secret changed without knowing it, and that it did not", () => {
    const secret = ($secret: string) => plan(instance({ password: { $secret } }));
    assert.equal(only(difference(secret("one"), secret("one")), "database-primary").operation, "same");
    assert.equal(only(difference(secret("one"), secret("two")), "database-primary").operation, "update");
  });

  it("sees a secret that becomes plain text", () => {
    const result = difference(
      plan(instance({ password: { $secret: "one" } })),
      plan(instance({ password: "hunter2" })),
    );
    assert.deepEqual(only(result, "database-primary").changes?.[0]?.before, { $secret: "one" });
  });

  it("carries a replacement on to what reads it", () => {
    const volume = (driver: string) => resource("docker:index/volume:Volume", "data", { driver });
    const readers = (volume_: PlanResource) => [
      resource("docker:index/container:Container", "db", {
        volumes: [{ containerPath: "/data", volumeName: { $unknown: [`${volume_.urn}#name`] } }],
      }),
      resource("docker:index/service:Service", "watcher", { labels: { $unknown: [`${volume_.urn}#id`] } }),
    ];
    const [before, after] = [volume("local"), volume("nfs")];
    const result = difference(plan(before, ...readers(before)), plan(after, ...readers(after)));
    assert.equal(only(result, "data").operation, "replace");
    assert.equal(only(result, "db").operation, "replace");
    assert.equal(only(result, "watcher").operation, "update");
  });

  it("leaves readers of an unchanged resource alone, though nobody knows the value yet", () => {
    const reader = instance({ kmsKeyId: { $unknown: ["urn:x#arn"] } });
    assert.equal(only(difference(plan(reader), plan(reader)), "database-primary").operation, "same");
  });

  it("follows an alias, and the children of what has one", () => {
    const renamed = component("database", "AwsRdsPostgres", { name: "store", options: { aliases: ["database"] } });
    const child = (parent: PlanResource, name: string) =>
      resource(instanceType, name, { engine: "postgres" }, { parent });
    const result = difference(
      plan(database, child(database, "database-primary")),
      plan(renamed, child(renamed, "store-primary")),
    );
    assert.deepEqual(
      result.resources.map(({ name, operation }) => [name, operation]),
      [
        ["shop-prod", "same"],
        ["store", "same"],
        ["store-primary", "same"],
      ],
    );
  });

  it("follows a component whose type changed by alias to its children's new URNs", () => {
    const old = component("database", "Postgres");
    const renamed = component("database", "AwsRdsPostgres", { options: { aliases: [old.urn] } });
    const child = (parent: PlanResource) => resource(instanceType, "database-primary", {}, { parent });
    const reader = (parent: PlanResource) =>
      resource("aws:ssm/parameter:Parameter", "url", { value: { $unknown: [`${child(parent).urn}#endpoint`] } });
    const result = difference(plan(old, child(old), reader(old)), plan(renamed, child(renamed), reader(renamed)));
    assert.deepEqual(
      result.resources.map(({ operation }) => operation),
      ["same", "same", "same", "same"],
    );
  });

  it("replaces all that a default provider made when its region moves", () => {
    const elsewhere = resource("aws:acm/certificate:Certificate", "edge", { region: "us-east-1" });
    const stack = plan(database, instance({}), elsewhere, resource("docker:index/volume:Volume", "data"));
    const region = { path: "region", kind: "update", before: "eu-central-1", after: "eu-west-1" } as const;
    const result = difference(stack, stack, { aws: [region] });
    assert.deepEqual(
      result.resources.map(({ name, operation }) => [name, operation]),
      [
        ["shop-prod", "same"],
        ["database", "same"],
        ["database-primary", "replace"],
        ["edge", "same"],
        ["data", "same"],
      ],
    );
    assert.equal(only(result, "database-primary").changes?.[0]?.path, "provider.region");
  });

  it("replaces what changes to a provider of another place, and nothing that changes to one of the same", () => {
    const provider = (name: string, region: string) => resource("pulumi:providers:aws", name, { region });
    const with_ = (one: PlanResource) =>
      resource("aws:rds/instance:Instance", "db", {}, { options: { provider: `${one.urn}::id` } });
    const plain = resource("aws:rds/instance:Instance", "db");
    const [here, there] = [provider("here", "eu-central-1"), provider("there", "us-west-2")];
    const defaults = { aws: { before: { region: "eu-central-1" }, after: { region: "eu-central-1" } } };
    const of = (before: Plan, after: Plan) => {
      const { operation, changes } = difference(before, after, {}, defaults).resources.find(
        ({ name }) => name === "db",
      )!;
      return [
        operation,
        ...(changes ?? []).map(
          ({ path, before, after }) => `${path} ${JSON.stringify(before)} ${JSON.stringify(after)}`,
        ),
      ];
    };
    assert.deepEqual(of(plan(plain), plan(there, with_(there))), [
      "replace",
      'provider.region "eu-central-1" "us-west-2"',
    ]);
    assert.deepEqual(of(plan(there, with_(there)), plan(plain)), [
      "replace",
      'provider.region "us-west-2" "eu-central-1"',
    ]);
    assert.deepEqual(of(plan(here, with_(here)), plan(there, with_(there))), [
      "replace",
      'provider.region "eu-central-1" "us-west-2"',
    ]);
    assert.deepEqual(of(plan(plain), plan(here, with_(here))), ["same"]);
  });

  it("replaces what is replaced with another, and what has another trigger", () => {
    const volume = (name: string) => resource("docker:index/volume:Volume", "v", { name });
    const options = { replaceWith: [volume("a").urn] };
    const db = (more: object) => resource("aws:rds/instance:Instance", "db", {}, { options: more });
    const operation = (before: Plan, after: Plan) =>
      difference(before, after).resources.find(({ name }) => name === "db")!.operation;
    assert.equal(operation(plan(volume("a"), db(options)), plan(volume("b"), db(options))), "replace");
    assert.equal(operation(plan(volume("a"), db(options)), plan(volume("a"), db(options))), "same");
    assert.equal(operation(plan(db({ replacementTrigger: 1 })), plan(db({ replacementTrigger: 2 }))), "replace");
    assert.equal(operation(plan(db({})), plan(db({ replacementTrigger: 1 }))), "same");
  });

  it("says so when it cannot tell an update from a replacement", () => {
    const thing = (size: number) => plan(resource("acme:index:Thing", "thing", { size }));
    const result = difference(thing(1), thing(2));
    assert.equal(only(result, "thing").operation, "update");
    assert.match(result.diagnostics[0]!.message, /may replace.*acme:index:Thing/);
  });

  it("keeps the options that the base had, where they differ", () => {
    const result = difference(plan(instance({}, { protect: true })), plan(instance({})));
    assert.deepEqual(result.resources.at(-1)!.previousOptions, { protect: true });
    assert.equal(difference(plan(instance({})), plan(instance({}))).resources.at(-1)!.previousOptions, undefined);
  });

  it("replaces Kubernetes objects for a new identity, a Deployment for its selector and nothing else", () => {
    const deployment = (name: string, app: string, replicas: number) =>
      plan(
        resource("kubernetes:apps/v1:Deployment", "web", {
          metadata: { name },
          spec: { replicas, selector: { matchLabels: { "app.kubernetes.io/name": app } } },
        }),
      );
    const operation = (...after: [string, string, number]) =>
      only(difference(deployment("web", "shop", 2), deployment(...after)), "web").operation;
    assert.equal(operation("web", "shop", 3), "update");
    assert.equal(operation("site", "shop", 2), "replace");
    assert.equal(operation("web", "store", 2), "replace");
  });
});

describe("another region", () => {
  const moved = { aws: [{ path: "region", kind: "update" as const, before: "eu-central-1", after: "eu-west-1" }] };

  it("replaces what lies in a region, and nothing that lies in none", () => {
    const types = ["aws:ec2/vpc:Vpc", "aws:iam/role:Role", "aws:cloudfront/distribution:Distribution"];
    const dns = ["aws:route53/record:Record", "aws:route53/resolverRule:ResolverRule"];
    const all = plan(...[...types, ...dns].map((type) => resource(type, "x", {})));
    const replaced = difference(all, all, moved).resources.filter(({ operation }) => operation === "replace");
    assert.deepEqual(
      replaced.map(({ type }) => type),
      ["aws:ec2/vpc:Vpc", "aws:route53/resolverRule:ResolverRule"],
    );
  });

  it("of an explicit provider replaces what names it, and the default one's does not", () => {
    const at = (region: string) => {
      const provider = resource("pulumi:providers:aws", "virginia", { region });
      return plan(
        provider,
        resource("aws:acm/certificate:Certificate", "web", {}, { options: { provider: `${provider.urn}::id` } }),
      );
    };
    assert.equal(difference(at("us-east-1"), at("us-east-2")).resources.at(-1)!.operation, "replace");
    assert.equal(difference(at("us-east-1"), at("us-east-1"), moved).resources.at(-1)!.operation, "same");
  });
});
