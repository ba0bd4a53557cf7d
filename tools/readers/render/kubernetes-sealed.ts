import { customResources, type Plan, type PlanResource } from "../../plan/plan";
import { recipeOf, type SecretValue } from "./kubernetes-secret";

/**
 * Secrets as files for a repository: SealedSecrets (https://github.com/bitnami-labs/sealed-secrets), which a controller in the
 * cluster opens, or Secrets that SOPS encrypted (https://getsops.io), which Flux opens.
 */
export type SealedForm = "sealed-secrets" | "sops";

/** Beside the folders of the objects, which each rendering makes anew: what is sealed cannot be made again. */
export const sealedFolder = "secrets";

export interface SealedSecrets {
  /** Names in the cluster, by the stack's own. A Secret that is immutable has another name for another value. */
  readonly names: ReadonlyMap<string, string>;
  readonly files: Readonly<Record<string, string>>;
}

export function sealedSecrets(plan: Plan, form: SealedForm, version: number): SealedSecrets {
  const secrets = customResources(plan).filter(({ inputs }) => inputs["kind"] === "Secret");
  const nameOf = (secret: PlanResource) => (secret.inputs["metadata"] as { readonly name: string }).name;
  const names = new Map(secrets.map((secret) => [nameOf(secret), `${nameOf(secret)}-v${version}`]));
  const prefix = `${sealedFolder}/${form === "sops" ? "secret" : "sealedsecret"}`;
  const script = [
    ...["#!/usr/bin/env bash", `# ${encryption[form].says}`, "# What is there stays: its values are in use."],
    ...["set -euo pipefail", 'cd "$(dirname "$0")"', `mkdir -p ${sealedFolder}`, ""],
    ...(version === 1 ? [] : kept(namespaceOf(secrets), prefix, version, form)),
    ...secrets.flatMap((secret) => seal(plan, secret, version, prefix, form)),
    ...listed(prefix, version),
    "",
  ].join("\n");
  return { names, files: { "secrets.sh": script } };
}

/** Of a stack, which is in one. */
function namespaceOf([secret]: readonly PlanResource[]): string {
  return (secret?.inputs["metadata"] as { readonly namespace: string } | undefined)?.namespace ?? "";
}

/** The version before stays as well: pods of the previous release need it until the last of them is gone. */
function listed(prefix: string, version: number): string[] {
  const versions = version === 1 ? [1] : [version - 1, version];
  return [
    "{",
    `  printf 'apiVersion: kustomize.config.k8s.io/v1beta1\\nkind: Kustomization\\nresources:\\n'`,
    `  for file in ${versions.map((each) => `${prefix}-*-v${each}.yaml`).join(" ")}; do`,
    `    if [ -e "$file" ]; then echo "  - \${file##*/}"; fi`,
    "  done",
    `} >${sealedFolder}/kustomization.yaml`,
  ];
}

const encryption: Readonly<Record<SealedForm, { says: string; command: string }>> = {
  "sealed-secrets": {
    says: "Encrypts for the controller in the cluster of kubectl's context, or for the certificate in SEALED_SECRETS_CERT.",
    command: "kubeseal --format yaml",
  },
  sops: {
    says: "Encrypts for whom .sops.yaml names, or SOPS_AGE_RECIPIENTS. Flux decrypts with the key in flux-system/sops-age.",
    command:
      "sops encrypt --input-type yaml --output-type yaml --encrypted-regex '^(data|stringData)$' --filename-override",
  },
};

/** No value touches the disk before it is encrypted, and no half of a file takes the place of a whole one. */
function seal(plan: Plan, secret: PlanResource, version: number, prefix: string, form: SealedForm): string[] {
  const { name, namespace } = secret.inputs["metadata"] as { readonly name: string; readonly namespace: string };
  const file = `${prefix}-${name}-v${version}.yaml`;
  const recipe = recipeOf(plan, secret);
  const before = recipe.values?.flatMap((value) => assigned(value, name, version)) ?? recipe.before;
  const entries = recipe.values?.map(({ key, variable }) => `--from-literal=${key}="$${variable}"`) ?? recipe.entries;
  const command = form === "sops" ? `${encryption.sops.command} ${file} /dev/stdin` : encryption[form].command;
  return [
    `if [ ! -e ${file} ]; then`,
    ...before.map((line) => `  ${line}`),
    `  kubectl create secret generic ${name}-v${version} --namespace ${namespace} --dry-run=client --output yaml \\`,
    ...entries.map((entry) => `    ${entry} \\`),
    `    | awk '{ print } /^kind: Secret$/ { print "immutable: true" }' \\`,
    `    | ${command} >${file}.new`,
    `  mv ${file}.new ${file}`,
    "fi",
    "",
  ];
}

/**
 * A value of the environment, else that of the version before, else a new one. In lines of their own, since a command that
 * fails within an argument fails nothing: a key that could not be read must not be replaced, and what it encrypted be lost.
 */
function assigned({ key, variable, bytes }: SecretValue, name: string, version: number): string[] {
  return [
    ...(version === 1 ? [] : [`${variable}=\${${variable}:-$(kept ${name}-v${version - 1} ${key})}`]),
    bytes === undefined
      ? `: "\${${variable}:?is missing: ${key} of the Secret ${name}}"`
      : `${variable}=\${${variable}:-$(openssl rand -base64 ${bytes})}`,
  ];
}

/** Prints a value of a Secret of the version before; nothing of a Secret that is new. */
function kept(namespace: string, prefix: string, version: number, form: SealedForm): string[] {
  const value =
    form === "sops"
      ? `sops decrypt "${prefix}-$1.yaml" | sed -n "s/^ *$2: //p"`
      : `kubectl --namespace ${namespace} get secret "$1" --output "jsonpath={.data.$2}"`;
  const all = `${prefix}-*-v${version - 1}.yaml`;
  return [
    `if ! ls ${all} >/dev/null 2>&1; then`,
    `  echo "${all} is not there: expected the version after the newest in ${sealedFolder}" >&2`,
    "  exit 1",
    "fi",
    "kept() {",
    `  if [ -e "${prefix}-$1.yaml" ]; then ${value} | base64 -d; fi`,
    "}",
    "",
  ];
}
