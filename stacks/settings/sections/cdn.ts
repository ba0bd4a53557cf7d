import { z } from "zod";
import { oneOf, whole } from "../formats";

export const cdn = z
  .strictObject({
    implementation: oneOf(["cloudfront", "nginx", "vercel", "none"], {
      description: "What stands between browsers and the service.",
    }),
    assetRetentionDays: whole(1, 365, {
      on: ["aws-ecs", "docker", "vercel"],
      why: { kubernetes: "the stack puts no CDN in front of the cluster" },
      with: ["cloudfront", "nginx", "vercel"],
      description: "Days for which static files of earlier releases stay available.",
      unit: "days",
    }),
  })
  .meta({ description: "The content delivery network." });
