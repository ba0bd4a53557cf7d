import type { Input } from "@pulumi/pulumi";
import type { SecretRef } from "../secrets/contract";

/** The variables of a container. A secret is a reference; the container service decides how it arrives. */
export type Environment = Readonly<Record<string, Input<string> | SecretRef>>;

/**
 * The variables every Slipway application understands, on every target under the same name. Each that carries a secret
 * may arrive as `NAME_FILE`, the path of a mounted file, where the target mounts files. What each means, with unit and
 * default: docs/environment.md.
 */
export const environmentNames = [
  "DATABASE_URL",
  "AUTH_SECRET",
  "AUTH_URL",
  "ENCRYPTION_KEY",
  "REDIS_URL",
  "CACHE_NAMESPACE",
  "EMAIL_API_KEY",
  "STORAGE_BUCKET",
  "SENTRY_DSN",
  "LOG_LEVEL",
  "METRICS_ENDPOINT",
  "CACHE_TTL",
  "MAX_CONCURRENT_REQUESTS",
] as const;
