import { defineRule } from "../../../rule";
import { podSpec, servingContainers, workloads } from "../types";

export default defineRule({
  id: "k8s-resources",
  title: "Containers say what they need and how much memory they may take",
  severity: "medium",
  level: "mandatory",
  appliesTo: workloads,
  references: ["CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"],
  why: "Without requests the scheduler overfills nodes; without a memory limit one leak takes its neighbours down.",
  fix: "Set `resources.requests.cpu`, `resources.requests.memory` and `resources.limits.memory`.",
  judge(workload, { each, fail }) {
    each(servingContainers(workload), (container) => {
      const resources = container.get("resources").present
        ? container.get("resources")
        : podSpec(workload).get("resources");
      const limit = resources.get("limits", "memory");
      if (limit.absent) fail(limit, "The container may take all memory of its node.");
      const [cpu, memory] = [resources.get("requests", "cpu"), resources.get("requests", "memory")];
      if (cpu.absent && resources.get("limits", "cpu").absent)
        fail(cpu, "The container asks for no share of a processor.");
      // A limit without a request is a request of the same size.
      if (memory.absent && limit.absent) fail(memory, "The container asks for no memory.");
    });
  },
});
