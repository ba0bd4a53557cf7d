import rule from "../../../../../policy/rules/kubernetes/access/k8s-namespace-psa";
import { given, specify, unknown } from "../../../spec";

const enforce = "pod-security.kubernetes.io/enforce";
const namespace = (labels: unknown) => given("kubernetes:core/v1:Namespace", { metadata: { name: "shop", labels } });

specify(rule, {
  passes: { restricted: namespace({ [enforce]: "restricted" }) },
  fails: {
    "no label": [namespace({}), `metadata.labels.${enforce}`],
    privileged: [namespace({ [enforce]: "privileged" }), `metadata.labels.${enforce}`],
  },
  open: { "labels that are not known": [namespace(unknown()), "metadata.labels"] },
});
