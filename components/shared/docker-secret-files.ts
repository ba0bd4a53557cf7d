import * as pulumi from "@pulumi/pulumi";
import { DockerFiles } from "./docker-files";
import type { DockerSecretRef } from "../secrets/contract";

/**
 * Secrets as files, one volume a secret, so that a container sees the secrets it is given and no other. Docker has no
 * secret store outside of Swarm: the files lie in Docker's own folder, which only root can enter, and they survive a
 * restart of the host, which a tmpfs would not.
 */
export function dockerSecretFiles(
  name: string,
  args: { readonly files: Readonly<Record<string, pulumi.Input<string>>>; readonly image: pulumi.Input<string> },
  opts: pulumi.ComponentResourceOptions,
): Record<string, DockerSecretRef> {
  const { volumes } = new DockerFiles(
    name,
    {
      kind: "secrets",
      image: args.image,
      volumes: Object.fromEntries(
        Object.entries(args.files).map(([secret, value]) => [secret, { value: pulumi.secret(value) }]),
      ),
    },
    opts,
  );
  return Object.fromEntries(
    Object.entries(volumes).map(([secret, filled]): [string, DockerSecretRef] => [
      secret,
      { store: "docker-volume", file: "value", ...filled },
    ]),
  );
}
