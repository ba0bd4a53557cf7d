import { all, interpolate, type Input, type Output } from "@pulumi/pulumi";
import { isSecretRef, type KubernetesSecretRef, type SecretRef } from "../../secrets/contract";
import type { Environment } from "../../shared/environment";
import type { Container, Volume, VolumeMount } from "../../shared/kubernetes-pod";

/** Where the application finds its secrets. Kubernetes' own /run/secrets/kubernetes.io is not mounted: no token is. */
const folder = "/run/secrets";

/** An environment in the form a pod has for it: plain variables, and secrets as files with `NAME_FILE` beside them. */
export interface PodEnvironment {
  readonly env: NonNullable<Container["env"]>;
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  /** For the pod's annotations: changes when a secret changes that the application reads at its start alone. */
  readonly version: Output<string> | undefined;
  /** Names of Secrets that others change. */
  readonly reload: readonly Input<string>[];
}

/**
 * Secrets become files, not variables: a file is in no `kubectl describe`, no crash report and no child process, it
 * follows a rotation while the process lives, and the kubelet keeps it in memory alone.
 */
export function podEnvironment(environment: Environment): PodEnvironment {
  const entries = Object.entries(environment);
  const plain = entries.flatMap(([name, value]) => {
    const address = isSecretRef(value) ? addressOf(value) : value;
    return address === undefined ? [] : [{ name, value: address }];
  });
  const secrets = entries.flatMap(([name, value]) =>
    isSecretRef(value) && addressOf(value) === undefined
      ? [{ name, file: fileName(name), ref: mountable(name, value) }]
      : [],
  );
  const reload = secrets.flatMap(({ ref }) => (ref.changedElsewhere === true ? [ref.secret] : []));
  const versions = secrets.flatMap(({ ref }) => (ref.version === undefined ? [] : [ref.version]));

  return {
    env: [...plain, ...secrets.map(({ name, file }) => ({ name: `${name}_FILE`, value: `${folder}/${file}` }))],
    mounts: secrets.length === 0 ? [] : [{ name: "secrets", mountPath: folder, readOnly: true }],
    volumes:
      secrets.length === 0
        ? []
        : [
            {
              name: "secrets",
              projected: {
                defaultMode: 0o440,
                sources: secrets.map(({ file, ref }) => ({
                  secret: { name: interpolate`${ref.secret}`, items: [{ key: ref.key, path: file }] },
                })),
              },
            },
          ],
    reload,
    version: versions.length === 0 ? undefined : all(versions).apply((each) => [...new Set(each)].sort().join("-")),
  };
}

function fileName(variable: string): string {
  return variable.toLowerCase().replaceAll("_", "-");
}

/** What the application fetches itself, under its pod's own cloud role, is given to it as an address. */
function addressOf(ref: SecretRef): Input<string> | undefined {
  return ref.store === "aws-secrets-manager" && ref.delivery === "fetched" ? ref.arn : undefined;
}

function mountable(name: string, ref: SecretRef): KubernetesSecretRef {
  if (ref.store === "kubernetes") return ref;
  throw new Error(
    `${name} lives in ${ref.store}, which a pod cannot mount: copy it into the cluster with External Secrets, ` +
      "then refer to it as store:path#property",
  );
}
