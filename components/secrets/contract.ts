import type { Input } from "@pulumi/pulumi";

/**
 * Where a secret lives, never what it is. The container service turns a reference into the form its target has for
 * it: `secrets[].valueFrom` on ECS, a mounted Secret on Kubernetes, a mounted volume on Docker, a sensitive variable of the
 * project on Vercel.
 */
export type SecretRef = AwsSecretRef | KubernetesSecretRef | DockerSecretRef | VercelSecretRef;

/** A secret in AWS Secrets Manager. */
export interface AwsSecretRef {
  readonly store: "aws-secrets-manager";
  readonly arn: Input<string>;
  /** Key in the secret's JSON document. Default: the whole string is the secret. */
  readonly key?: string;
  /**
   * `injected`: ECS puts the value into the container when it starts. `fetched`: the container gets the ARN and the
   * permission to read it, and so sees a rotated value without a restart. Default: `injected`.
   */
  readonly delivery?: "injected" | "fetched";
  /**
   * The one version that is injected: a new value then makes a new task definition, and tasks are replaced. Default:
   * whichever version is current when a task starts.
   */
  readonly versionId?: Input<string>;
  /** The stage whose version is injected, in place of {@link versionId}. Default: `AWSCURRENT`. @example "AWSPENDING" */
  readonly versionStage?: string;
  /** KMS key that decrypts it. Default: the stack's own, or whichever the secret's account has for it. */
  readonly keyArn?: string;
  /** Its ARN, where it exists outside of the stack, with a key that the stack does not know. Default: it is the stack's own. */
  readonly foreign?: string;
  /** Whether a key of AWS encrypts it, which takes no permission of its own. Default: the stack's key does. */
  readonly keyOfAws?: boolean;
}

/** A key of a Kubernetes Secret in the workload's own namespace, mounted as a file. */
export interface KubernetesSecretRef {
  readonly store: "kubernetes";
  readonly secret: Input<string>;
  readonly key: string;
  /**
   * Changes with the value and tells nothing of it; pods that read the secret at their start carry it, so that they are
   * replaced. Absent: the application reads the file again when it needs to, or nobody knows when the value changes.
   */
  readonly version?: Input<string>;
  /**
   * Somebody else changes the Secret, and pods that read it at their start have to be replaced then: Reloader does that
   * where it is installed, by an annotation of the workload. Default: false.
   */
  readonly changedElsewhere?: boolean;
}

/** A file in a Docker volume that holds this secret alone, mounted read-only. */
export interface DockerSecretRef {
  readonly store: "docker-volume";
  readonly volume: Input<string>;
  /** File name inside the volume. */
  readonly file: string;
  /** As with Kubernetes: containers that read the secret at their start carry it, so that they are replaced. */
  readonly version?: Input<string>;
}

/** A sensitive variable of the Vercel project itself: what runs in the project finds it under this name. */
export interface VercelSecretRef {
  readonly store: "vercel";
  readonly variable: string;
  /** As with Kubernetes: changes with the value, so that a deployment which bound the old one is made anew. */
  readonly version?: Input<string>;
}

export function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === "object" && value !== null && "store" in value;
}

/**
 * One secret, by how it comes to be.
 * - `generate`: random bytes, base64; made once, kept in the target's store.
 * - `value`: given in the stack's encrypted configuration.
 * - `reference`: exists already; what it is depends on the store (an ARN, `secret/key`, a path on the host, `env_…`).
 */
export type SecretSource =
  | {
      readonly from: "generate";
      readonly bytes: number;
      /** Which making of it this is: another one is another value. @default 1 */
      readonly generation?: number;
      /** Of which secret it is a generation. @default the variable itself @example "AUTH_SECRET", of AUTH_SECRET_FALLBACK */
      readonly of?: string;
    }
  | { readonly from: "value"; readonly value: Input<string> }
  | { readonly from: "reference"; readonly reference: string; readonly keyArn?: string };

/**
 * Logical name of what is generated: the same whether a generation is the one in use or a fallback, so that its value
 * stays. No variable has a period in it.
 */
export function generatedName(
  variable: string,
  { of = variable, generation = 1 }: Extract<SecretSource, { from: "generate" }>,
): string {
  return generation === 1 ? of : `${of}.${generation}`;
}

export interface SecretStoreArgs {
  /** By environment variable name, for example `AUTH_SECRET`. @example { AUTH_SECRET: { from: "generate", bytes: 32 } } */
  readonly secrets: Readonly<Record<string, SecretSource>>;
}

/** Holds the application's own secrets. Database and cache keep their passwords themselves. */
export interface SecretStore {
  /** The same keys as in the arguments. */
  readonly refs: Readonly<Record<string, SecretRef>>;
}

/** Under which the application finds the other value that it accepts, and uses for nothing new. */
export const fallbackOf = (variable: string): string => `${variable}_FALLBACK`;
