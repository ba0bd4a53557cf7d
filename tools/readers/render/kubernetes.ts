import { Document, visit } from "yaml";
import { customResources, type Plan } from "../../plan/plan";
import { manifests, type Manifest } from "./kubernetes-objects";
import { howToCreate } from "./kubernetes-secret";
import { documentation } from "../../../components/shared/documentation";

/**
 * The stack's Kubernetes objects as manifests for `kubectl apply`, in an order that works. It never contains a secret: a
 * Secret becomes the command that creates it.
 */
export function renderKubernetes(plan: Plan): string {
  return [comment(preamble(plan)), ...manifests(plan).map((manifest) => document(plan, manifest))].join("---\n");
}

function preamble(plan: Plan): string[] {
  const others = customResources(plan).filter(({ type }) => !/^(kubernetes|random):/.test(type));
  return [
    `Stack "${plan.stack}", rendered by Slipway. Nothing in here is a secret: ${documentation("kubernetes.md#without-pulumi")}`,
    "",
    "  kubectl apply --server-side -f THIS_FILE    then create each Secret by the command in its place: pods wait for them.",
    "",
    "kubectl applies everything at once: replicas may start before the migration Job has ended, and stay unready until it",
    "has. What waits is a folder, `slipway render --out FOLDER`: with a script for kubectl, and for Argo CD and Flux.",
    ...(others.length === 0
      ? []
      : ["", "Not of Kubernetes, and so not in here:", ...others.map(({ type, name }) => `  ${name} (${type})`)]),
  ];
}

function document(plan: Plan, { object, resource, notes }: Manifest): string {
  if (object === undefined) return comment(howToCreate(plan, resource));
  return comment(notes) + toYaml(object);
}

/** For readers of YAML 1.1 too, kubectl among them: to those `yes` and `1:30` are no texts without quotes. */
export function toYaml(object: object): string {
  const document = new Document(object, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar: (_, scalar) => {
      // A type of its own in YAML 1.1, which Python's readers refuse.
      if (scalar.value === "=") scalar.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0 });
}

export function comment(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "#\n" : `# ${line}\n`)).join("");
}
