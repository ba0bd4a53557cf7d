import { defineRule } from "../../../rule";
import { kinds } from "../types";

export default defineRule({
  id: "k8s-helm-release",
  title: "Charts are rendered where they can be judged",
  severity: "low",
  level: "advisory",
  appliesTo: [kinds("helm\\.sh", "Release")],
  references: [],
  why: "Helm renders a Release within the provider: its pods are in no preview, and no rule sees them.",
  fix: "Use `kubernetes.helm.v4.Chart`, which registers each object of the chart.",
  judge(release, { cannotJudge }) {
    cannotJudge(release.get("chart"), "Helm renders the chart during the deployment, so no rule sees its objects");
  },
});
