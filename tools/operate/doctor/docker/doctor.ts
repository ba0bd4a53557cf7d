import { statfs } from "node:fs/promises";
import { connect } from "node:net";
import { OperateError } from "../../contract";
import { askEngineAt, printed } from "../../stack";
import type { Run } from "../../watched";
import type { Doctor, DoctorRequest } from "../contract";
import type { Engine, Facts, Row } from "./facts";
import { engineRows } from "./rows/engine";
import { stackRows } from "./rows/stack";

export const dockerRows: readonly Row[] = [...engineRows, ...stackRows];

export const dockerDoctor: Doctor<"docker", Facts> = { checks: dockerRows, open };

export async function open({ stack, settings, configuration, folder }: DoctorRequest<"docker">, run: Run = printed) {
  askEngineAt(configuration.config["docker:host"]);
  const text = await run("docker", ["info", "--format", "{{json .}}"]).catch((error: Error) => {
    throw new OperateError(
      `the Docker engine cannot be reached: ${error.message}\nWhich one is asked: docker context show, or DOCKER_HOST`,
    );
  });
  const engine = JSON.parse(text) as Engine & { readonly ServerErrors?: readonly string[] };
  // The client answers for itself where no engine does.
  if (!engine.ServerVersion) {
    throw new OperateError(
      `the Docker engine cannot be reached: ${engine.ServerErrors?.join("; ") ?? "it says nothing of itself"}`,
    );
  }
  const endpoint =
    process.env["DOCKER_HOST"] ??
    (await run("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]).catch(() => "")).trim();
  const facts: Facts = {
    ...{ stack, settings, folder, engine, run, askedAt: Date.now() },
    name: settings.docker.name ?? `slipway-${stack}`,
    isLocal: endpoint.startsWith("unix:") || endpoint === "",
    environment: process.env,
    listens,
    free: async (path) => {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
  };
  return { place: `Docker Engine ${engine.ServerVersion}${facts.isLocal ? "" : ` at ${endpoint}`}`, facts };
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket
      .on("connect", () => answer(true))
      .on("timeout", () => answer(true))
      .on("error", () => answer(false));
  });
}
