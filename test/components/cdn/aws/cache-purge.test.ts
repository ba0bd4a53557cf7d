import { strict as assert } from "node:assert";
import { runInNewContext } from "node:vm";
import { AwsCachePurge, purgeCode } from "../../../../components/cdn/aws/cache-purge";
import { only, record } from "../../../record";
import { json, orphans, statements } from "../../aws-fixtures";

const arn = "arn:aws:cloudfront::111122223333:distribution/E1";
const purge = () =>
  record(
    () =>
      void new AwsCachePurge("cdn-purge", {
        distribution: { arn, id: "E1" },
        service: { clusterName: "cluster", name: "web" },
        logRetentionDays: 30,
      }),
  );

describe("AwsCachePurge", () => {
  it("hears of releases that are complete and of those that went back", async () => {
    const rule = only(await purge(), "aws:cloudwatch/eventRule:EventRule");
    const pattern = json<{ resources: object; detail: object }>(rule.inputs["eventPattern"]);
    assert.deepEqual(pattern.resources, [{ suffix: "/cluster/web" }]);
    assert.deepEqual(pattern.detail, { eventName: ["SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"] });
  });

  it("may do just that, of this one distribution", async () => {
    const plan = await purge();
    const [, allowed, ...more] = statements(only(plan, "aws:iam/rolePolicy:RolePolicy"));
    assert.deepEqual(allowed, { Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: arn });
    assert.deepEqual(more, []);
    assert.deepEqual(orphans(plan), []);
  });

  it("empties the cache as one path, once for each event", async () => {
    const sent: unknown[] = [];
    const module: { handler?: (event: object) => Promise<unknown> } = {};
    runInNewContext(purgeCode, {
      exports: module,
      process: { env: { DISTRIBUTION: "E1" } },
      require: () => ({
        CloudFrontClient: class {
          send(command: { input: unknown }) {
            sent.push(command.input);
            return Promise.resolve({});
          }
        },
        CreateInvalidationCommand: class {
          constructor(readonly input: unknown) {}
        },
      }),
    });
    await module.handler!({ id: "event-1" });
    assert.equal(
      JSON.stringify(sent),
      '[{"DistributionId":"E1","InvalidationBatch":{"CallerReference":"event-1","Paths":{"Quantity":1,"Items":["/*"]}}}]',
    );
  });
});
