import { RandomBytes, RandomId } from "@pulumi/random";
import { ComponentResource, secret, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { ProjectEnvironmentVariable, SharedEnvironmentVariableProjectLink } from "@pulumiverse/vercel";
import {
  generatedName,
  type SecretSource,
  type SecretStore,
  type SecretStoreArgs,
  type VercelSecretRef,
} from "./contract";
import { type ChildTransforms, transforming } from "../shared/transform";
import { expectedVercelReference, isVercelReference } from "./vercel-secret-reference";

export interface VercelSecretsArgs extends SecretStoreArgs {
  /** The project that may read them: a Vercel secret belongs to one project. @example project.projectId */
  readonly projectId: Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * The application's secrets on Vercel: variables of the project, in production alone, marked sensitive, so that neither
 * dashboard nor API show them again (https://vercel.com/docs/environment-variables/sensitive-environment-variables).
 * A reference is the id of a variable that the team shares between projects. @example "env_2WjyKQmM8ZnGcJsPWMrHRHrE"
 * Free.
 */
export class VercelSecrets extends ComponentResource implements SecretStore {
  readonly refs: Readonly<Record<string, VercelSecretRef>>;

  constructor(name: string, args: VercelSecretsArgs, options?: ComponentResourceOptions) {
    super("slipway:secrets:VercelSecrets", name, {}, transforming(options, args.transform));
    this.refs = Object.fromEntries(
      Object.entries(args.secrets).map(([variable, source]) => [
        variable,
        source.from === "reference"
          ? this.share(name, args.projectId, variable, source.reference)
          : this.keep(name, args.projectId, variable, this.secretOf(name, variable, source)),
      ]),
    );
    this.registerOutputs({});
  }

  private secretOf(name: string, variable: string, source: Held): Output<string> {
    return source.from === "value"
      ? secret(source.value)
      : new RandomBytes(`${name}-${generatedName(variable, source)}`, { length: source.bytes }, { parent: this })
          .base64;
  }

  private keep(name: string, projectId: Input<string>, key: string, value: Output<string>): VercelSecretRef {
    new ProjectEnvironmentVariable(
      `${name}-${key}`,
      { projectId, key, value, sensitive: true, targets: ["production"] },
      { parent: this },
    );
    // Random, regenerated when the value changes: a hash of the value would let a reader try candidates.
    const version = new RandomId(`${name}-${key}-version`, { byteLength: 6, keepers: { value } }, { parent: this });
    return { store: "vercel", variable: key, version: version.hex };
  }

  private share(name: string, projectId: Input<string>, variable: string, reference: string): VercelSecretRef {
    if (!isVercelReference(reference)) {
      throw new Error(
        `secrets.${variable}: the reference "${reference}" is none that Vercel knows: ${expectedVercelReference}`,
      );
    }
    new SharedEnvironmentVariableProjectLink(
      `${name}-${variable}`,
      { projectId, sharedEnvironmentVariableId: reference },
      { parent: this },
    );
    return { store: "vercel", variable };
  }
}

type Held = Exclude<SecretSource, { from: "reference" }>;
