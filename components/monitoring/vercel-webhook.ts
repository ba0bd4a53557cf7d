import {
  ComponentResource,
  output,
  secret,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { Webhook } from "@pulumiverse/vercel";
import type { Monitoring } from "./contract";
import { type ChildTransforms, transforming } from "../shared/transform";

export interface VercelWebhookArgs {
  /** Project on Vercel. @example project.projectId */
  readonly projectId: Input<string>;
  /** Name of the project on Vercel. @example "shop" */
  readonly projectName: Input<string>;
  /**
   * HTTPS address that gets each event as a POST.
   *
   * @default there are no recipients
   * @example config.requireSecret("webhook")
   */
  readonly webhook?: Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * Tells somebody of a release that failed or was stopped. Errors and latency are watched by Vercel itself, and who is
 * told of those is set in its dashboard. Needs the plan Pro; free there.
 */
export class VercelWebhook extends ComponentResource implements Monitoring {
  readonly dashboard: Output<string>;

  constructor(name: string, args: VercelWebhookArgs, options?: ComponentResourceOptions) {
    super("slipway:monitoring:VercelWebhook", name, {}, transforming(options, args.transform));
    if (args.webhook !== undefined) {
      new Webhook(
        name,
        {
          endpoint: secret(args.webhook),
          events: ["deployment.error", "deployment.canceled"],
          projectIds: [args.projectId],
        },
        { parent: this },
      );
    }
    // The address has the team's name in it, which the provider does not tell; Vercel fills it in.
    this.dashboard = output(args.projectName).apply((project) => `https://vercel.com/d?to=/[team]/${project}`);
    this.registerOutputs({ dashboard: this.dashboard });
  }
}
