import { z } from "zod";
import * as format from "../formats";
import { oneOf, text, whole } from "../formats";

export const storage = z
  .strictObject({
    implementation: oneOf(["s3", "external", "volume", "none"], {
      description:
        "Where uploads go. `s3`: a private bucket of the stack. `volume`: a volume that all replicas share. `external`: a bucket that exists.",
    }),
    bucket: text(
      { with: ["external"], description: "Bucket that exists.", example: "acme-uploads" },
      format.matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected a bucket name"),
    ).optional(),
    noncurrentDays: whole(1, 3650, {
      on: ["aws-ecs"],
      with: ["s3"],
      description: "Days for which overwritten and deleted files can be recovered. Default: 30.",
      unit: "days",
    }).optional(),
    endpoint: text(
      { with: ["external"], description: "Address of an S3 API other than AWS." },
      format.httpsUrl,
    ).optional(),
    region: text(
      {
        with: ["external"],
        description: "Region of the bucket. Default: the stack's on AWS, us-east-1 elsewhere.",
        example: "eu-central-1",
      },
      format.matches(/^[a-z0-9-]+$/, "expected a region such as eu-central-1"),
    ).optional(),
  })
  .meta({ description: "Object storage for uploads." });
