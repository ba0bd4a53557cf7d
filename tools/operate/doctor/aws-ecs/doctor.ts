import { OperateError } from "../../contract";
import { printed } from "../../stack";
import type { Run } from "../../watched";
import type { Doctor, DoctorRequest } from "../contract";
import type { Facts, Row } from "./facts";
import { accountRows } from "./rows/account";
import { quotaRows } from "./rows/quotas";
import { stackRows } from "./rows/stack";

export const awsEcsRows: readonly Row[] = [...accountRows, ...quotaRows, ...stackRows];

export const awsEcsDoctor: Doctor<"aws-ecs", Facts> = { checks: awsEcsRows, open };

export async function open({ configuration, settings, stack }: DoctorRequest<"aws-ecs">, run: Run = printed) {
  const region = configuration.config["aws:region"]!;
  const profile = configuration.config["aws:profile"];
  const aws = async <T>(...args: readonly string[]): Promise<T> => {
    const where = args.includes("--region") ? [] : ["--region", region];
    const who = profile === undefined ? [] : ["--profile", profile];
    return JSON.parse((await run("aws", [...args, ...where, ...who, "--output", "json"])) || "{}") as T;
  };
  const caller = await aws<Facts["caller"]>("sts", "get-caller-identity").catch((error: Error) => {
    throw new OperateError(
      `AWS cannot be asked: ${error.message}\nWho asks: aws sts get-caller-identity. To sign in: aws sso login, or aws configure`,
    );
  });
  const facts: Facts = { stack, settings, region, tag: `${configuration.project}-${stack}`, caller, run, aws };
  return { place: `account ${caller.Account}, ${region}, as ${caller.Arn}`, facts };
}
