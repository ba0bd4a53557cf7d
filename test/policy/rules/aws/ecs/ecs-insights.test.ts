import rule from "../../../../../policy/rules/aws/ecs/ecs-insights";
import { given, specify, unknown } from "../../../spec";

const cluster = "aws:ecs/cluster:Cluster";
const setting = (value: unknown) => given(cluster, { settings: [{ name: "containerInsights", value }] });

specify(rule, {
  passes: { "insights that are on": setting("enabled"), "enhanced insights": setting("enhanced") },
  fails: {
    "insights that are off": [setting("disabled"), "settings"],
    "a cluster that says nothing": [given(cluster, {}), "settings"],
  },
  open: { "a value that is not known": [setting(unknown()), "settings[0].value"] },
});
