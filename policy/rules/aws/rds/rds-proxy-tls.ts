import { defineRule } from "../../../rule";

export default defineRule({
  id: "rds-proxy-tls",
  title: "The database proxy refuses connections without TLS",
  severity: "high",
  level: "mandatory",
  appliesTo: ["aws:rds/proxy:Proxy"],
  references: ["AWS Well-Architected SEC09-BP02"],
  why: "The proxy is what clients connect to: it decides whether they may come without TLS.",
  fix: "Set `requireTls` to true.",
  judge(proxy, { fail }) {
    const tls = proxy.get("requireTls");
    if (tls.isNot(true)) fail(tls, "The proxy accepts connections without TLS.");
  },
  remediate: () => [{ property: "requireTls", value: true }],
});
