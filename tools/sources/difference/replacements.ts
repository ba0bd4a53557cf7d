import type { PlanResource } from "../../plan/plan";
import { awsReplacements } from "./replacements/aws";
import { dockerReplacements } from "./replacements/docker";
import { kubernetesReplacements } from "./replacements/kubernetes";

/** Every input of these makes a new value, and every new value is a new resource. */
const replacedByAnyInput = /^(random|tls):/;

/**
 * Property paths whose change replaces a resource of this type; undefined when that is not known
 * here, and then an update may turn out to be a replacement.
 */
export function replacementPaths(type: string): readonly string[] | undefined {
  if (type.startsWith("kubernetes:")) return kubernetesReplacements(type);
  if (type.startsWith("docker:")) return dockerReplacements[type];
  if (replacedByAnyInput.test(type)) return [""];
  const paths =
    awsReplacements[type.replace(/^aws:(alb|elasticloadbalancingv2|applicationloadbalancing)\//, "aws:lb/")];
  return paths && [...paths, "region"];
}

/**
 * Whether a change at `path` replaces the resource. A change above a listed path counts as well: when
 * `ephemeralStorage` goes, `ephemeralStorage.sizeInGib` goes with it.
 */
export function forcesReplacement(resource: PlanResource, path: string): boolean {
  const plain = withoutIndices(path);
  if (inPlace[resource.type]?.(resource.inputs, plain) === true) return false;
  const listed = [...(replacementPaths(resource.type) ?? []), ...(resource.options.replaceOnChanges ?? [])];
  return listed.map(withoutIndices).some((pattern) => isWithin(plain, pattern) || isWithin(pattern, plain));
}

/** Where other inputs of the resource decide that a listed path is updated in place after all. */
const inPlace: Readonly<Record<string, (inputs: PlanResource["inputs"], path: string) => boolean>> = {
  // From a launch type to capacity providers, and from some to others, by a new deployment; a launch type that is left out
  // stays as it is: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
  "aws:ecs/service:Service": ({ capacityProviderStrategies, forceNewDeployment, launchType }, path) =>
    (isWithin(path, "capacityProviderStrategies") &&
      capacityProviderStrategies !== undefined &&
      forceNewDeployment === true) ||
    (path === "launchType" && launchType === undefined),
};

/**
 * Of AWS's, those that lie in no region: the ones without a `region` of their own in @pulumi/aws 7. Another region of
 * the provider does not touch them.
 */
const globalTypes =
  /^aws:(account|bcmdata|billing|budgets|cloudfront|costexplorer|costoptimizationhub|cur|globalaccelerator|iam|networkmanager|notifications|organizations|route53domains|route53recoverycontrol|route53recoveryreadiness|shield|waf)\/|^aws:route53\/(?!resolver|profiles)/;

export function isGlobal(type: string): boolean {
  return globalTypes.test(type);
}

/** Whether `path` is at or below `ancestor`. The empty ancestor and `*` hold everything. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === "" || ancestor === "*" || path === ancestor || path.startsWith(`${ancestor}.`);
}

/** `containers[0].image`, `containers[web].image`, `containers[*].image` and `containers["web"].image`: the same place here. */
export function withoutIndices(path: string): string {
  return path
    .replace(/\[(?!")[^\]]*\]/g, "")
    .replace(/\["([^"]*)"\]/g, ".$1")
    .replace(/^\./, "");
}
