import { strict as assert } from "node:assert";
import { difference } from "../../../tools/sources/difference/difference";
import { mermaid } from "../../../tools/readers/graph";
import { component, plan, resource } from "../plans";

type Resource = ReturnType<typeof resource>;

describe("the Mermaid graph", () => {
  const parent = component("database", "AwsRdsPostgres");
  const group = resource("aws:rds/subnetGroup:SubnetGroup", "database-subnets", {}, { parent });
  const instance = (size: string) => ({
    ...resource("aws:rds/instance:Instance", "database-primary", { instanceClass: size }, { parent }),
    dependencies: [group.urn],
  });

  it("draws a whole plan, in components, with arrows from what is needed", () => {
    const text = mermaid(plan(parent, group, instance("a")));
    assert.match(text, /^flowchart LR\n {2}subgraph g0\["database"\]/);
    assert.match(text, /r0\["database-subnets.*\n.*r1\["database-primary/);
    assert.match(text, /\n {2}r0 --> r1\n/);
  });

  it("draws only what changes of a difference", () => {
    const text = mermaid(difference(plan(parent, group, instance("a")), plan(parent, group, instance("b"))));
    assert.doesNotMatch(text, /database-subnets/);
    assert.match(text, /database-primary.*:::update/);
  });

  it("lets no name end a label, a fence or begin a tag", () => {
    const text = mermaid(plan(resource("a:b:C", '"]; click r0 "https://evil.example" ```\n<b>')));
    assert.doesNotMatch(text.replaceAll("<br/><small>", "").replaceAll("</small>", ""), /`|<|"\];|evil\.example"/);
  });

  it("falls back to components when there is too much for one picture", () => {
    const many = Array.from({ length: 80 }, (_, i) => resource("a:b:C", `thing-${i}`, {}, { parent }));
    assert.match(mermaid(plan(parent, ...many)), /c0\["database<br\/><small>80 resources/);
    assert.match(mermaid(plan(parent, ...many, resource("a:b:C", "alone"))), /<small>[^<]*: 1 resource</);
  });

  it("draws no arrow that a longer way says already, and keeps what stands in a circle", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => resource("x:y:Z", name)) as [Resource, Resource, Resource];
    const arrows = (...needs: [Resource, ...Resource[]][]) =>
      mermaid(plan(...needs.map(([own, ...on]) => ({ ...own, dependencies: on.map(({ urn }) => urn) })))).match(
        /r\d --> r\d/g,
      );
    assert.deepEqual(arrows([a], [b, a], [c, a, b]), ["r0 --> r1", "r1 --> r2"]);
    assert.deepEqual(arrows([a], [b, a], [c, a]), ["r0 --> r1", "r0 --> r2"]);
    assert.deepEqual(arrows([a, b], [b, a]), ["r1 --> r0", "r0 --> r1"]);
  });
});
