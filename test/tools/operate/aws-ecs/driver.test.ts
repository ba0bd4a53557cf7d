import { strict as assert } from "node:assert";
import type { EcsOperations } from "../../../../stacks/operations";
import { ecsDriver } from "../../../../tools/operate/aws-ecs/driver";
import { Recorded } from "../recorded";

const operations: EcsOperations = {
  ...{ target: "aws-ecs", region: "eu-central-1", cluster: "shop", service: "web", logGroup: "/slipway/shop" },
  ...{ container: "app", image: "shop:1" },
};
const arn = "arn:aws:ecs:eu-central-1:1:service-deployment/shop/web/abc";
const driver = (recorded: Recorded) => ecsDriver(recorded.stack(operations), recorded.run, recorded.terminal, 0);
const receipts = {
  "create-log-stream": [""],
  "put-log-events": ["{}"],
  "get-log-events": [{ events: [] }],
};
const statuses = (...each: readonly string[]) => ({
  ...receipts,
  "list-service-deployments": [{ serviceDeployments: [{ serviceDeploymentArn: arn }] }],
  "describe-service-deployments": each.map((status) => ({
    serviceDeployments: [
      { serviceDeploymentArn: arn, status, ...(status.startsWith("ROLLBACK") && { statusReason: "alarm errors" }) },
    ],
  })),
});
const silent = () => undefined;
const options = { image: "shop:2", minimumRequests: 0 };

