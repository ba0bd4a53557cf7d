import { z } from "zod";
import { oneOf, whole } from "../formats";

const progressive = ["aws-ecs", "kubernetes", "docker", "vercel"] as const;

export const release = z
  .strictObject({
    strategy: oneOf(["rolling", "blue-green", "canary", "linear"], {
      description: "How traffic moves to a new release.",
    }),
    weightPercent: whole(1, 50, {
      on: progressive,
      with: ["canary", "linear"],
      description: "Traffic that a canary, or each step of a linear release, gets.",
      unit: "percent",
    }),
    stepMinutes: whole(1, 1440, {
      on: progressive,
      with: ["canary", "linear"],
      description: "Time a canary or a linear step is watched.",
      unit: "minutes",
    }),
    minimumRequests: whole(1, 1_000_000, {
      on: ["kubernetes"],
      with: ["blue-green", "canary"],
      description:
        "Requests in two minutes, of both releases, below which a release cannot be judged and fails. A canary needs its weight's share of them.",
    }),
    bakeMinutes: whole(0, 1440, {
      on: ["aws-ecs", "kubernetes", "docker"],
      why: { vercel: "the previous deployment stays for as long as the team's retention says" },
      with: ["blue-green", "canary", "linear"],
      description: "Time both releases stay up after the switch.",
      unit: "minutes",
    }),
  })
  .meta({ description: "How a new release gets its traffic." });
