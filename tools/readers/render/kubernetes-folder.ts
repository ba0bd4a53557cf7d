import type { Plan } from "../../plan/plan";
import { comment, toYaml } from "./kubernetes";
import { manifests, phases, type Manifest, type Phase } from "./kubernetes-objects";
import { type SealedForm, sealedFolder, sealedSecrets } from "./kubernetes-sealed";
import { howToCreate } from "./kubernetes-secret";

/** How Secrets get into the cluster: by a script that makes them there, or as files that only the cluster can read. */
export interface Secrets {
  readonly form: "script" | SealedForm;
  /** Of sealed Secrets, which never change: another value is another version, under another name. */
  readonly version: number;
}

/**
 * The same objects, one file each, in folders of which each has to work before the next is applied: by `apply.sh` with
 * kubectl, by sync waves with Argo CD, by `dependsOn` with Flux. A migration that fails keeps the replicas as they were.
 *
 * @returns what each file holds, by its path.
 */
export function renderKubernetesFolder(
  plan: Plan,
  { form, version }: Secrets = { form: "script", version: 1 },
): Record<string, string> {
  const sealed = form === "script" ? undefined : sealedSecrets(plan, form, version);
  const all = manifests(plan, sealed?.names);
  const written = all.filter(({ object }) => object !== undefined);
  const used = phases.filter((phase) => written.some((each) => each.phase === phase));
  const files: Record<string, string> = {};
  for (const each of written) files[pathOf(each)] = comment(each.notes) + toYaml(annotated(each, used));
  for (const phase of used) {
    const resources = written.filter((each) => each.phase === phase).map((each) => pathOf(each).split("/")[1]!);
    if (phase === "foundation" && sealed !== undefined) resources.push(`../${sealedFolder}`);
    files[`${folderOf(phase)}/kustomization.yaml`] = toYaml({ ...kustomization, resources });
  }
  files["kustomization.yaml"] = toYaml({ ...kustomization, resources: used.map(folderOf) });
  files["flux.yaml"] = flux(plan, used, form);
  if (sealed !== undefined) Object.assign(files, sealed.files);
  else files["secrets.sh"] = secrets(plan, all);
  if (form === "sops") return files;
  files["apply.sh"] = apply(used, written, form);
  files["argo-cd.yaml"] = argoCd(plan, written);
  return files;
}

/** Not with every form: neither kubectl nor Argo CD decrypts what SOPS has encrypted. */
export const ofSomeForms = ["apply.sh", "argo-cd.yaml"];

const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

function folderOf(phase: Phase): string {
  return `${phases.indexOf(phase) + 1}-${phase}`;
}

function pathOf({ kind, name, phase }: Manifest): string {
  return `${folderOf(phase)}/${kind.toLowerCase()}-${name}.yaml`;
}

/** What the two tools read of an object: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
function annotated({ object, phase, kind, seeded }: Manifest, used: readonly Phase[]): object {
  const metadata = object!["metadata"] as { readonly annotations?: Readonly<Record<string, string>> };
  const annotations = {
    ...metadata.annotations,
    "argocd.argoproj.io/sync-wave": String(used.indexOf(phase)),
    // What is no longer asked for goes last: a strategy that changes has its new replicas before it loses the old.
    ...(["Deployment", "Rollout"].includes(kind) ? { "argocd.argoproj.io/sync-options": "PruneLast=true" } : {}),
    // https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
    ...(seeded.length === 0 ? {} : { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" }),
  };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** Makes what is not there yet, and leaves the rest: a value that was generated once is never generated again. */
function secrets(plan: Plan, all: readonly Manifest[]): string {
  const recipes = all
    .filter(({ object }) => object === undefined)
    .map(({ resource }) => {
      const [title, , ...commands] = howToCreate(plan, resource);
      return [`# ${title}`, ...commands.map((line) => line.replace(/^ {2}/, "")), ""].join("\n");
    });
  return ["#!/usr/bin/env bash", "set -euo pipefail", "", ...recipes].join("\n");
}

function apply(used: readonly Phase[], written: readonly Manifest[], form: Secrets["form"]): string {
  const lines = used.flatMap((phase) => {
    const inPhase = written.filter((each) => each.phase === phase);
    const wait = (kind: string, condition: string) =>
      inPhase
        .filter((each) => each.kind === kind)
        .map(
          ({ name, namespace, object }) =>
            `kubectl -n ${namespace} wait --for=${condition} ${resourceOf(object!, kind)}/${name} --timeout=35m`,
        );
    return [
      `kubectl apply --server-side -k ${folderOf(phase)}`,
      ...(phase === "foundation" && form === "script" ? ["bash secrets.sh"] : []),
      ...wait("Cluster", "condition=Ready"),
      ...inPhase.filter(({ kind }) => kind === "Job").flatMap(({ name, namespace }) => untilOver(name, namespace!)),
      ...inPhase
        .filter(({ kind }) => kind === "Deployment")
        .map(({ name, namespace }) => `kubectl -n ${namespace} rollout status deployment/${name} --timeout=15m`),
      ...inPhase
        .filter(({ kind }) => kind === "Rollout")
        .flatMap(({ name, namespace }) => untilReleased(name, namespace!)),
    ];
  });
  return [
    "#!/usr/bin/env bash",
    "# Each folder once the one before works. A migration that fails ends this, and the replicas stay as they are.",
    "set -euo pipefail",
    'cd "$(dirname "$0")"',
    "",
    ...lines,
    "",
  ].join("\n");
}

