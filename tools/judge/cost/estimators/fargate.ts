import type { PlanResource, PlanValue } from "../../../plan/plan";
import { amount, hours, text, type Context, type Estimator } from "../estimator";

/** A Fargate service: its replicas' CPU and memory. Autoscaling may run more, up to its maximum. */
export const fargateService: Estimator = (service, context) => {
  const task = context.source(service.inputs["taskDefinition"], "aws:ecs/taskDefinition:TaskDefinition");
  if (!task) return { unpriced: "its task definition is not in the plan" };
  const vcpu = amount(task.inputs["cpu"]) / 1024;
  const gb = amount(task.inputs["memory"]) / 1024;
  const platform = task.inputs["runtimePlatform"] as { readonly cpuArchitecture?: PlanValue } | undefined;
  const family = text(platform?.cpuArchitecture) === "ARM64" ? "fargate.arm" : "fargate";
  const replicas = replicasOf(service, context);
  const what = `${replicas} × ${vcpu} vCPU, ${gb} GB`;
  return [
    { what, quantity: replicas * vcpu * hours, price: `${family}.vcpu`, assumes: ["service.replicas"] },
    { what, quantity: replicas * gb * hours, price: `${family}.gb`, assumes: ["service.replicas"] },
  ];
};

function replicasOf(service: PlanResource, context: Context): number {
  const assumed = context.assume("service.replicas");
  if (assumed > 0) return assumed;
  const [target] = context.readers(service, "aws:appautoscaling/target:Target", "resourceId");
  const bound = context.scaledTo === "most" ? "maxCapacity" : "minCapacity";
  return amount(target?.inputs[bound], amount(service.inputs["desiredCount"], 1));
}
