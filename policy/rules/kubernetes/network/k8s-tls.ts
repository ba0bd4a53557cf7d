import { defineRule } from "../../../rule";
import type { Value } from "../../../value";
import { kindOf, kinds } from "../types";

export default defineRule({
  id: "k8s-tls",
  title: "What the cluster publishes, it publishes over TLS",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: [
    kinds("(networking\\.k8s\\.io|extensions)", "Ingress"),
    kinds("gateway\\.networking\\.k8s\\.io", "Gateway", "HTTPRoute"),
  ],
  references: ["NIST SP 800-52r2"],
  why: "A page served over HTTP can be read and changed on its way, its cookies with it.",
  fix: "Add `tls` to the Ingress; on a Gateway serve from an HTTPS listener, and let the HTTP one redirect.",
  judge(resource, { each, fail, stack }) {
    const kind = kindOf(resource);
    if (kind === "Ingress") {
      const tls = resource.get("spec", "tls");
      // ALB ingresses take their certificate from an annotation.
      const annotation = resource.get("metadata", "annotations").get("alb.ingress.kubernetes.io/certificate-arn");
      if (!annotation.present && tls.items().length === 0) fail(tls, "The Ingress serves plain HTTP.");
      return;
    }
    if (kind === "Gateway") {
      each(resource.get("spec", "listeners").items(), (listener) => {
        const tls = listener.get("tls");
        const terminates = listener.get("protocol").is("HTTPS", "TLS");
        if (terminates && tls.absent) fail(tls, "The listener has no certificate.");
      });
      return;
    }
    const routes = stack.ofType(/^kubernetes:gateway\.networking\.k8s\.io\/[^:]+:Gateway$/);
    each(resource.get("spec", "parentRefs").items(), (parent) => {
      const gateway = routes.find((one) => one.get("metadata", "name").sameAs(parent.get("name")));
      const listeners = gateway?.get("spec", "listeners").items() ?? [];
      const section = parent.get("sectionName");
      const used = section.present ? listeners.filter((one) => one.get("name").sameAs(section)) : listeners;
      const plain = used.some((listener) => listener.get("protocol").is("HTTP"));
      if (plain && !redirects(resource.get("spec", "rules").items())) {
        fail(parent, "The route serves from a listener that speaks plain HTTP.");
      }
    });
  },
});

function redirects(rules: readonly Value[]): boolean {
  return (
    rules.length > 0 &&
    rules.every((rule) =>
      rule
        .get("filters")
        .items()
        .some((filter) => filter.get("requestRedirect", "scheme").is("https")),
    )
  );
}
