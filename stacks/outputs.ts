import type { Input } from "@pulumi/pulumi";
import type { SharedParts } from "./aws-ecs/existing";
import type { Operations } from "./operations";

/** What every stack exports, whatever its target. `pulumi stack output` shows it. */
export interface StackOutputs {
  /** The site. */
  readonly url: Input<string>;
  /** Says whether the site can serve, with the state of what it depends on. */
  readonly health: Input<string>;
  /** Where a person looks first: an address, or a command that opens it. */
  readonly dashboard: Input<string>;
  /** Command that follows the logs. */
  readonly logs: Input<string>;
  /** Command that goes back to the previous release. */
  readonly rollback: Input<string>;
  /** What `slipway release`, `rollback`, `status`, `logs` and `exec` need to know. Absent: they do not work there. */
  readonly operations?: Input<Operations>;
  /** Command that restores a copy of the database, or where it is described. Absent: there is none. */
  readonly restore?: Input<string>;
  /** By the name of a job, the command that starts a run of it now. Absent: there are no jobs. */
  readonly jobs?: Input<Readonly<Record<string, string>>>;
  /** VPC and load balancer, for stacks that name this one in `slipway:shared`. Absent: they are not its own. */
  readonly shared?: Input<SharedParts>;
  /** Roles of the workflows at GitHub, for the variables of its environments. Absent: there are none. */
  readonly roles?: Input<Readonly<Record<"preview" | "drift" | "deploy", string>>>;
  /** Header, `name: value`, with which a request reaches the new release before visitors do. Secret. */
  readonly testHeader?: Input<string>;
  /** `name:password` that a browser asks for, where the stack asks for one. Secret. */
  readonly basicAuth?: Input<string>;
  /** Address of Grafana with its user and password, a secret. */
  readonly grafana?: Input<string>;
}
