import rule from "../../../../../policy/rules/kubernetes/config/k8s-helm-release";
import { given, specify } from "../../../spec";

specify(rule, {
  passes: {},
  fails: {},
  open: { "a chart that Helm renders": [given("kubernetes:helm.sh/v3:Release", { chart: "redis" }), "chart"] },
});
