import { stringify } from "yaml";
import { customResources, type Plan, type PlanResource, type PlanValue } from "../../plan/plan";
import { known } from "./known";
import { howToCreate } from "./kubernetes-secret";

/**
 * The stack's Kubernetes objects as manifests for `kubectl apply`, in an order that works. It never contains a secret: a
 * Secret becomes the command that creates it. What is known only after deployment is left out, and said so.
 */
export function renderKubernetes(plan: Plan): string {
  const resources = customResources(plan);
  const objects = resources.filter(isKubernetes).sort(byOrder);
  const others = resources.filter((resource) => !isKubernetes(resource) && !resource.type.startsWith("random:"));

  return [comment(preamble(plan, others)), ...objects.map((object) => document(plan, object))].join("---\n");
}

/** What others need comes first; what needs others, late; then by name, so that two renderings can be compared. */
const order = [
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "NetworkPolicy",
  "ServiceAccount",
  "Secret",
  "ExternalSecret",
  "ConfigMap",
  "Certificate",
  "ObjectStore",
  "Cluster",
  "Pooler",
  "ScheduledBackup",
  "Service",
  "AnalysisTemplate",
  "Job",
  "Deployment",
  "Rollout",
];

function byOrder(a: PlanResource, b: PlanResource): number {
  const key = (object: PlanResource) => `${kindOf(object)}/${nameOf(object)}`;
  return rank(a) - rank(b) || key(a).localeCompare(key(b), "en");
}

function rank(object: PlanResource): number {
  const position = order.indexOf(kindOf(object));
  return position === -1 ? order.length : position;
}

function kindOf({ inputs }: PlanResource): string {
  return inputs["kind"] as string;
}

function nameOf({ inputs }: PlanResource): string {
  return (inputs["metadata"] as { readonly name: string }).name;
}

function isKubernetes({ type }: PlanResource): boolean {
  return type.startsWith("kubernetes:");
}

function preamble(plan: Plan, others: readonly PlanResource[]): string[] {
  return [
    `Stack "${plan.stack}", rendered by Slipway. Nothing in here is a secret: docs/kubernetes.md#without-pulumi`,
    "",
    "  kubectl apply --server-side -f THIS_FILE    then create each Secret by the command in its place: pods wait for them.",
    "",
    "kubectl does not wait as Pulumi does: replicas may start before the migration Job has ended, and stay unready",
    "until it has. Jobs cannot be changed: each release brings one of its own; delete the old ones when you like.",
    ...(others.length === 0
      ? []
      : ["", "Not of Kubernetes, and so not in here:", ...others.map(({ type, name }) => `  ${name} (${type})`)]),
  ];
}

function document(plan: Plan, resource: PlanResource): string {
  if (resource.inputs["kind"] === "Secret") return comment(howToCreate(plan, resource));
  const leftOut: string[] = [];
  const manifest = known(withoutPulumi(resource.inputs), "", leftOut) as object;
  const notes =
    leftOut.length === 0
      ? ""
      : comment(["Left out, as known only after deployment:", ...leftOut.map((line) => `  ${line}`)]);
  return notes + stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Annotations that only Pulumi's provider reads. */
function withoutPulumi(inputs: PlanResource["inputs"]): PlanResource["inputs"] {
  const metadata = inputs["metadata"] as Readonly<Record<string, PlanValue>> | undefined;
  const annotations = metadata?.["annotations"];
  if (metadata === undefined || annotations === undefined || annotations === null) return inputs;
  const kept = Object.entries(annotations).filter(([name]) => !name.startsWith("pulumi.com/"));
  const { annotations: _, ...rest } = metadata;
  return { ...inputs, metadata: kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) } };
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "#\n" : `# ${line}\n`)).join("");
}
