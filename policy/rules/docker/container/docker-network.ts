import { defineRule } from "../../../rule";
import { container } from "../types";

export default defineRule({
  id: "docker-network",
  title: "Containers are on a network of their own",
  severity: "low",
  level: "advisory",
  appliesTo: [container],
  references: ["CIS Docker 5.30"],
  why: "On the default bridge every container of the host may connect to every other.",
  fix: "Create a `docker.Network` and name it in `networksAdvanced`.",
  judge(resource, { fail }) {
    const networks = resource.get("networksAdvanced");
    const mode = resource.get("networkMode");
    if (networks.items().length > 0 || (mode.present && !mode.is("bridge", "default"))) return;
    fail(networks, "The container is on the default bridge.");
  },
});
