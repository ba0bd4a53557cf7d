/** The components for Vercel: `import { ... } from "slipway/vercel"`. */
import "./shared/sdks/vercel";

export { VercelWebhook, type VercelWebhookArgs } from "./monitoring/vercel-webhook";
export { VercelSecrets, type VercelSecretsArgs } from "./secrets/vercel-secrets";
export { VercelProject, type VercelProjectArgs } from "./workload/vercel-project";
export { VercelService, type VercelServiceArgs } from "./workload/vercel-service";
export type { Ingress } from "./ingress/contract";
export type { Process, ReleaseStrategy } from "./workload/contract";
export type { SecretRef, SecretSource } from "./secrets/contract";
export type { SignalSource, Thresholds } from "./monitoring/contract";
export type { Environment } from "./shared/environment";
export type { ChildTransforms, Transform } from "./shared/transform";
