import { doesNotMatch, match } from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { renderComment } from "../../../../tools/readers/comment/render";
import { difference } from "../../../../tools/sources/difference/difference";
import type { Plan } from "../../../../tools/plan/plan";
import { evaluatePlan } from "../../../../tools/judge/policy/evaluate-plan";
import { htmlReport } from "../../../../tools/readers/page/html";
import { record } from "../../../record";
import { review } from "./situations";

class Thing extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: object) {
    super(type, name, inputs);
  }
}

/** Secrets wherever a program may put them, each with the release in it, so that every one changes. */
const program = (release: string) => () => {
  const secret = (name: string) => pulumi.secret(`planted-${name}-${release}`);
  new Thing("aws:rds/instance:Instance", "database", {
    engine: "postgres",
    password: secret("password"),
    storageEncrypted: false,
    tags: { note: pulumi.interpolate`made with ${secret("tag")}` },
  });
  new Thing("aws:ecs/taskDefinition:TaskDefinition", "web", {
    family: "web",
    containerDefinitions: pulumi.jsonStringify([
      { name: "web", image: `shop:${release}`, environment: [{ name: "API_KEY", value: secret("json") }] },
    ]),
  });
  new Thing("kubernetes:core/v1:Secret", "settings", {
    metadata: { name: "settings" },
    stringData: { TOKEN: secret("token"), NESTED: { deep: [secret("nested")] } },
  });
  new Thing("docker:index/container:Container", "cache", {
    image: "valkey:8",
    envs: [pulumi.interpolate`PASSWORD=${secret("env")}`],
    command: ["valkey-server", "--requirepass", secret("command")],
  });
  void pulumi.log.warn(`release ${release}`);
  return { admin: secret("output") };
};

describe("secrets of a program", () => {
  const shown = (plan: Plan, before?: Plan) => {
    const policies = evaluatePlan(plan, {}, { today: new Date() });
    const seen = review({ plan: before ? difference(before, plan) : plan, policies });
    return { comment: renderComment([seen], { key: "preview" }), page: htmlReport([seen]), kept: JSON.stringify(seen) };
  };

  for (const [title, from] of [
    ["when they are new", undefined],
    ["when they change", "1"],
  ] as const) {
    it(`are in no comment, report or artifact ${title}`, async () => {
      const before = from === undefined ? undefined : await record(program(from));
      const { comment, page, kept } = shown(await record(program("2")), before);
      for (const text of [comment, page, kept]) doesNotMatch(text, /planted-/);
      match(comment, from === undefined ? /adds 4/ : /password: \(secret\)/);
      match(comment, /ecs-no-env-secrets/);
    });
  }
});
