import type { EcsOperations } from "../../../stacks/operations";
import { shellQuoted } from "../../../components/shared/shell-quoted";
import { connectTo } from "./connect";
import { type Driver, OperateError, type Progressing, type Stack } from "../contract";
import { lastRestoredOf } from "../data/contract";
import { attached, printed } from "../stack";
import { parsed, type Run, watchedRelease } from "../watched";
import { receiptsOf } from "../../plan/read-receipt";
import type { Receipt } from "../../plan/receipt";

/** Amazon ECS carries a release out and judges it by alarms; this asks how it goes, by the `aws` command. */
export function ecsDriver(
  stack: Stack<EcsOperations>,
  run: Run = printed,
  terminal = attached,
  pollSeconds = 10,
): Driver {
  const { region, cluster, service, logGroup, container, image } = stack.operations;
  const aws = async <T>(...args: readonly string[]) =>
    parsed<T>(await run("aws", [...args, "--region", region, "--output", "json"]), `aws ${args.slice(0, 2).join(" ")}`);

  /** The newest deployment of the service: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
  async function deployment(): Promise<Deployment | undefined> {
    const { serviceDeployments } = await aws<{ serviceDeployments: readonly { serviceDeploymentArn: string }[] }>(
      ...["ecs", "list-service-deployments", "--cluster", cluster, "--service", service, "--max-results", "1"],
    );
    const arn = serviceDeployments[0]?.serviceDeploymentArn;
    if (arn === undefined) return undefined;
    const described = await aws<{ serviceDeployments: readonly Deployment[] }>(
      ...["ecs", "describe-service-deployments", "--service-deployment-arns", arn],
    );
    return described.serviceDeployments[0];
  }

  async function state(): Promise<Progressing> {
    const { status = "PENDING", statusReason = "" } = (await deployment()) ?? {};
    const reason = `${status}${statusReason === "" ? "" : `: ${statusReason}`}`;
    if (status === "SUCCESSFUL") return { state: "released", reason };
    return {
      state: /^(STOPPED|ROLLBACK_SUCCESSFUL|ROLLBACK_FAILED)$/.test(status) ? "returned" : "progressing",
      reason,
    };
  }

  async function lastRestored() {
    if (stack.operations.backups === undefined) return {};
    const { rdsData } = require("../data/rds") as typeof import("../data/rds");
    return lastRestoredOf(() => rdsData(stack, { run }));
  }

  /** Receipts are a stream of their own in the service's log, and stay for as long as that does. */
  const stream = ["--log-group-name", logGroup, "--log-stream-name", "slipway-receipts"];

  async function keep(receipt: Receipt): Promise<void> {
    const where = ["--region", region];
    await run("aws", ["logs", "create-log-stream", ...stream, ...where]).catch((error: Error) => {
      if (!error.message.includes("ResourceAlreadyExistsException")) throw error;
    });
    const events = [{ timestamp: Date.parse(receipt.endedAt), message: JSON.stringify(receipt) }];
    await run("aws", ["logs", "put-log-events", ...stream, "--log-events", JSON.stringify(events), ...where]);
  }

  async function receipts(): Promise<Receipt[]> {
    const { events } = await aws<{ events: readonly { message: string }[] }>(
      ...["logs", "get-log-events", ...stream, "--limit", "20"],
    ).catch((error: Error) => {
      if (error.message.includes("ResourceNotFoundException")) return { events: [] };
      throw error;
    });
    return receiptsOf(events.map(({ message }) => message));
  }

  return {
    progress: state,

    release: (options, progress) =>
      watchedRelease(
        stack,
        { keep, lastRestored, strategy: "ecs", judge: "CloudWatch alarms of the service", pollSeconds, state },
        options,
        progress,
      ),

    async rollback(_, progress) {
      const current = await deployment();
      if (current === undefined || !/^(PENDING|IN_PROGRESS)$/.test(current.status)) {
        throw new OperateError(`no release of ${stack.name} is going on: slipway release ${stack.name} --image REF`);
      }
      const arn = current.serviceDeploymentArn;
      await aws("ecs", "stop-service-deployment", "--service-deployment-arn", arn, "--stop-type", "ROLLBACK");
      progress("returned", "asked ECS to roll back");
      throw new OperateError("ECS rolls back; slipway status says when it has ended");
    },

    async status() {
      const { services } = await aws<{ services: readonly EcsService[] }>(
        ...["ecs", "describe-services", "--cluster", cluster, "--services", service],
      );
      const { deployments = [], desiredCount = 0, runningCount = 0 } = services[0] ?? {};
      const { reason } = await state();
      return {
        releases: [
          {
            ...{ name: "stable", image, weight: 100, replicas: desiredCount, healthy: runningCount },
            since: deployments[0]?.createdAt ?? "",
          },
        ],
        leftOver: /^(SUCCESSFUL|PENDING)/.test(reason) ? [] : [`deployment ${reason}`],
        receipts: await receipts(),
        ...(await lastRestored()),
      };
    },

    logs: ({ follow, since }) =>
      terminal("aws", [
        "logs",
        "tail",
        logGroup,
        "--since",
        since,
        ...(follow ? ["--follow"] : []),
        "--region",
        region,
      ]),

    connect: (what, { port }, progress) => connectTo(what, { stack, aws, terminal, port, progress, pollSeconds }),

    async exec(command) {
      const { taskArns } = await aws<{ taskArns: readonly string[] }>(
        ...["ecs", "list-tasks", "--cluster", cluster, "--service-name", service, "--desired-status", "RUNNING"],
      );
      if (taskArns[0] === undefined) throw new OperateError(`no task of ${stack.name} runs`);
      const where = ["--cluster", cluster, "--task", taskArns[0], "--container", container, "--region", region];
      // ECS takes one string, which a shell of its agent splits.
      const line = command.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : shellQuoted(word))).join(" ");
      return terminal("aws", ["ecs", "execute-command", ...where, "--interactive", "--command", line]);
    },
  };
}

interface Deployment {
  readonly serviceDeploymentArn: string;
  readonly status: string;
  readonly statusReason?: string;
}

interface EcsService {
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly deployments: readonly { readonly createdAt: string }[];
}
