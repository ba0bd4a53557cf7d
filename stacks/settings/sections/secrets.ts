import { z } from "zod";
import * as format from "../formats";

const expectedBytes = "expected a number of bytes from 16 to 256";
const expectedGeneration = "expected a whole number from 1";
const bytes = z.int(expectedBytes).min(16, expectedBytes).max(256, expectedBytes);

/** `slipway rotate` writes both. */
const generation = z.int(expectedGeneration).min(1, expectedGeneration).max(9999, expectedGeneration);

export const secrets = z
  .record(
    z.string().regex(format.environmentName, "expected a variable name: A to Z, 0 to 9 and _"),
    z.union(
      [
        z.string(),
        z.strictObject({ generate: bytes, generation: generation.optional(), fallback: generation.optional() }),
        z.strictObject({
          reference: z.string().min(1, "expected where the secret lives"),
          keyArn: z
            .string()
            .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, "expected the ARN of a KMS key")
            .optional(),
        }),
      ],
      "expected a value set with `pulumi config set --secret`, { generate: bytes from 16 to 256 } or { reference: where it lives }",
    ),
  )
  .meta({
    description:
      "The application's secrets by variable name: a value set with `pulumi config set --secret --path slipway:secrets.NAME` (in plain text it is refused), `{ generate: bytes }` (`slipway rotate` adds which `generation` it is, and `fallback`, the one that the application still accepts, as NAME_FALLBACK), or `{ reference }` to one that exists (on AWS the ARN of a secret, with `:json-key:version-stage:version-id` if need be, and `keyArn` where a key of another account encrypts it). AUTH_SECRET and ENCRYPTION_KEY are generated unless given.",
    example: {
      EMAIL_API_KEY: { reference: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-email-AbCdEf" },
    },
  });
