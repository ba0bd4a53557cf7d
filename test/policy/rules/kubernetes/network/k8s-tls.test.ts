import rule from "../../../../../policy/rules/kubernetes/network/k8s-tls";
import { specify, unknown } from "../../../spec";
import { beside } from "../workloads";

const ingress = (spec: unknown) => beside("kubernetes:networking.k8s.io/v1:Ingress", spec);
const gateway = (...listeners: unknown[]) => beside("kubernetes:gateway.networking.k8s.io/v1:Gateway", { listeners });
const http = { name: "http", protocol: "HTTP", port: 80 };
const https = { name: "https", protocol: "HTTPS", port: 443, tls: { certificateRefs: [{ name: "shop" }] } };
const route = (sectionName: string, rules: unknown) =>
  beside("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", { parentRefs: [{ name: "beside", sectionName }], rules });

specify(rule, {
  passes: {
    "an Ingress with a certificate": ingress({ tls: [{ hosts: ["shop.example.com"], secretName: "shop" }] }),
    "a gateway with a certificate": gateway(http, https),
    "a route over TLS": [route("https", [{ backendRefs: [{ name: "shop" }] }]), gateway(http, https)],
    "a redirect": [
      route("http", [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }]),
      gateway(http, https),
    ],
  },
  fails: {
    "an Ingress without": [ingress({ rules: [] }), "spec.tls"],
    "an old Ingress": [beside("kubernetes:extensions/v1beta1:Ingress", {}), "spec.tls"],
    "a listener without a certificate": [gateway({ protocol: "HTTPS" }), "spec.listeners[0].tls"],
    "a route over plain HTTP": [
      [route("http", [{ backendRefs: [{ name: "shop" }] }]), gateway(http, https)],
      "spec.parentRefs[0]",
    ],
  },
  open: { "TLS that is not known": [ingress({ tls: unknown() }), "spec.tls"] },
});
