import { z } from "zod";
import { text, type SettingMeta, whole } from "../formats";

const noDocker = { vercel: "Vercel builds the source with `npm run build`, without Docker" };

export const build = z
  .strictObject({
    context: text({ description: "Folder with the Dockerfile, relative to the project.", example: "app" }),
    dockerfile: text({
      on: ["aws-ecs", "docker"],
      why: noDocker,
      description: "Dockerfile, relative to the context. Default: `Dockerfile`.",
    }).optional(),
    keepImages: whole(1, 1000, {
      on: ["aws-ecs"],
      description: "Images that the ECR repository keeps, for a way back. Default: 30.",
      unit: "images",
    }).optional(),
    args: z
      .record(z.string(), z.string("expected text"))
      .meta({
        on: ["aws-ecs", "docker"],
        why: noDocker,
        description: "Build arguments. Never secrets: they stay readable in the image.",
      })
      .optional(),
    secrets: z
      .record(z.string(), z.string("expected the path of a file"))
      .meta({
        on: ["aws-ecs", "docker"],
        why: noDocker,
        description:
          "Files on this machine for `RUN --mount=type=secret`, by id, of 128,000 bytes at most. They are in no layer.",
        example: { ca: "/usr/local/share/ca-certificates/acme.crt" },
      })
      .optional(),
  })
  .meta({
    on: ["aws-ecs", "docker", "vercel"],
    why: { kubernetes: "a cluster pulls from a registry; push the image, then set slipway:image" },
    description: "Build the image here instead of pulling one.",
  } satisfies SettingMeta);
