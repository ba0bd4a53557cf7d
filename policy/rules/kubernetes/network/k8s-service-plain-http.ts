import { defineRule } from "../../../rule";
import type { Value } from "../../../value";
import { kinds } from "../types";

const webPorts = ["80", "3000", "5000", "8000", "8080", "8081", "8888"];
/** Where the cloud's load balancer ends TLS itself. */
const certificates = [
  "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
  "service.beta.kubernetes.io/do-loadbalancer-certificate-id",
  "service.beta.kubernetes.io/oci-load-balancer-ssl-ports",
  "service.beta.kubernetes.io/ibm-load-balancer-cloud-provider-tls",
];

export default defineRule({
  id: "k8s-service-plain-http",
  title: "No Service publishes plain HTTP",
  severity: "high",
  level: "mandatory",
  appliesTo: [kinds("core", "Service")],
  references: ["NIST SP 800-52r2"],
  why: "What is published past the Ingress has no certificate, no limits and no log of it.",
  fix: "Use type ClusterIP, and publish it by an Ingress or an HTTPRoute with TLS.",
  judge(service, { each, fail }) {
    const type = service.get("spec", "type");
    if (!type.is("LoadBalancer", "NodePort")) return;
    const annotations = service.get("metadata", "annotations");
    if (certificates.some((name) => annotations.get(name).present)) return;
    if (annotations.entries().some(([name, value]) => /internal/i.test(name) && value.isNot(false))) return;
    each(service.get("spec", "ports").items(), (port) => {
      if (speaksHttp(port)) fail(port, `It is published in plain text as ${type.string() ?? "it is"}.`);
    });
  },
});

function speaksHttp(port: Value): boolean {
  const said = port.get("appProtocol");
  if (said.present) return said.is("http", "kubernetes.io/h2c", "kubernetes.io/ws");
  if (/^https/i.test(port.get("name").string() ?? "") || port.get("port").is(443, 8443)) return false;
  return /^(http|web)/i.test(port.get("name").string() ?? "") || port.get("port").is(...webPorts);
}
