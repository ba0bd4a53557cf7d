import { deepEqual, ok } from "node:assert/strict";

import { Analyzer, unknownString, type WireResource } from "./analyzer";
import { answersInProcess, answersOf, packSettings } from "./answers";
import { fill, referencesOf, scenario, type ScenarioResource, urnOf } from "./scenario";

describe("the pack through the SDK's analyzer protocol", function () {
  this.timeout(60_000);
  let analyzer: Analyzer | undefined;

  before(async () => {
    analyzer = await Analyzer.start();
  });

  after(() => analyzer?.stop());

  it("gives the answers of the in-process evaluation", async () => {
    await analyzer!.configure(packSettings);
    const answers = answersOf(await analyzer!.violations(scenario.map(onTheWire)));
    deepEqual(answers, answersInProcess());
    ok(!JSON.stringify(answers).includes("hunter2"));
  });

  it("repairs at level remediate", async () => {
    await analyzer!.configure(packSettings, { "ecr-scan": "remediate" });
    const repository = { type: "aws:ecr/repository:Repository", name: "shop", inputs: { name: "shop" } };
    deepEqual(await analyzer!.repaired(onTheWire(repository)), {
      name: "shop",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("repairs also what it otherwise judges across the stack", async () => {
    await analyzer!.configure(packSettings, { "k8s-sa-token": "remediate" });
    const spec = { containers: [{ name: "web", image: "shop:1.4.2" }] };
    const inputs = { spec: { template: { metadata: {}, spec } } };
    const deployment = { type: "kubernetes:apps/v1:Deployment", name: "web", inputs };
    deepEqual(await analyzer!.repaired(onTheWire(deployment)), {
      spec: { template: { metadata: {}, spec: { ...spec, automountServiceAccountToken: false } } },
    });
  });
});

function onTheWire(resource: ScenarioResource): WireResource {
  return {
    urn: urnOf(resource),
    type: resource.type,
    name: resource.name,
    properties: fill(resource.inputs, () => unknownString) as Record<string, unknown>,
    references: referencesOf(resource),
  };
}
