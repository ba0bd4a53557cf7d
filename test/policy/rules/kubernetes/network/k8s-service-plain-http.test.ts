import rule from "../../../../../policy/rules/kubernetes/network/k8s-service-plain-http";
import { given, specify, unknown } from "../../../spec";

const service = (spec: object, annotations: Record<string, string> = {}) =>
  given("kubernetes:core/v1:Service", { metadata: { annotations }, spec });

specify(rule, {
  passes: {
    "one for the cluster": service({ ports: [{ port: 80 }] }),
    HTTPS: service({ type: "LoadBalancer", ports: [{ port: 443, name: "https" }] }),
    "a certificate of the cloud": service(
      { type: "LoadBalancer", ports: [{ port: 80 }] },
      { "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn:aws:acm:eu-central-1:1:certificate/1" },
    ),
    "a network of one's own": service(
      { type: "LoadBalancer", ports: [{ port: 80 }] },
      {
        "networking.gke.io/load-balancer-type": "Internal",
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      },
    ),
    "what is no HTTP": service({ type: "NodePort", ports: [{ port: 9100, name: "metrics" }] }),
  },
  fails: {
    "a NodePort": [service({ type: "NodePort", ports: [{ port: 8080 }] }), "spec.ports[0]"],
    "a load balancer, by the name of its port": [
      service({
        type: "LoadBalancer",
        ports: [
          { port: 443, name: "https" },
          { port: 9999, name: "http-alt" },
        ],
      }),
      "spec.ports[1]",
    ],
    "one that says so": [
      service({ type: "LoadBalancer", ports: [{ port: 9999, appProtocol: "http" }] }),
      "spec.ports[0]",
    ],
  },
  open: { "a type that is not known": [service({ type: unknown("urn#type"), ports: [{ port: 80 }] }), "spec.type"] },
});
