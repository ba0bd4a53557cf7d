import { defineRule } from "../../../rule";
import { kinds } from "../types";

const data = ["5432", "3306", "6379", "27017", "9200", "11211", "9090", "3000", "2379"];

export default defineRule({
  id: "k8s-service-exposed",
  title: "Databases and consoles are not published",
  severity: "high",
  level: "mandatory",
  appliesTo: [kinds("core", "Service")],
  references: ["CIS Kubernetes 5.3.2"],
  why: "A Service of type LoadBalancer or NodePort is reachable from wherever the nodes are, most often from everywhere.",
  fix: "Use type ClusterIP, or name who may connect in `loadBalancerSourceRanges`. Remove `externalIPs` (CVE-2020-8554).",
  parameters: {
    privatePorts: {
      type: "strings",
      default: data,
      description: "Target or service ports that must not be published.",
    },
  },
  judge(service, { each, fail, parameters }) {
    const external = service.get("spec", "externalIPs");
    if (external.items().length > 0) fail(external, "The Service takes over addresses that may be somebody else's.");
    const type = service.get("spec", "type");
    if (!type.is("LoadBalancer", "NodePort")) return;
    const ranges = service.get("spec", "loadBalancerSourceRanges");
    if (ranges.items().length > 0 && !ranges.items().some((range) => range.is("0.0.0.0/0", "::/0"))) return;
    const annotations = service.get("metadata", "annotations");
    if (annotations.get("service.beta.kubernetes.io/aws-load-balancer-internal").is("true")) return;
    each(service.get("spec", "ports").items(), (port) => {
      const exposed = [port.get("port"), port.get("targetPort")].find((one) => one.is(...parameters.privatePorts));
      if (exposed) fail(exposed, "A port that is not for the public is published.");
    });
  },
});
