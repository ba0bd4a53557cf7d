import { Config } from "@pulumi/pulumi";
import { VercelSecrets, VercelWebhook } from "slipway/vercel";

// Secrets and notifications of a project that exists.
const projectId = "prj_0123456789";
const webhook = new Config().requireSecret("webhook");

new VercelSecrets("secrets", { projectId, secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } } });
new VercelWebhook("webhook", { projectId, projectName: "shop", webhook });