describe("the verbs on Amazon ECS, against recorded answers", () => {
  it("release: the stack's own up, then what ECS says until it has ended", async () => {
    const recorded = new Recorded(statuses("PENDING", "IN_PROGRESS", "SUCCESSFUL"));
    const receipt = await driver(recorded).release(options, silent);
    assert.equal(receipt.outcome, "released");
    assert.deepEqual(recorded.asked.slice(0, 2), [
      "pulumi config set slipway:image shop:2",
      "pulumi up --yes --skip-preview",
    ]);
    assert.equal(recorded.asked.filter((line) => line.includes("describe-service-deployments")).length, 3);
    assert.ok(recorded.asked.slice(2, -2).every((line) => line.endsWith("--region eu-central-1 --output json")));
  });

  for (const ended of ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"]) {
    it(`release: ${ended} is no release, and the stack file asks for the previous image again`, async () => {
      const recorded = new Recorded(statuses("IN_PROGRESS", "ROLLBACK_IN_PROGRESS", ended));
      const receipt = await driver(recorded).release(options, silent);
      assert.equal(receipt.outcome, "returned");
      assert.match(receipt.reason!, new RegExp(ended));
      assert.equal(recorded.asked.at(-3), "pulumi config set slipway:image shop:1");
    });
  }

  it("release: what pulumi up is refused, such as by a policy, is no release, and the stack file is as before", async () => {
    const recorded = new Recorded(statuses("SUCCESSFUL"));
    recorded.upFails = "pulumi up failed with exit code 255\nrds-private: The database is public";
    const policies = { policyPack: "policy", policyPackConfig: "policies.json" };
    const receipt = await driver(recorded).release({ ...options, ...policies }, silent);
    assert.ok(
      recorded.asked.includes("pulumi up --yes --skip-preview --policy-pack policy --policy-pack-config policies.json"),
    );
    assert.equal(receipt.outcome, "refused");
    assert.match(receipt.reason!, /rds-private/);
    assert.ok(recorded.asked.includes("pulumi config set slipway:image shop:1"));
  });

  it("release: pulumi up fails as ECS takes the release back, and the receipt says what ECS says", async () => {
    const recorded = new Recorded(statuses("ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"));
    recorded.upFails = "waiting for ECS Service: unexpected state";
    const receipt = await driver(recorded).release(options, silent);
    assert.deepEqual([receipt.outcome, receipt.reason], ["returned", "ROLLBACK_SUCCESSFUL: alarm errors"]);
    assert.ok(recorded.asked.includes("pulumi config set slipway:image shop:1"));
  });

  it("rollback: asks ECS to stop a deployment that goes on, and nothing where none does", async () => {
    const recorded = new Recorded({ ...statuses("IN_PROGRESS"), "stop-service-deployment": [{}] });
    await assert.rejects(driver(recorded).rollback({ minimumRequests: 0 }, silent), /ECS rolls back/);
    assert.ok(
      recorded.asked.at(-1)!.includes(`stop-service-deployment --service-deployment-arn ${arn} --stop-type ROLLBACK`),
    );
    await assert.rejects(
      driver(new Recorded(statuses("SUCCESSFUL"))).rollback({ minimumRequests: 0 }, silent),
      /no release of prod is going on/,
    );
  });

  it("status: replicas, and a deployment that did not end well", async () => {
    const services = [
      { services: [{ desiredCount: 2, runningCount: 1, deployments: [{ createdAt: "2026-11-27T03:00:00Z" }] }] },
    ];
    const { releases, leftOver } = await driver(
      new Recorded({ "describe-services": services, ...statuses("ROLLBACK_FAILED") }),
    ).status();
    assert.deepEqual([releases[0]!.replicas, releases[0]!.healthy], [2, 1]);
    assert.deepEqual(leftOver, ["deployment ROLLBACK_FAILED: alarm errors"]);
  });

  it("status and receipt: when a backup was last restored", async () => {
    const services = [{ services: [{ desiredCount: 2, runningCount: 2, deployments: [] }] }];
    const last = [{ Parameters: [{ Value: '{"lastRestoredBackup":"2026-11-27T12:00:00Z"}' }] }];
    const recorded = new Recorded({
      "describe-services": services,
      "get-parameters --names /slipway/prod/database-1/drill": last,
      ...statuses("SUCCESSFUL"),
    });
    const restored = ecsDriver(
      recorded.stack({ ...operations, backups: { instance: "database-1" } }),
      recorded.run,
      recorded.terminal,
      0,
    );
    assert.equal((await restored.status()).lastRestoredBackup, "2026-11-27T12:00:00Z");
  });

  it("keeps the receipt in the service's log, where status finds the newest first", async () => {
    const recorded = new Recorded(statuses("SUCCESSFUL"));
    const receipt = await driver(recorded).release(options, silent);
    const where = "--log-group-name /slipway/shop --log-stream-name slipway-receipts";
    assert.equal(recorded.asked.at(-2), `aws logs create-log-stream ${where} --region eu-central-1`);
    const events = /--log-events (.*) --region eu-central-1$/.exec(recorded.asked.at(-1)!)![1]!;
    const [event] = JSON.parse(events) as [{ timestamp: number; message: string }];
    assert.deepEqual(JSON.parse(event.message), JSON.parse(JSON.stringify(receipt)));
    assert.equal(event.timestamp, Date.parse(receipt.endedAt));
    const older = JSON.stringify({ ...receipt, startedAt: "2026-01-01T00:00:00Z" });
    const kept = new Recorded({
      ...statuses("SUCCESSFUL"),
      "get-log-events": [{ events: [{ message: older }, { message: "{ cut" }, { message: event.message }] }],
      "describe-services": [{ services: [{ desiredCount: 2, runningCount: 2, deployments: [] }] }],
    });
    const found = (await driver(kept).status()).receipts;
    assert.deepEqual(
      found.map(({ startedAt }) => startedAt),
      [receipt.startedAt, "2026-01-01T00:00:00Z"],
    );
  });

  it("has no receipts before the first, and released what it released where they cannot be written", async () => {
    const services = { "describe-services": [{ services: [{ desiredCount: 2, runningCount: 2, deployments: [] }] }] };
    const recorded = new Recorded({ ...statuses("SUCCESSFUL"), ...services });
    const failing = (what: string, error: string) => (command: string, args: readonly string[]) =>
      args.includes(what) ? Promise.reject(new Error(error)) : recorded.run(command, args);
    const withRun = (run: typeof recorded.run) => ecsDriver(recorded.stack(operations), run, recorded.terminal, 0);
    assert.deepEqual(
      (await withRun(failing("get-log-events", "ResourceNotFoundException: no stream")).status()).receipts,
      [],
    );
    await assert.rejects(withRun(failing("get-log-events", "AccessDeniedException")).status(), /AccessDenied/);
    const told: string[] = [];
    const denied = withRun(failing("put-log-events", "AccessDeniedException: logs:PutLogEvents"));
    const receipt = await denied.release(options, (...said) => void told.push(said.join(" ")));
    assert.equal(receipt.outcome, "released");
    assert.equal(told.at(-1), "receipt was not kept: AccessDeniedException: logs:PutLogEvents");
    const again = withRun(failing("create-log-stream", "ResourceAlreadyExistsException"));
    await again.release(options, silent);
    assert.ok(recorded.asked.at(-1)!.includes("put-log-events"));
  });

  describe("connect", () => {
    const connect = {
      ...{ task: "shop-prod-connect", container: "connect", log: "web-sessions-1", securityGroupId: "sg-1" },
      subnetIds: ["subnet-1", "subnet-2"],
      database: { url: "postgres://app@db.internal:5432/shop", secretArn: "arn:secret" },
    };
    const open = (recorded: Recorded) =>
      ecsDriver(recorded.stack({ ...operations, connect }), recorded.run, recorded.terminal, 0);
    const task = (agent: string, more: object = {}) => ({
      tasks: [
        {
          taskArn: "arn:task/shop/abc",
          containers: [
            {
              name: "connect",
              runtimeId: "abc-1",
              managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: agent }],
            },
          ],
          ...more,
        },
      ],
    });
    const answers = (...described: readonly object[]) => ({
      "run-task": [{ tasks: [{ taskArn: "arn:task/shop/abc" }] }],
      "describe-tasks": described,
      "stop-task": [{}],
    });
    const verbs = (recorded: Recorded) => recorded.asked.map((line) => line.split(" ").slice(0, 3).join(" "));

    it("shell: a task of its own, a session when its agent runs, and the task stops", async () => {
      const recorded = new Recorded(answers(task("PENDING"), task("RUNNING")));
      assert.equal(await open(recorded).connect!("shell", { port: 15432 }, silent), 0);
      assert.deepEqual(verbs(recorded), [
        "aws ecs run-task",
        "aws ecs describe-tasks",
        "aws ecs describe-tasks",
        "aws ecs execute-command",
        "aws ecs stop-task",
      ]);
      assert.match(recorded.asked[0]!, /--enable-execute-command --started-by slipway-connect/);
      assert.match(
        recorded.asked[0]!,
        /"subnets":\["subnet-1","subnet-2"\],"securityGroups":\["sg-1"\],"assignPublicIp":"DISABLED"/,
      );
      assert.match(
        recorded.asked[3]!,
        /--task arn:task\/shop\/abc --container connect --interactive --command \/bin\/sh/,
      );
    });

    it("database: a tunnel to it, and the command that reads the password, which is not in it", async () => {
      const recorded = new Recorded(answers(task("RUNNING")));
      const said: string[] = [];
      await open(recorded).connect!("database", { port: 15432 }, (_, text) => said.push(text));
      assert.match(
        recorded.asked.at(-2)!,
        /^aws ssm start-session --target ecs:shop_abc_abc-1 --document-name AWS-StartPortForwardingSessionToRemoteHost/,
      );
      assert.match(
        recorded.asked.at(-2)!,
        /"host":\["db.internal"\],"portNumber":\["5432"\],"localPortNumber":\["15432"\]/,
      );
      assert.match(
        said.join(),
        /PGPASSWORD="\$\(aws secretsmanager get-secret-value --secret-id 'arn:secret'.*sslmode=verify-full/,
      );
    });

    it("stops the task whatever happens, and says why nobody got in", async () => {
      const stopped = new Recorded(answers(task("PENDING", { lastStatus: "STOPPED", stoppedReason: "no such image" })));
      await assert.rejects(open(stopped).connect!("shell", { port: 1 }, silent), /has stopped: no such image/);
      assert.equal(verbs(stopped).at(-1), "aws ecs stop-task");
      const broken = new Recorded(answers(task("RUNNING")));
      const driver = ecsDriver(
        broken.stack({ ...operations, connect }),
        broken.run,
        () => Promise.reject(new Error("no plugin")),
        0,
      );
      await assert.rejects(driver.connect!("shell", { port: 1 }, silent), /no plugin/);
      assert.equal(verbs(broken).at(-1), "aws ecs stop-task");
      const none = new Recorded({ "run-task": [{ tasks: [], failures: [{ reason: "Capacity is unavailable" }] }] });
      await assert.rejects(open(none).connect!("shell", { port: 1 }, silent), /Capacity is unavailable/);
    });

    it("is off unless the stack says otherwise: nothing is asked of AWS", async () => {
      const recorded = new Recorded({});
      await assert.rejects(driver(recorded).connect!("shell", { port: 1 }, silent), /slipway:aws.connect: true/);
      assert.deepEqual(recorded.asked, []);
    });
  });

  it("logs and exec: by the aws command, words kept apart", async () => {
    const recorded = new Recorded({ "list-tasks": [{ taskArns: ["arn:task/1"] }] });
    await driver(recorded).logs({ follow: true, since: "10m" });
    assert.equal(recorded.asked.at(-1), "aws logs tail /slipway/shop --since 10m --follow --region eu-central-1");
    await driver(recorded).exec(["node", "-e", "1 + 1; 'a'"]);
    assert.ok(
      recorded.asked
        .at(-1)!
        .endsWith(
          `--task arn:task/1 --container app --region eu-central-1 --interactive --command node -e '1 + 1; '\\''a'\\'''`,
        ),
    );
    await assert.rejects(
      driver(new Recorded({ "list-tasks": [{ taskArns: [] }] })).exec(["sh"]),
      /no task of prod runs/,
    );
  });
});
