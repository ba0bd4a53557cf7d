import type { Resource } from "./resource";
import type { ExemptionStatus } from "./verdict";

export interface Exemption {
  readonly rule: string;
  /** A name or URN; `*` stands for any run of characters. */
  readonly resource: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds, in UTC. */
  readonly expires: string;
}

/** The exemptions of one evaluation: which hold today, and what each of them covered. */
export class Exemptions {
  private readonly entries: readonly { readonly status: ExemptionStatus; readonly covers: string[] }[];

  constructor(exemptions: readonly Exemption[], today: Date) {
    this.entries = exemptions.map((exemption) => {
      const covers: string[] = [];
      const daysLeft = daysBetween(today, exemption.expires);
      return { status: { ...exemption, state: daysLeft < 0 ? "expired" : "active", daysLeft, covers }, covers };
    });
  }

  /** The exemption that speaks of this failure, if any; one in force before an expired one. */
  find(rule: string, resource: Resource): ExemptionStatus | undefined {
    const found = this.entries.filter(({ status }) => status.rule === rule && matches(status.resource, resource));
    for (const { covers } of found) covers.push(resource.urn);
    return (found.find(({ status }) => status.state === "active") ?? found[0])?.status;
  }

  /** Whether one in force covers the resource; unlike {@link find}, it counts nothing as covered. */
  covering(rule: string, resource: Resource): boolean {
    return this.entries.some(
      ({ status }) => status.state === "active" && status.rule === rule && matches(status.resource, resource),
    );
  }

  list(): ExemptionStatus[] {
    return this.entries.map(({ status }) => status);
  }
}

function matches(pattern: string, { urn, name }: Resource): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(pattern.startsWith("urn:") ? urn : name);
}

function daysBetween(today: Date, expires: string): number {
  const day = 24 * 60 * 60 * 1000;
  return Math.round((Date.parse(expires) - Date.parse(today.toISOString().slice(0, 10))) / day);
}
