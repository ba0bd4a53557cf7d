import { z } from "zod";
import { type AssumptionKey, costAssumptions } from "../cost-assumptions";

export const costs = z
  .strictObject(
    Object.fromEntries(
      Object.entries(costAssumptions).map(([key, [, unit, meaning]]) => [
        key,
        z
          .number("expected a number")
          .nonnegative("expected a number from 0")
          .meta({ description: `${unit[0]!.toUpperCase()}${unit.slice(1)} ${meaning}.` })
          .optional(),
      ]),
    ) as Record<AssumptionKey, z.ZodOptional<z.ZodNumber>>,
  )
  .meta({ description: "What the cost estimate assumes where nobody can know it: docs/cost.md." });
