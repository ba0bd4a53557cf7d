import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecs-insights",
  title: "ECS clusters measure their tasks",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:ecs/cluster:Cluster"],
  references: ["FSBP ECS.12", "CKV_AWS_65"],
  why: "Without Container Insights there is no metric for the memory, the restarts or the disk of a task.",
  fix: "Add the setting `containerInsights` with `enabled` or `enhanced`.",
  judge(cluster, { fail }) {
    const settings = cluster.get("settings");
    const on = settings
      .items()
      .some((setting) => setting.get("name").is("containerInsights") && setting.get("value").is("enabled", "enhanced"));
    if (!on) fail(settings, "Container Insights is off.");
  },
  // `containerInsights` is the one setting that there is, so its place is the first.
  remediate: () => [
    { property: "settings[0].name", value: "containerInsights" },
    { property: "settings[0].value", value: "enabled" },
  ],
});
