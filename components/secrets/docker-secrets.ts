import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedName, type SecretSource, type SecretStore, type SecretStoreArgs } from "./contract";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { type ChildTransforms, transforming } from "../shared/transform";

export interface DockerSecretsArgs extends SecretStoreArgs {
  /** Any image the host has anyway: nothing of it is run. @example "valkey/valkey:8.1" */
  readonly image: pulumi.Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * The application's secrets on one Docker host. A generated one is made once and kept, encrypted, in the stack's state;
 * a reference is the path of a file on the machine that runs `pulumi up`. Free.
 *
 * @example new DockerSecrets("shop-secrets", { image, secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } } });
 */
export class DockerSecrets extends pulumi.ComponentResource implements SecretStore {
  readonly refs: SecretStore["refs"];

  constructor(name: string, args: DockerSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:DockerSecrets", name, {}, transforming(opts, args.transform));
    const parent = { parent: this };
    const content = (secret: string, source: SecretSource): pulumi.Input<string> => {
      switch (source.from) {
        case "value":
          return source.value;
        case "generate":
          return new random.RandomBytes(
            `${name}-${generatedName(secret, source).toLowerCase().replaceAll("_", "-")}`,
            { length: source.bytes },
            parent,
          ).base64;
        case "reference":
          return pulumi.secret(readSecretFile(secret, source.reference));
      }
    };
    this.refs = dockerSecretFiles(
      name,
      {
        image: args.image,
        files: Object.fromEntries(
          Object.entries(args.secrets).map(([secret, source]) => [secret, content(secret, source)]),
        ),
      },
      parent,
    );
    this.registerOutputs({});
  }
}

function readSecretFile(secret: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch (error) {
    throw new Error(`the secret ${secret} refers to ${path}, which cannot be read here: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
