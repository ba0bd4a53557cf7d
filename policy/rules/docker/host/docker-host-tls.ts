import { defineRule } from "../../../rule";

export default defineRule({
  id: "docker-host-tls",
  title: "Docker hosts are reached over SSH or TLS",
  severity: "critical",
  level: "mandatory",
  appliesTo: ["pulumi:providers:docker", "pulumi:providers:docker-build"],
  references: ["CIS Docker 2.7"],
  why: "Docker's port without TLS is root on the host for everybody who can connect.",
  fix: "Use `ssh://user@host`, or give the provider its certificates.",
  judge(provider, { fail }) {
    const host = provider.get("host");
    if (!host.text()?.startsWith("tcp://") && !host.text()?.startsWith("http://")) return;
    const certificates = ["certMaterial", "certPath", "caMaterial"].some((name) => provider.get(name).present);
    if (!certificates) fail(host, "The host is controlled over a connection without TLS.");
  },
});
