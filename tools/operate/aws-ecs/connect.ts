import type { EcsConnect, EcsOperations } from "../../../stacks/operations";
import { type Connection, OperateError, type Progress, type Stack } from "../contract";
import { documentation } from "../../../components/shared/documentation";

interface Connecting {
  readonly stack: Stack<EcsOperations>;
  /** The `aws` command: what it answered. */
  readonly aws: <T>(...args: readonly string[]) => Promise<T>;
  /** With this terminal as its own. */
  readonly terminal: (command: string, args: readonly string[]) => Promise<number>;
  /** On this machine. */
  readonly port: number;
  readonly progress: Progress;
  readonly pollSeconds: number;
}

interface Task {
  readonly taskArn: string;
  readonly lastStatus?: string;
  readonly stoppedReason?: string;
  readonly containers?: readonly {
    readonly name: string;
    readonly runtimeId?: string;
    readonly managedAgents?: readonly { readonly name: string; readonly lastStatus: string }[];
  }[];
}

/** Polls until the agent runs: a task takes about a minute. */
const mostPolls = 60;

/** Starts the task that is there for it, opens a session in it, and stops it when the session has ended, however it did. */
export async function connectTo(what: Connection, connecting: Connecting): Promise<number> {
  const { aws, port, progress, stack } = connecting;
  const { connect, cluster } = stack.operations;
  if (connect === undefined) {
    throw new OperateError(
      `${stack.name} lets nobody in: slipway:aws.connect: true, then pulumi up. ${documentation("aws.md#getting-in")}`,
    );
  }
  if (what === "database" && connect.database === undefined) throw new OperateError(`${stack.name} has no database`);
  const taskArn = await start(connect, connecting);
  try {
    const runtimeId = await agentOf(taskArn, connect, connecting);
    if (what === "shell") return await shell(taskArn, connect, connecting);
    const { host, command } = clientOf(connect.database!, port, stack.operations.region);
    progress(
      "open",
      `127.0.0.1:${port} leads to ${host} until you press Ctrl-C. In another terminal:\n\n  ${command}\n`,
    );
    return await tunnel(`ecs:${cluster}_${taskArn.split("/").at(-1)!}_${runtimeId}`, connect.database!, connecting);
  } finally {
    await aws("ecs", "stop-task", "--cluster", cluster, "--task", taskArn, "--reason", "slipway connect has ended");
    progress("closed", "the task stops");
  }
}

async function start(connect: EcsConnect, { aws, progress, stack }: Connecting): Promise<string> {
  progress("starts", `a task of ${connect.task}`);
  const network = { subnets: connect.subnetIds, securityGroups: [connect.securityGroupId], assignPublicIp: "DISABLED" };
  const { failures = [], tasks } = await aws<{
    readonly tasks: readonly Task[];
    readonly failures?: readonly { readonly reason?: string }[];
  }>(
    ...["ecs", "run-task", "--cluster", stack.operations.cluster, "--task-definition", connect.task],
    ...["--launch-type", "FARGATE", "--enable-execute-command", "--started-by", "slipway-connect"],
    ...["--network-configuration", JSON.stringify({ awsvpcConfiguration: network })],
  );
  const task = tasks[0];
  if (task === undefined) throw new OperateError(`ECS started no task: ${failures[0]?.reason ?? "it gives no reason"}`);
  return task.taskArn;
}

/** The container's runtime id, once a session can be opened in it. */
async function agentOf(
  taskArn: string,
  { container }: EcsConnect,
  { aws, pollSeconds, stack }: Connecting,
): Promise<string> {
  for (let poll = 0; poll < mostPolls; poll += 1) {
    const { tasks } = await aws<{ readonly tasks: readonly Task[] }>(
      ...["ecs", "describe-tasks", "--cluster", stack.operations.cluster, "--tasks", taskArn],
    );
    const task = tasks[0];
    const found = task?.containers?.find(({ name }) => name === container);
    if (task?.lastStatus === "STOPPED") throw new OperateError(`the task has stopped: ${task.stoppedReason ?? ""}`);
    const agent = found?.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent")?.lastStatus;
    if (agent === "STOPPED")
      throw new OperateError(`the agent of ECS Exec has stopped: ${documentation("aws.md#getting-in")}`);
    if (agent === "RUNNING" && found?.runtimeId !== undefined) return found.runtimeId;
    await new Promise((resolve) => setTimeout(resolve, pollSeconds * 1000));
  }
  throw new OperateError("the task did not become ready in time");
}

function shell(taskArn: string, { container }: EcsConnect, { stack, terminal }: Connecting): Promise<number> {
  const { cluster, region } = stack.operations;
  return terminal("aws", [
    ...["ecs", "execute-command", "--cluster", cluster, "--task", taskArn, "--container", container],
    ...["--interactive", "--command", "/bin/sh", "--region", region],
  ]);
}

function tunnel(
  target: string,
  { url }: NonNullable<EcsConnect["database"]>,
  { port, stack, terminal }: Connecting,
): Promise<number> {
  const { hostname, port: remote } = new URL(url);
  const parameters = { host: [hostname], portNumber: [remote || "5432"], localPortNumber: [String(port)] };
  return terminal("aws", [
    ...["ssm", "start-session", "--target", target],
    ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
    ...["--parameters", JSON.stringify(parameters), "--region", stack.operations.region],
  ]);
}

/** The person who runs it reads the password with rights of their own; it is neither printed nor in the history of the shell. */
function clientOf(
  { secretArn, url }: NonNullable<EcsConnect["database"]>,
  port: number,
  region: string,
): { readonly host: string; readonly command: string } {
  const { hostname, pathname, username } = new URL(url);
  const password =
    secretArn === undefined
      ? ""
      : `PGPASSWORD="$(aws secretsmanager get-secret-value --secret-id '${secretArn}' --region ${region} --query SecretString --output text | jq -r .password)" `;
  // The certificate is for the server's own name, wherever the connection goes.
  const target = `host=${hostname} hostaddr=127.0.0.1 port=${port} user=${decodeURIComponent(username)} dbname=${pathname.slice(1)} sslmode=verify-full sslrootcert=rds.pem`;
  return { host: hostname, command: `${password}psql "${target}"` };
}
