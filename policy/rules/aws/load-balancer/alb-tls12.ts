import { defineRule } from "../../../rule";
import { aws } from "../types";

/** Policies without TLS 1.0 and 1.1. Source: "Security policies for your Application Load Balancer", AWS documentation. */
const modern = /^ELBSecurityPolicy-(TLS13-1-[23]|FS-1-2|TLS-1-2)(-|$)/;

export default defineRule({
  id: "alb-tls12",
  title: "Listeners speak TLS 1.2 or newer",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.listener,
  references: ["FSBP ELB.17", "CKV_AWS_103"],
  why: "The policy a listener has by default still accepts TLS 1.0 and 1.1, both withdrawn (RFC 8996).",
  fix: "Set `sslPolicy` to `ELBSecurityPolicy-TLS13-1-2-Res-2021-06` or newer.",
  judge(listener, { fail }) {
    if (!listener.get("protocol").is("HTTPS", "TLS")) return;
    const policy = listener.get("sslPolicy");
    if (policy.absent || !modern.test(policy.string() ?? "")) fail(policy, "The listener accepts TLS 1.0 or 1.1.");
  },
});
