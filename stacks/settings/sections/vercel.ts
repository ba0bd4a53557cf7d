import { z } from "zod";
import * as format from "../formats";
import { text, type SettingMeta } from "../formats";

export const vercel = z
  .strictObject({
    repository: text(
      {
        description: "Repository that Vercel builds at each push. Without one: `vercel deploy --prod` alone deploys.",
        example: "github/acme/shop",
      },
      format.matches(
        /^(github|gitlab|bitbucket)(\/[\w.-]+){2,}$/,
        "expected github, gitlab or bitbucket, then owner and name, such as github/acme/shop",
      ),
    ).optional(),
    productionBranch: text({ description: "Branch whose pushes go to production.", example: "main" }),
    ref: text({
      description: "Commit or branch that `pulumi up` deploys to production as well.",
      example: "3f2c1d9",
    }).optional(),
    regions: z
      .array(
        text({ description: "" }, format.matches(/^[a-z]{3}\d$/, "expected a region of Vercel such as fra1 or iad1")),
      )
      .min(1, "expected at least one region")
      .meta({ description: "Where functions run: beside the database.", example: ["fra1"] }),
  })
  .meta({ on: ["vercel"], description: "What Vercel builds, and where it runs it." } satisfies SettingMeta);
