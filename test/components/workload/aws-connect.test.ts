import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import { all, only, record } from "../../record";
import { json, once, output, statements } from "../aws-fixtures";

const settings = (file: object) =>
  resolveSettings(
    "test",
    {
      target: "aws-ecs",
      domain: "shop.example.com",
      image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
      tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
      ...file,
    },
    { awsRegion: "eu-central-1" },
  );
const stack = once((file: object = {}) =>
  record(() => runStack(settings(file)), { config: { "aws:region": "eu-central-1" } }),
);
const open = { aws: { connect: true } };

describe("AwsConnect", function () {
  this.timeout(60_000);

  it("is not there unless asked for: no session can be opened and none is logged", async () => {
    const plan = await stack();
    deepEqual(
      all(plan, "aws:ecs/taskDefinition:TaskDefinition").filter(({ name }) => name === "connect"),
      [],
    );
    equal(only(plan, "aws:ecs/cluster:Cluster").inputs["configuration"], undefined);
    ok(!("connect" in (plan.outputs["operations"] as object)));
  });

  it("leaves the tasks that serve closed and read-only", async () => {
    const plan = await stack(open);
    equal(only(plan, "aws:ecs/service:Service").inputs["enableExecuteCommand"], false);
    const { inputs } = only(plan, "aws:ecs/taskDefinition:TaskDefinition", "connect");
    const [container] = json<{ readonlyRootFilesystem: boolean; mountPoints: { containerPath: string }[] }[]>(
      inputs["containerDefinitions"],
    );
    equal(container!.readonlyRootFilesystem, true);
    deepEqual(
      container!.mountPoints.map(({ containerPath }) => containerPath),
      ["/tmp", "/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm"],
    );
  });

  it("opens none that is not encrypted and logged", async () => {
    const plan = await stack(open);
    const log = only(plan, "aws:cloudwatch/logGroup:LogGroup", "web-sessions");
    const key = output(only(plan, "aws:kms/key:Key"), "arn");
    deepEqual(only(plan, "aws:ecs/cluster:Cluster").inputs["configuration"], {
      executeCommandConfiguration: {
        logging: "OVERRIDE",
        kmsKeyId: key,
        logConfiguration: { cloudWatchLogGroupName: output(log, "name"), cloudWatchEncryptionEnabled: true },
      },
    });
    deepEqual([log.inputs["retentionInDays"], log.inputs["kmsKeyId"]], [90, key]);
  });

  it("gives the task, and no other, the channels of Systems Manager and its own log", async () => {
    const plan = await stack(open);
    const may = (role: string) =>
      statements(only(plan, "aws:iam/rolePolicy:RolePolicy", role)).flatMap(({ Action }) => Action);
    ok(may("connect-task").includes("ssmmessages:OpenDataChannel"));
    ok(!may("web-task").some((action) => action.startsWith("ssmmessages:")));
  });

  it("tells the command line what it needs, without a secret's value", async () => {
    const { connect } = (await stack(open)).outputs["operations"] as { connect: Record<string, unknown> };
    deepEqual(Object.keys(connect).sort(), ["container", "database", "log", "securityGroupId", "subnetIds", "task"]);
    deepEqual([connect["task"], connect["container"]], ["shop-test-connect", "connect"]);
  });

  it("is refused where nobody could log it, or reach Systems Manager", () => {
    throws(
      () => settings({ ...open, cluster: { arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/main" } }),
      /aws\.connect.*another's/,
    );
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2";
    throws(() => settings({ ...open, image, network: { nat: "none" } }), /expected ssmmessages/);
    const endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssmmessages"];
    settings({ ...open, image, network: { nat: "none", endpoints } });
  });
});
