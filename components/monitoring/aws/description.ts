import * as pulumi from "@pulumi/pulumi";
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
