import type { PlanResource, PlanValue } from "../../../plan/plan";
import { amount, hours, text, type Context, type Estimator, type Item } from "../estimator";

/** A Fargate service: its replicas' CPU and memory. Autoscaling may run more, up to its maximum. */
export const fargateService: Estimator = (service, context) => {
  const task = context.source(service.inputs["taskDefinition"], "aws:ecs/taskDefinition:TaskDefinition");
  if (!task) return { unpriced: "its task definition is not in the plan" };
  const vcpu = amount(task.inputs["cpu"]) / 1024;
  const gb = amount(task.inputs["memory"]) / 1024;
  const platform = task.inputs["runtimePlatform"] as { readonly cpuArchitecture?: PlanValue } | undefined;
  const family = text(platform?.cpuArchitecture) === "ARM64" ? "fargate.arm" : "fargate";
  const replicas = replicasOf(service, context);
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

function replicasOf(service: PlanResource, context: Context): number {
  const assumed = context.assume("service.replicas");
  if (assumed > 0) return assumed;
  const [target] = context.readers(service, "aws:appautoscaling/target:Target", "resourceId");
  const bound = context.scaledTo === "most" ? "maxCapacity" : "minCapacity";
  return amount(target?.inputs[bound], amount(service.inputs["desiredCount"], 1));
}
