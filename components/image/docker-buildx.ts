import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { documentation } from "../shared/documentation";

/**
 * Throws where Docker's client lacks the plugin that builds, as Debian's docker.io does: the provider would say so only
 * after everything else has been created. Asks under `pulumi up` alone, since a preview needs no Docker.
 */
export function assertBuildx(environment: NodeJS.ProcessEnv = process.env): void {
  // Set by Pulumi's engine, and by no preview or test in this process.
  if (environment["PULUMI_NODEJS_MONITOR"] === undefined || pulumi.runtime.isDryRun()) return;
  const { error, status } = spawnSync("docker", ["buildx", "version"], { env: environment, stdio: "ignore" });
  if (error === undefined && status === 0) return;
  throw new pulumi.RunError(
    `slipway:build needs Docker's buildx, and \`docker buildx version\` ${error === undefined ? "fails" : "finds no docker"} here. Nothing was created.\n` +
      `Install Docker's own docker-buildx-plugin, or docker-buildx on Debian 13 and Ubuntu; or build elsewhere and set slipway:image: ${documentation("docker.md#before-the-first-pulumi-up")}`,
  );
}
