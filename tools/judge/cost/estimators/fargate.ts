import type { PlanResource, PlanValue } from "../../../plan/plan";
import { amount, hours, text, type Context, type Estimator, type Item } from "../estimator";

/** A Fargate service: its replicas' CPU and memory. Autoscaling may run more, up to its maximum. */
export const fargateService: Estimator = (service, context) => {
  const task = context.source(service.inputs["taskDefinition"], "aws:ecs/taskDefinition:TaskDefinition");
  if (!task) return { unpriced: "its task definition is not in the plan" };
  if (isOnInstances(service, task)) return [];
  const [vcpu, gb] = [thousands(task.inputs["cpu"], /vcpu/i), thousands(task.inputs["memory"], /gb/i)];
  if (vcpu === undefined || gb === undefined) return { unpriced: "its CPU or memory is not known before deployment" };
  const platform = (task.inputs["runtimePlatform"] ?? {}) as Platform;
  if (/^windows/i.test(text(platform.operatingSystemFamily))) return { unpriced: "Windows is not in the price table" };
  const { sizeInGib } = (task.inputs["ephemeralStorage"] ?? {}) as Readonly<Record<string, PlanValue>>;
  if (amount(sizeInGib) > includedGib)
    return { unpriced: `more than the ${includedGib} GiB of storage that a task includes is not in the price table` };
  const family = text(platform.cpuArchitecture) === "ARM64" ? "fargate.arm" : "fargate";
  const replicas = replicasOf(service, context);
  if (replicas === undefined) return { unpriced: "the number of its replicas is not known before deployment" };
  const spot = spotOf(service, replicas);
  const discount = context.assume("service.spotDiscountPercent") / 100;
  const kinds = [
    { count: replicas - spot, suffix: "", paid: 1, assumes: [] },
    { count: spot, suffix: " on Spot", paid: 1 - discount, assumes: ["service.spotDiscountPercent"] as const },
  ];
  return kinds
    .filter(({ count }) => count > 0)
    .flatMap(({ count, suffix, paid, assumes }): Item[] => {
      const what = `${count} × ${vcpu} vCPU, ${gb} GB${suffix}`;
      const of = { what, assumes: ["service.replicas" as const, ...assumes] };
      return [
        { ...of, quantity: count * vcpu * hours * paid, price: `${family}.vcpu` },
        { ...of, quantity: count * gb * hours * paid, price: `${family}.gb` },
      ];
    });
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
const includedGib = 20;

interface Platform {
  readonly cpuArchitecture?: PlanValue;
  readonly operatingSystemFamily?: PlanValue;
}

/** Paid for with the instances that it runs on, not by itself. */
function isOnInstances({ inputs }: PlanResource, task: PlanResource): boolean {
  const launchType = text(inputs["launchType"]);
  const providers = (inputs["capacityProviderStrategies"] ?? []) as readonly Strategy[];
  if (launchType !== "") return launchType !== "FARGATE";
  if (providers.length > 0) return !providers.some(({ capacityProvider }) => /^FARGATE/.test(text(capacityProvider)));
  const asks = task.inputs["requiresCompatibilities"];
  return Array.isArray(asks) && asks.length > 0 && !asks.includes("FARGATE");
}

/** `1024` and `1 vCPU` are 1; `512`, `.5 GB` and `0.5GB` are 0.5. */
function thousands(value: PlanValue | undefined, unit: RegExp): number | undefined {
  const [, number = "", said = ""] = /^\s*(\d*\.?\d+)\s*([a-z]*)\s*$/i.exec(text(value)) ?? [];
  if (number === "") return undefined;
  return unit.test(said) ? Number(number) : Number(number) / 1024;
}

interface Strategy {
  readonly capacityProvider?: PlanValue;
  readonly base?: PlanValue;
  readonly weight?: PlanValue;
}

/** Replicas beyond every base are shared out by weight. */
function spotOf({ inputs }: PlanResource, replicas: number): number {
  const strategies = (inputs["capacityProviderStrategies"] ?? []) as readonly Strategy[];
  const sum = (of: (one: Strategy) => number) => strategies.reduce((total, one) => total + of(one), 0);
  const isSpot = ({ capacityProvider }: Strategy) => text(capacityProvider) === "FARGATE_SPOT";
  const rest = Math.max(0, replicas - sum(({ base }) => amount(base)));
  const weights = sum(({ weight }) => amount(weight));
  const share = weights === 0 ? 0 : sum((one) => (isSpot(one) ? amount(one.weight) : 0)) / weights;
  return Math.round(rest * share);
}

function replicasOf(service: PlanResource, context: Context): number | undefined {
  const assumed = context.assume("service.replicas");
  if (assumed > 0) return assumed;
  const [target] = context.readers(service, "aws:appautoscaling/target:Target", "resourceId");
  const bound = context.scaledTo === "most" ? "maxCapacity" : "minCapacity";
  const count = target?.inputs[bound] ?? service.inputs["desiredCount"] ?? 1;
  return text(count) === "" ? undefined : amount(count, 1);
}
