import { setTimeout as sleep } from "node:timers/promises";
import { fallbackOf } from "../../../components/secrets/contract";
import type { Rotation } from "../../../stacks/rotations";
import { OperateError, type Stack } from "../contract";
import { up } from "../stack";
import type { Rotated, RotateOptions, RotateTools } from "./contract";
import { rotateCloudNativePg } from "./cloudnative-pg";
import { rotateRds } from "./rds";

/** A new value for one secret of a stack. docs/secrets.md */
export async function rotate(
  stack: Stack,
  secret: string,
  options: RotateOptions,
  tools: RotateTools,
): Promise<Rotated> {
  const rotation = rotationOf(stack, secret);
  if (rotation.by === "generation") {
    return options.finish
      ? finish(stack, secret, rotation, options, tools)
      : nextGeneration(stack, secret, rotation, tools);
  }
  if (options.finish) throw new OperateError(`${secret} has one value at a time: there is nothing to finish`);
  switch (rotation.by) {
    case "hand":
      throw new OperateError(`Slipway has no new value for ${secret}: ${rotation.how}`);
    case "replacement":
      await deploy(stack, tools, "new value", "--replace", `**${rotation.resource}`);
      if (rotation.server !== undefined) await untilTaken(rotation.server, tools);
      return { secret, outcome: "rotated", note: rotation.effect };
    case "rds":
      return { secret, outcome: "rotated", note: await rotateRds(rotation.instance, tools) };
    case "rds-cluster":
      return { secret, outcome: "rotated", note: await rotateRds(rotation.cluster, tools, "cluster") };
    case "cloudnative-pg":
      return { secret, outcome: "rotated", note: await rotateCloudNativePg(stack, rotation, tools) };
  }
}

function rotationOf({ name, operations: { rotations } }: Stack, secret: string): Rotation {
  if (rotations === undefined)
    throw new OperateError(`${name} was made before this verb: run pulumi up with this version of Slipway first`);
  const rotation = rotations[secret];
  if (rotation === undefined)
    throw new OperateError(`${name} has no secret ${secret}. It has: ${Object.keys(rotations).sort().join(", ")}`);
  return rotation;
}

type Generation = Extract<Rotation, { by: "generation" }>;

/**
 * In two steps, since replicas of before and after serve side by side: until all of them accept the new value, none may
 * use it. A command that was interrupted goes on where the stack is.
 */
async function nextGeneration(
  stack: Stack,
  secret: string,
  { bytes, generation, fallback }: Generation,
  tools: RotateTools,
): Promise<Rotated> {
  const again = `slipway rotate ${stack.name} ${secret} --finish`;
  if (fallback !== undefined && fallback < generation) {
    throw new OperateError(
      `${secret} was rotated, and its previous value is still accepted. When nothing needs that any more: ${again}. Then it can be rotated again`,
    );
  }
  const next = fallback ?? generation + 1;
  await set(stack, secret, { generate: bytes, generation, fallback: next });
  await deploy(stack, tools, "accepted");
  await set(stack, secret, { generate: bytes, generation: next, fallback: generation });
  await deploy(stack, tools, "in use");
  return {
    secret,
    outcome: "rotated",
    note: `the previous value is accepted as ${fallbackOf(secret)} until: ${again}`,
  };
}

async function finish(
  stack: Stack,
  secret: string,
  { generation, fallback }: Generation,
  { reencrypted }: RotateOptions,
  tools: RotateTools,
): Promise<Rotated> {
  if (fallback === undefined) throw new OperateError(`${secret} has no value beside the one in use: nothing to finish`);
  if (fallback > generation) {
    throw new OperateError(`${secret} was not rotated to the end: slipway rotate ${stack.name} ${secret}`);
  }
  if (secret === "ENCRYPTION_KEY" && !reencrypted) {
    throw new OperateError(
      `without its previous value, what ${secret} encrypted before cannot be read by anybody. Where nothing of that is left: --reencrypted. Keeping it costs nothing`,
    );
  }
  await stack.pulumi("config", "rm", "--path", `slipway:secrets.${secret}.fallback`);
  await deploy(stack, tools, "finished");
  return {
    secret,
    outcome: "finished",
    note: "its previous value is accepted no longer, and is in no state of the stack",
  };
}

async function set(stack: Stack, secret: string, values: Readonly<Record<string, number>>): Promise<void> {
  for (const [key, value] of Object.entries(values))
    await stack.pulumi("config", "set", "--path", `slipway:secrets.${secret}.${key}`, String(value));
}

async function deploy(stack: Stack, tools: RotateTools, stage: string, ...more: string[]): Promise<void> {
  const started = performance.now();
  await up(stack, {}, ...more);
  await tools.settled?.();
  tools.progress(stage, `pulumi up, ${Math.round((performance.now() - started) / 1000)} s`);
}

/** By signing in over the network with what the application is given. */
async function untilTaken(server: string, { run, progress, pollSeconds }: RotateTools): Promise<void> {
  const script =
    'PGPASSWORD=$(</run/secrets/password/value) psql -XAtq -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "select 1"';
  for (let tries = 0; ; tries += 1) {
    const said = await run("docker", ["exec", server, "bash", "-c", script]).catch((error: Error) => error);
    if (said === "1") return progress("taken", "PostgreSQL lets the new password in");
    if (tries === 30) {
      const why = said instanceof Error ? said.message : said;
      throw new OperateError(`PostgreSQL does not take its new password: docker logs ${server}\n${why}`);
    }
    await sleep(pollSeconds * 1000);
  }
}
