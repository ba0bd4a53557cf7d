import type { Settings } from "./settings";

/** What is allowed and may still surprise: a sentence with the setting that changes it. Undefined when it does not apply. */
type Warning = (settings: Settings) => string | undefined;

const warnings: readonly Warning[] = [
  ({ target, network }) =>
    target === "aws-ecs" && network.nat === "one"
      ? `one NAT gateway for ${network.zones} zones: the loss of its zone cuts outgoing traffic. slipway:network.nat: per-zone`
      : undefined,
  ({ preset, monitoring: { emails, webhook } }) =>
    preset !== "development" && emails.length === 0 && webhook === undefined
      ? "nobody is told of alarms. slipway:monitoring.emails or slipway:monitoring.webhook"
      : undefined,
  ({ preset, target, service }) =>
    preset === "production" && !["docker", "vercel"].includes(target) && service.minReplicas < 2
      ? "one replica: its loss is an outage. slipway:service.minReplicas: 2"
      : undefined,
  ({ target, database, kubernetes }) =>
    target === "kubernetes" && database.implementation === "cloudnative-pg" && kubernetes.backupBucket === undefined
      ? "the database has no backups outside the cluster. slipway:kubernetes.backupBucket"
      : undefined,
  ({ target, tls, network }) =>
    target === "docker" && tls.certificateFolder === undefined && network.bindAddress !== "127.0.0.1"
      ? "a self-signed certificate on a public address: browsers refuse it. slipway:tls.certificateFolder"
      : undefined,
  ({ target, storage }) =>
    target === "vercel" && storage.implementation === "none"
      ? "uploads are lost when a function ends. slipway:storage.implementation: external, with a bucket"
      : undefined,
  ({ image }) =>
    image !== undefined && !image.includes("@sha256:")
      ? `the image ${image} is named by tag, and a tag can move. slipway:image with its digest (@sha256:…)`
      : undefined,
];

export function warningsOf(settings: Settings): string[] {
  return warnings.map((warning) => warning(settings)).filter((text) => text !== undefined);
}
