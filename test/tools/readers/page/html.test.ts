import { strict as assert } from "node:assert";
import type { Review } from "../../../../tools/review/review";
import { htmlReport } from "../../../../tools/readers/page/html";
import { draw } from "../../../../tools/readers/page/drawing";
import { reviewsOf, situations } from "../comment/situations";
import { component, plan, resource } from "../../plans";

const all = Object.values(situations).flatMap(reviewsOf);

describe("the HTML report", () => {
  it("asks nobody for anything", () => {
    const page = htmlReport(all);
    assert.match(page, /default-src 'none'/);
    assert.doesNotMatch(page, /<(link|img|iframe)\b|<script[^>]+src=|@import|url\(/);
  });

  it("keeps values out of its markup", () => {
    const [style, ...scripts] = htmlReport([situations["hostile"] as Review]).split(/<script/);
    assert.equal(scripts.length, 2, "a value has opened a script");
    assert.doesNotMatch(style!, /evil/);
    assert.doesNotMatch(scripts[0]!.replace(/<\/script>[\s\S]*/, ""), /</);
  });

  it("shows no secret", () => {
    assert.doesNotMatch(htmlReport(all), /\$secret|5e1f/);
  });

  it("draws each component to the right of all that it needs", () => {
    const [network, database, service] = [
      component("network", "V"),
      component("database", "D"),
      component("service", "S"),
    ];
    const vpc = resource("aws:ec2/vpc:Vpc", "vpc", {}, { parent: network });
    const instance = {
      ...resource("aws:rds/instance:Instance", "db", {}, { parent: database }),
      dependencies: [vpc.urn],
    };
    const web = {
      ...resource("aws:ecs/service:Service", "web", {}, { parent: service }),
      dependencies: [instance.urn, vpc.urn],
    };
    const drawing = draw(plan(service, network, database, web, vpc, instance))!;
    const x = Object.fromEntries(drawing.boxes.map((box) => [box.title, box.x]));
    assert.ok(x["network"]! < x["database"]! && x["database"]! < x["service"]!);
    assert.equal(drawing.lines.length, 3);
  });

  it("survives components that need each other", () => {
    const [a, b] = [component("a", "A"), component("b", "B")];
    const [inA, inB] = [resource("x:y:Z", "in-a", {}, { parent: a }), resource("x:y:Z", "in-b", {}, { parent: b })];
    const circle = plan(a, b, { ...inA, dependencies: [inB.urn] }, { ...inB, dependencies: [inA.urn] });
    assert.equal(draw(circle)!.boxes.length, 2);
  });
});
