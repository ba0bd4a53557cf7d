import { defineRule } from "../../../rule";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-capabilities",
  title: "Containers give up all capabilities",
  severity: "medium",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 5.4"],
  why: "A web server needs none of root's powers; those it keeps are what an intruder works with.",
  fix: 'Set `capabilities: { drops: ["ALL"] }`; add nothing but what the parameter allows.',
  parameters: {
    allowed: { type: "strings", default: ["NET_BIND_SERVICE"], description: "Capabilities that may be added back." },
  },
  judge(resource, { each, fail, parameters, separately }) {
    const capabilities = setting(resource, "capabilities");
    const allowed = parameters.allowed.flatMap((name) => [name, `CAP_${name}`]);
    separately(
      () => {
        const drops = capabilities.get("drops");
        if (!drops.items().some((drop) => drop.is("ALL", "CAP_ALL"))) fail(drops, "The container keeps capabilities.");
      },
      () => {
        each(capabilities.get("adds").items(), (add) => {
          if (add.isNot(...allowed)) fail(add, "The container gains a capability.");
        });
      },
    );
  },
});
