import { z } from "zod";
import { listed, matches, oneOf, text, whole } from "../formats";

/** How long a change may interrupt the site; each class allows those before it. */
export const outageClasses = ["none", "seconds", "minutes", "hours"] as const;
export type OutageClass = (typeof outageClasses)[number];

const dollars = (description: string) => whole(0, 1_000_000, { description, unit: "US dollars" });
const label = (description: string, example: string) =>
  text(
    { description, example },
    matches(/^[^,\s](?:[^,]{0,48}[^,\s])?$/, "expected the name of a label, at most 50 characters"),
  ).optional();

export const guards = z
  .strictObject({
    monthlyUsd: dollars("Most that the stack may cost per month, by the estimate, with the most replicas.").optional(),
    monthlyIncreaseUsd: dollars("Most that one pull request may add to it per month.").optional(),
    outage: oneOf(outageClasses, {
      description: `Longest interruption that a pull request may cause: ${listed(outageClasses)}. \`hours\`: or until somebody acts. Default: \`hours\`.`,
    }).optional(),
    dataLossLabel: label("Label without which a pull request may not lose data or restore points.", "loses-data"),
    relaxedLabel: label("Label without which a pull request may not relax what judges it.", "relaxes-rules"),
    overrideLabel: label("Label with which a pull request may exceed cost and outage. Default: none.", "guards-lifted"),
  })
  .meta({ description: "What a pull request may not do, or not without a label: docs/pull-requests.md." });

export type Guards = z.infer<typeof guards>;
