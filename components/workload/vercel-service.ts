import {
  ComponentResource,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import { Deployment, ProjectDomain, ProjectEnvironmentVariable } from "@pulumiverse/vercel";
import type { SignalSource } from "../monitoring/contract";
import { isSecretRef, type SecretRef } from "../secrets/contract";
import type { ContainerService } from "./contract";
import { cacheNamespace } from "../shared/cache-namespace";
import type { Environment } from "../shared/environment";
import { type ChildTransforms, transforming } from "../shared/transform";

export interface VercelServiceArgs {
  /** Project that is deployed. @example new VercelProject("shop", …) */
  readonly project: { readonly projectId: Output<string>; readonly projectName: Output<string> };
  /** Variables: values, or references to secrets. @example { LOG_LEVEL: "info" } */
  readonly environment: Environment;
  /** The site's public host name. Its DNS record points at {@link VercelService.hostname}. @example "shop.example.com" */
  readonly domain: string;
  /**
   * Commit or branch that is deployed to production here.
   *
   * @default pushes and `vercel deploy --prod` deploy
   * @example "3f2c1d9"
   */
  readonly ref?: Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * The application on Vercel: its variables, its domain, and, with `ref`, the deployment in production. Vercel makes as
 * many functions as there is load, so nothing here says how many. What it emits goes to Vercel's own dashboard; there is
 * no place where Slipway's signals could be read.
 */
export class VercelService extends ComponentResource implements ContainerService {
  readonly url: Output<string>;
  readonly hostname: Output<string>;
  readonly signals: readonly SignalSource[] = [];
  readonly logs: Output<string>;
  readonly rollback: Output<string>;

  constructor(name: string, given: VercelServiceArgs, options?: ComponentResourceOptions) {
    super("slipway:container-service:VercelService", name, {}, transforming(options, given.transform));
    const environment = { CACHE_NAMESPACE: cacheNamespace(name, given.environment), ...given.environment };
    const args = { ...given, environment };
    const { domain, project } = args;

    const variables = this.setVariables(name, args);
    const address = new ProjectDomain(name, { projectId: project.projectId, domain }, { parent: this });
    if (args.ref !== undefined) this.deploy(name, args, args.ref, [...variables, address]);

    this.url = output(`https://${domain}`);
    // https://vercel.com/docs/domains/working-with-domains/add-a-domain
    this.hostname = output("cname.vercel-dns.com");
    this.logs = interpolate`vercel logs ${domain} --follow`;
    this.rollback = interpolate`vercel link --yes --project ${project.projectName} && vercel rollback`;
    this.registerOutputs({ url: this.url, hostname: this.hostname });
  }

  private setVariables(name: string, { environment, project }: VercelServiceArgs): Resource[] {
    return Object.entries(environment).flatMap(([key, value]) => {
      if (isSecretRef(value)) {
        refuseElsewhere(key, value);
        return [];
      }
      return [
        new ProjectEnvironmentVariable(
          `${name}-${key}`,
          { projectId: project.projectId, key, value, sensitive: false, targets: ["production"] },
          { parent: this },
        ),
      ];
    });
  }

  /** A deployment binds its variables when it is made: a changed one means a new deployment of the same commit. */
  private deploy(
    name: string,
    { environment, project }: VercelServiceArgs,
    ref: Input<string>,
    dependsOn: Resource[],
  ): void {
    const keepers = Object.fromEntries(
      Object.entries(environment).flatMap(([key, value]): [string, Input<string>][] => {
        if (!isSecretRef(value)) return [[key, value]];
        return value.store === "vercel" && value.version !== undefined ? [[key, value.version]] : [];
      }),
    );
    const version = new RandomId(`${name}-environment`, { byteLength: 6, keepers }, { parent: this });
    new Deployment(
      name,
      { projectId: project.projectId, ref, production: true, meta: { environment: version.hex } },
      // Without `deleteOnDestroy` the deployment that is replaced stays, for a way back.
      { parent: this, dependsOn, replaceOnChanges: ["meta"] },
    );
  }
}

/** A secret is in the project under the name the application knows, or it cannot get there. */
function refuseElsewhere(key: string, ref: SecretRef): void {
  if (ref.store !== "vercel") {
    throw new Error(`${key}: a secret in ${ref.store} cannot reach a Vercel project; give it to VercelSecrets`);
  }
  if (ref.variable !== key) {
    throw new Error(`${key}: the project has this secret as ${ref.variable}, and Vercel cannot rename a variable`);
  }
}
