import * as pulumi from "@pulumi/pulumi";
import type { CompositeAlarm } from "../composite-alarms";
import type { Signal } from "../signals";

/** With this every alarm of the stack begins, and none of another's: what a webhook gets is chosen by it. */
export function ofThisStack(): string {
  return `${pulumi.getProject()}-${pulumi.getStack()} `;
}

/**
 * What an e-mail or a chat shows of an alarm: whose it is, how much it hurries, what it means and what to do.
 * @example describeAlarm("page", "Requests fail. Roll back.", "shop.example.com") // "shop-prod shop.example.com [page] Requests …"
 */
export function describeAlarm(severity: Signal["severity"], text: string, domain?: string): string {
  return `${ofThisStack()}${domain === undefined ? "" : `${domain} `}[${severity}] ${text}`;
}

/** Of an alarm without actions, as a composite alarm has them: a webhook goes by the beginning, and is not called for it either. */
export const asChild = (description: string): string => `Without an action of its own: ${description}`;

/** Unique in the account's region: AWS gives a composite alarm no name. */
export const compositeName = ({ id }: CompositeAlarm): string => `${pulumi.getProject()}-${pulumi.getStack()}-${id}`;

export function describeComposite({ alarm, runbook, severity, signals }: CompositeAlarm, domain?: string): string {
  return describeAlarm(severity, `${alarm}. ${runbook} docs/runbooks/${signals[0]}.md`, domain);
}