/** `kubectl wait` knows one condition at a time, and a Job that failed never completes. */
function untilOver(name: string, namespace: string): string[] {
  const condition = (type: string) =>
    `"$(kubectl -n ${namespace} get job ${name} -o jsonpath='{.status.conditions[?(@.type=="${type}")].status}')" = True`;
  return [
    `until [ ${condition("Complete")} ]; do`,
    `  if [ ${condition("Failed")} ]; then`,
    `    echo "the migration failed: kubectl -n ${namespace} logs job/${name}" >&2`,
    "    exit 1",
    "  fi",
    "  sleep 2",
    "done",
  ];
}

/** Argo's own words of the generation that was applied: those of the one before would be a release that has ended. */
function untilReleased(name: string, namespace: string): string[] {
  const get = (path: string) => `$(kubectl -n ${namespace} get rollout ${name} -o jsonpath='${path}')`;
  return [
    `echo "waits until Argo Rollouts has ended the release of ${name}, an hour at most: kubectl -n ${namespace} get rollout ${name}" >&2`,
    "deadline=$((SECONDS + 3600))",
    "while :; do",
    `  state="${get("{.metadata.generation} {.status.observedGeneration} {.status.phase}")}"`,
    '  read -r generation observed phase <<<"$state"',
    '  if [ "$generation" = "$observed" ] && [ "$phase" = Healthy ]; then break; fi',
    '  if [ "$generation" = "$observed" ] && [ "$phase" = Degraded ]; then',
    `    echo "the release of ${name} did not succeed, and the previous one serves: ${get("{.status.message}")}" >&2`,
    "    exit 1",
    "  fi",
    '  if [ "$SECONDS" -gt "$deadline" ]; then echo "it has not ended: is Argo Rollouts there, and its plugin?" >&2; exit 1; fi',
    "  sleep 5",
    "done",
  ];
}

function resourceOf(object: Readonly<Record<string, unknown>>, kind: string): string {
  const [version, group] = (object["apiVersion"] as string).split("/").reverse() as [string, string | undefined];
  return group === undefined ? kind.toLowerCase() : `${kind}.${version}.${group}`.toLowerCase();
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/ */
function argoCd({ stack }: Plan, written: readonly Manifest[]): string {
  const ignored = written.flatMap(({ resource, kind, name, object }) => {
    const paths = resource.options.ignoreChanges ?? [];
    if (paths.length === 0) return [];
    const [, group] = (object!["apiVersion"] as string).split("/").reverse() as [string, string | undefined];
    return [
      {
        ...(group === undefined ? {} : { group }),
        kind,
        name,
        jsonPointers: paths.map((path) => `/${path.replaceAll(".", "/")}`),
      },
    ];
  });
  const application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: stack,
      namespace: "argocd",
      // What definitions fill in within a list would always be a difference, and selfHeal a loop.
      // https://argo-cd.readthedocs.io/en/stable/user-guide/diff-strategies/#server-side-diff
      annotations: { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" },
    },
    spec: {
      project: "default",
      source: { repoURL: "https://example.com/REPOSITORY.git", path: "FOLDER", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc" },
      ...(ignored.length === 0 ? {} : { ignoreDifferences: ignored }),
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["ServerSideApply=true", "RespectIgnoreDifferences=true", "PruneLast=true"],
      },
    },
  };
  return `# For Argo CD: say where this folder lies. What controllers own is theirs, in the last list.\n${toYaml(application)}`;
}

function flux({ stack }: Plan, used: readonly Phase[], form: Secrets["form"]): string {
  const documents = used.map((phase, index) => ({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: `${stack}-${phase}`, namespace: "flux-system" },
    spec: {
      interval: "10m",
      timeout: "35m",
      prune: true,
      // Also for a Job: until it is complete. When it fails, nothing that depends on it is applied.
      wait: true,
      sourceRef: { kind: "GitRepository", name: "REPOSITORY" },
      path: `FOLDER/${folderOf(phase)}`,
      // https://fluxcd.io/flux/guides/mozilla-sops/
      ...(form === "sops" && phase === "foundation"
        ? { decryption: { provider: "sops", secretRef: { name: "sops-age" } } }
        : {}),
      ...(index === 0 ? {} : { dependsOn: [{ name: `${stack}-${used[index - 1]!}` }] }),
    },
  }));
  return `# For Flux: say where this folder lies.\n${documents.map(toYaml).join("---\n")}`;
}
