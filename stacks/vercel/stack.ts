import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../components/shared/environment";
import { VercelProject } from "../../components/workload/vercel-project";
import { VercelService } from "../../components/workload/vercel-service";
import { VercelWebhook } from "../../components/monitoring/vercel-webhook";
import { VercelSecrets } from "../../components/secrets/vercel-secrets";
import { applicationEnvironment, secretSources, serviceArgs } from "../application";
import type { StackOutputs } from "../outputs";
import { existingCache, existingDatabase, existingStorage, merge } from "../parts";
import type { VercelSettings } from "../settings/settings";

/** Vercel: project, domain, variables and secrets; database, cache and storage are elsewhere. docs/vercel.md */
export function vercel(settings: VercelSettings): StackOutputs {
  const { build, cdn, domain, monitoring, vercel: where } = settings;
  const { migration, release, size } = serviceArgs(settings);

  const project = new VercelProject("project", {
    projectName: `${pulumi.getProject()}-${pulumi.getStack()}`,
    rootDirectory: build.context,
    repository:
      where.repository === undefined ? undefined : { name: where.repository, productionBranch: where.productionBranch },
    regions: where.regions,
    size,
    skewDays: cdn.assetRetentionDays,
    migration,
    release,
  });
  const { projectId, projectName } = project;
  const secrets = new VercelSecrets("secrets", {
    projectId,
    // The key that encrypts what server actions close over: pages of the previous release go on calling actions of this one.
    secrets: { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: { from: "generate", bytes: 32 }, ...secretSources(settings) },
  });
  const application = merge(
    existingDatabase("database", settings, secrets),
    existingCache(settings),
    existingStorage(settings),
  );
  const service = new VercelService(
    "web",
    {
      project,
      environment: {
        ...commonEnvironment(settings),
        ...application.environment,
        ...secrets.refs,
      },
      domain,
      ref: where.ref,
    },
    { dependsOn: [secrets] },
  );
  const watch = new VercelWebhook("monitoring", { projectId, projectName, webhook: monitoring.webhook });

  return {
    url: service.url,
    health: pulumi.interpolate`${service.url}/api/ready`,
    dashboard: watch.dashboard,
    logs: service.logs,
    rollback: service.rollback,
  };
}

/** Vercel listens, counts and stops by itself: what tells a server how to do that has no meaning in a function. */
function commonEnvironment(settings: VercelSettings): Environment {
  const own = ["PORT", "METRICS_PORT", "SHUTDOWN_DELAY_SECONDS", "SHUTDOWN_GRACE_SECONDS"];
  return Object.fromEntries(Object.entries(applicationEnvironment(settings)).filter(([name]) => !own.includes(name)));
}
