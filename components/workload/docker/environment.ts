import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { isSecretRef } from "../../secrets/contract";
import { secretPath } from "../../shared/docker-container";
import type { Environment } from "../../shared/environment";

/** Secrets become mounted files, named by `NAME_FILE`; everything else stays a variable. */
export function containerEnvironment(environment: Environment) {
  const variables: Record<string, pulumi.Input<string>> = {};
  const mounts: docker.types.input.ContainerMount[] = [];
  const versions: Record<string, pulumi.Input<string>> = {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!isSecretRef(value)) {
      variables[variable] = value;
      continue;
    }
    if (value.store !== "docker-volume") {
      throw new Error(`${variable} is a secret in ${value.store}, which a container on one Docker host cannot read`);
    }
    const folder = variable.toLowerCase().replaceAll("_", "-");
    variables[`${variable}_FILE`] = secretPath(folder, value.file);
    mounts.push({ type: "volume", target: `/run/secrets/${folder}`, source: value.volume, readOnly: true });
    // The database's password is read again at each connection; what is read at the start alone replaces the replica.
    if (!readAgain.has(variable) && value.version !== undefined) versions["app.slipway.secrets"] = value.version;
  }
  return { variables, mounts, versions };
}

const readAgain = new Set(["DATABASE_PASSWORD", "REDIS_PASSWORD"]);
