import { deepEqual, equal, ok } from "node:assert/strict";
import { AwsHealthChecks, type AwsHealthCheck } from "../../../../components/monitoring/aws/health-checks";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { AwsEcsSettings } from "../../../../stacks/settings/settings";
import { syntheticChecks } from "../../../../stacks/aws-ecs/checks";
import { all, only, record } from "../../../record";
import { type Raw, stackFile, stackOf } from "../../../stacks/aws-ecs/stack-file";

const healthCheck = "aws:route53/healthCheck:HealthCheck";
const made = (checks: readonly AwsHealthCheck[]) =>
  record(() => void new AwsHealthChecks("checks", { domain: "shop.example.com", checks }));

describe("AwsHealthChecks", () => {
  it("asks by HTTPS for the site's own name, from three regions", async () => {
    const { inputs } = only(await made([{ path: "/api/ready" }]), healthCheck);
    deepEqual(inputs, {
      fqdn: "shop.example.com",
      port: 443,
      resourcePath: "/api/ready",
      type: "HTTPS",
      enableSni: true,
      regions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
      requestInterval: 30,
      failureThreshold: 3,
      tags: { Name: "shop.example.com/api/ready" },
    });
  });

  it("looks for a text where one is given", async () => {
    const { inputs } = only(await made([{ path: "/", contains: "Add to cart" }]), healthCheck);
    deepEqual([inputs["type"], inputs["searchString"]], ["HTTPS_STR_MATCH", "Add to cart"]);
  });

  it("names each by its path, so that none takes another's place, and no two have one name", async () => {
    const paths = ["/", "/api/ready", "/a-b", "/a/b", "/a/b?c=1", "/A/b", "/checks"];
    const names = all(await made(paths.map((path) => ({ path }))), healthCheck).map(({ name }) => name);
    deepEqual(names.slice(0, 2), ["checks", "checks-api-ready"]);
    equal(new Set(names).size, paths.length);
  });

  describe("of a stack", () => {
    const checksOf = (raw: Raw, awsRegion = "eu-central-1") =>
      syntheticChecks(
        resolveSettings("test", { ...stackFile, ...raw }, { awsRegion }) as AwsEcsSettings,
        awsRegion,
      ).map(({ path }) => path);

    it("are readiness and the first page in production, and none elsewhere unless they are named", () => {
      deepEqual(checksOf({}), ["/api/ready", "/"]);
      deepEqual(checksOf({ service: { health: { live: "/", ready: "/" } } }), ["/"]);
      deepEqual(checksOf({ preset: "staging" }), []);
      deepEqual(checksOf({ preset: "staging", monitoring: { syntheticChecks: [{ path: "/cart" }] } }), ["/cart"]);
      deepEqual(checksOf({ monitoring: { syntheticChecks: [] } }), []);
    });

    it("are none where a domain is pointed here later, or where us-east-1 is out of reach", () => {
      const certificate = (region: string) =>
        `arn:aws:acm:${region}:123456789012:certificate/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789`;
      const tls = { certificateArn: certificate("eu-central-1"), cdnCertificateArn: certificate("us-east-1") };
      deepEqual(checksOf({ tls }), []);
      deepEqual(checksOf({ cdn: { implementation: "none" } }, "us-gov-west-1"), []);
    });

    it("reach who is notified, in the region of their metrics, also without a CDN", async () => {
      const plan = await stackOf({ cdn: { implementation: "none" }, monitoring: { emails: ["ops@example.com"] } });
      const alarms = all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) => /site-down/.test(name));
      deepEqual(
        alarms.map(({ inputs, name }) => [name, inputs["region"], inputs["treatMissingData"]]),
        [
          ["monitoring-checks-api-ready-site-down", "us-east-1", "breaching"],
          ["monitoring-checks-site-down", "us-east-1", "breaching"],
        ],
      );
      const edge = all(plan, "aws:cloudwatch/compositeAlarm:CompositeAlarm").find(({ name }) => /edge/.test(name))!;
      equal(edge.inputs["region"], "us-east-1");
      const [topic] = all(plan, "aws:sns/topic:Topic").filter(({ inputs }) => inputs["region"] === "us-east-1");
      ok(JSON.stringify(edge.inputs["alarmActions"]).includes(topic!.urn));
      ok(JSON.stringify(topic!.inputs["kmsMasterKeyId"]).includes("replicaKey"));
    });
  });
});
