import { type Guards, type OutageClass, outageClasses } from "../../../stacks/settings/sections/guards";
import { dollars } from "../cost/money";
import { relaxation, type Relaxation } from "../relaxed/relaxed";

/** Something that the team's own guards do not let a pull request do. */
export interface CrossedGuard {
  /** The setting, without `slipway:guards.`. */
  readonly guard: keyof Guards;
  /** One sentence. */
  readonly message: string;
  /** Label with which the pull request may do it; absent when none lets it. */
  readonly label?: string;
}

/** What of a change the guards ask about. */
export interface GuardedChange {
  /** Of the stack after the change; undefined when something in it has no price. */
  readonly monthlyUsd: number | undefined;
  /** With the most replicas; absent where nothing scales. */
  readonly mostUsd?: number;
  /** Undefined when it is not known; absent without a base. */
  readonly increaseUsd?: number | undefined;
  /** With the most replicas before and after; absent where nothing scales. */
  readonly mostIncreaseUsd?: number | undefined;
  readonly outages: readonly OutageClass[];
  readonly losses: number;
  readonly relaxed: number;
}

/** Fails closed: a limit of cost that cannot be judged counts as exceeded. */
export function crossedGuards(change: GuardedChange, guards: Guards, labels: readonly string[]): CrossedGuard[] {
  const {
    monthlyUsd: month,
    monthlyIncreaseUsd: increase,
    outage,
    overrideLabel,
    dataLossLabel,
    relaxedLabel,
  } = guards;
  const worst = Math.max(0, ...change.outages.map((one) => outageClasses.indexOf(one)));
  const crossed: (CrossedGuard | false)[] = [
    month !== undefined &&
      exceeds(change.monthlyUsd, change.mostUsd, month) && {
        guard: "monthlyUsd",
        message: `A month would cost ${known(change.monthlyUsd, change.mostUsd, month)}; at most ${dollars(month)} is allowed.`,
        label: overrideLabel,
      },
    increase !== undefined &&
      "increaseUsd" in change &&
      exceeds(change.increaseUsd, change.mostIncreaseUsd, increase) && {
        guard: "monthlyIncreaseUsd",
        message: `It would cost ${known(change.increaseUsd, change.mostIncreaseUsd, increase)} more a month; at most ${dollars(increase)} is allowed.`,
        label: overrideLabel,
      },
    outage !== undefined &&
      worst > outageClasses.indexOf(outage) && {
        guard: "outage",
        message: `It would interrupt the site for ${outageClasses[worst]}; ${outage === "none" ? "no interruption" : `at most ${outage}`} is allowed.`,
        label: overrideLabel,
      },
    dataLossLabel !== undefined &&
      change.losses > 0 && {
        guard: "dataLossLabel",
        message: "It would lose data or restore points.",
        label: dataLossLabel,
      },
    relaxedLabel !== undefined &&
      change.relaxed > 0 && {
        guard: "relaxedLabel",
        message: "It relaxes guard rails that judged it until now.",
        label: relaxedLabel,
      },
  ];
  return crossed
    .filter((one): one is CrossedGuard => one !== false)
    .filter(({ label }) => label === undefined || !labels.includes(label));
}

/** With the fewest replicas, or with the most: an autoscaler asks nobody. */
function exceeds(least: number | undefined, most: number | undefined, limit: number): boolean {
  return least === undefined || Math.max(least, most ?? least) > limit;
}

function known(least: number | undefined, most: number | undefined, limit: number): string {
  if (least === undefined) return "what nobody knows, since something in it has no price,";
  return least > limit || most === undefined ? dollars(least) : `up to ${dollars(most)} with the most replicas`;
}

/** Guards that are gone, or let more through. Another label is another group of people who may set it. */
export function relaxedGuards(before: Guards, after: Guards): Relaxation[] {
  const looser = (name: keyof Guards): boolean => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return false;
    if (name === "overrideLabel") return now !== undefined;
    if (old === undefined) return false;
    if (now === undefined) return name !== "outage" || old !== "hours";
    if (name === "outage") return outageClasses.indexOf(now as OutageClass) > outageClasses.indexOf(old as OutageClass);
    return typeof old === "number" && typeof now === "number" ? now > old : true;
  };
  return (Object.keys({ ...before, ...after }) as (keyof Guards)[])
    .filter(looser)
    .map((name) => relaxation("guard", `guards.${name}`, `was ${shown(before[name])} and is ${shown(after[name])}`));
}

function shown(value: Guards[keyof Guards]): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
