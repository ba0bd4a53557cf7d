import { defineRule } from "../../../rule";
import { containers, service } from "../types";

export default defineRule({
  id: "docker-memory",
  title: "Containers have a limit of memory",
  severity: "medium",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 5.10"],
  why: "On one host a leak in one container is the end of the database beside it.",
  fix: "Set `memory` (MB).",
  judge(resource, { fail }) {
    const swarm = resource.type === service;
    const memory = swarm ? resource.get("taskSpec", "resources", "limits", "memoryBytes") : resource.get("memory");
    if (memory.absent || memory.is(0)) fail(memory, "The container may take all memory of its host.");
  },
});
