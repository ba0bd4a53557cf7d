import { strict as assert } from "node:assert";
import { runInNewContext } from "node:vm";
import { AwsCluster } from "../../../../components/workload/aws/cluster";
import { AwsMigration, migrationCode } from "../../../../components/workload/aws/migration";
import { only, record } from "../../../record";
import { json, network, once, orphans, output, statements } from "../../aws-fixtures";

const migration = once(() =>
  record(() => {
    const cluster = new AwsCluster("web", { network, region: "eu-central-1" });
    const process = {
      image: "ghcr.io/acme/shop:1.4.2",
      environment: {
        DATABASE_SECRET_ARN: { store: "aws-secrets-manager", arn: "arn:secret", key: "password", delivery: "fetched" },
      },
    } as const;
    new AwsMigration("web-migration", { cluster, process, command: ["node", "migrate.js"] });
  }),
);

describe("AwsMigration", () => {
  it("is a task of its own with the release's image, that may read the database's secret and nothing else", async () => {
    const plan = await migration();
    const [container] = json<{ name: string; command: string[]; image: string }[]>(
      only(plan, "aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"],
    );
    assert.deepEqual(
      [container!.name, container!.command, container!.image],
      ["migrate", ["node", "migrate.js"], "ghcr.io/acme/shop:1.4.2"],
    );
    assert.deepEqual(
      statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-migration-task")).map(({ Action }) => Action),
      ["secretsmanager:GetSecretValue"],
    );
    assert.deepEqual(orphans(plan), []);
  });

  it("runs once for each task definition, by a function that may start that one in this cluster", async () => {
    const plan = await migration();
    const run = only(plan, "aws:lambda/invocation:Invocation");
    const taskDefinition = only(plan, "aws:ecs/taskDefinition:TaskDefinition");
    assert.deepEqual(run.inputs["triggers"], { taskDefinition: output(taskDefinition, "arn") });
    const allowed = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-migration-run"));
    assert.match(JSON.stringify(allowed[1]), /:task-definition\/shop-test-web-migration:\*"/);
    assert.deepEqual(
      allowed.map(({ Action, Condition }) => [Action, Object.keys(Condition ?? {})]),
      [
        [["logs:CreateLogStream", "logs:PutLogEvents"], []],
        ["ecs:RunTask", ["ArnEquals"]],
        ["ecs:ListTasks", ["ArnEquals"]],
        ["ecs:DescribeTasks", ["ArnEquals"]],
        ["iam:PassRole", ["StringEquals"]],
      ],
    );
  });
});

interface Task {
  readonly taskArn: string;
  readonly taskDefinitionArn: string;
  lastStatus: string;
  readonly stoppedReason?: string;
  readonly containers: { name: string; exitCode?: number }[];
}

/** Runs the function as Lambda would, with an ECS that has `tasks` and ends what it starts with `exitCode`. */
function handler(tasks: Task[], exitCode: number | undefined, millis = 60_000) {
  const started: object[] = [];
  class Command {
    constructor(readonly input: Record<string, unknown>) {}
  }
  const commands = Object.fromEntries(
    ["RunTaskCommand", "ListTasksCommand", "DescribeTasksCommand"].map((name) => [
      name,
      class extends Command {
        kind = name;
      },
    ]),
  );
  class ECSClient {
    async send({ kind, input }: { kind: string; input: Record<string, unknown> }): Promise<unknown> {
      if (kind === "ListTasksCommand")
        return {
          taskArns: tasks
            .filter(({ lastStatus }) => lastStatus === input["desiredStatus"])
            .map(({ taskArn }) => taskArn),
        };
      if (kind === "DescribeTasksCommand") {
        const found = tasks.filter(({ taskArn }) => (input["tasks"] as string[]).includes(taskArn));
        const seen = structuredClone(found);
        // It has ended when it is looked at again.
        for (const task of found)
          if (task.lastStatus === "RUNNING" && exitCode !== undefined)
            Object.assign(task, { lastStatus: "STOPPED", containers: [{ name: "migrate", exitCode }] });
        return { tasks: seen };
      }
      started.push(input);
      const task = {
        taskArn: "task/new",
        taskDefinitionArn: input["taskDefinition"] as string,
        lastStatus: "RUNNING",
        containers: [],
      };
      tasks.push(task);
      return { tasks: [structuredClone(task)] };
    }
  }
  const module: { handler?: (event: object, context: object) => Promise<unknown> } = {};
  let left = millis;
  runInNewContext(migrationCode, {
    exports: module,
    process: { env: { CLUSTER: "cluster", LOG_GROUP: "log", SECURITY_GROUP: "sg", SUBNETS: "a,b" } },
    require: () => ({ ECSClient, ...commands }),
    setTimeout: (done: () => void) => ((left -= 5000), setImmediate(done)),
  });
  const run = () =>
    module.handler!(
      { taskDefinition: "arn:aws:ecs:r:1:task-definition/shop:7" },
      { getRemainingTimeInMillis: () => left },
    );
  return { run, started };
}

describe("the function that migrates", () => {
  const definition = "arn:aws:ecs:r:1:task-definition/shop:7";

  it("starts the task in the private subnets and waits until it has ended", async () => {
    const { run, started } = handler([], 0);
    assert.equal(JSON.stringify(await run()), '{"task":"task/new"}');
    assert.match(
      JSON.stringify(started),
      /"subnets":\["a","b"\],"securityGroups":\["sg"\],"assignPublicIp":"DISABLED"/,
    );
  });

  it("fails with what ended it, so that the release goes no further", async () => {
    await assert.rejects(handler([], 1).run(), /migration failed, and the previous release goes on: exit code 1/);
  });

  it("gives up waiting without stopping the task, and waits for the same one the next time", async () => {
    const tasks: Task[] = [];
    await assert.rejects(handler(tasks, undefined).run(), /still runs and goes on: task\/new/);
    assert.equal(tasks[0]?.lastStatus, "RUNNING");
    const again = handler(tasks, 0);
    await again.run();
    assert.deepEqual(again.started, []);
  });

  it("repeats one that failed, and not one that has succeeded", async () => {
    const ended = (exitCode: number): Task => ({
      taskArn: "task/old",
      taskDefinitionArn: definition,
      lastStatus: "STOPPED",
      containers: [{ name: "migrate", exitCode }],
    });
    const [failed, done] = [handler([ended(1)], 0), handler([ended(0)], 0)];
    await failed.run();
    await done.run();
    assert.deepEqual([failed.started.length, done.started.length], [1, 0]);
  });
});
