import { z } from "zod";
import { matches, oneOf, text, whole } from "../formats";

export const cdn = z
  .strictObject({
    implementation: oneOf(["cloudfront", "nginx", "vercel", "none"], {
      description: "What stands between browsers and the service.",
    }),
    priceClass: oneOf(["PriceClass_100", "PriceClass_200", "PriceClass_All"], {
      on: ["aws-ecs"],
      with: ["cloudfront"],
      description:
        "Where CloudFront answers. Default: `PriceClass_100`, North America and Europe; visitors elsewhere are served from there. `PriceClass_All` serves everybody nearby, at up to 1.4 times the price per GB.",
    }).optional(),
    maxPageAgeSeconds: whole(0, 31_536_000, {
      on: ["aws-ecs"],
      with: ["cloudfront"],
      description:
        "Longest time that CloudFront keeps a page, whatever its Cache-Control says: revalidateTag and revalidatePath show that late where `invalidationPathsPerDay` does not reach. A release and a rollback empty the cache at once. Default: `60`.",
      unit: "seconds",
    }).optional(),
    invalidationPathsPerDay: whole(0, 100_000, {
      on: ["aws-ecs"],
      with: ["cloudfront"],
      description:
        "Tags that the application invalidates at CloudFront a day, so that revalidateTag and revalidatePath are seen within seconds; beyond it, within `maxPageAgeSeconds`. Each costs $0.005 after the first 1,000 of an account and month. Default: `100`, `0` where `network.nat` is `none` and for an image without @slipway/next, which cannot.",
      unit: "paths",
    }).optional(),
    errorPage: text(
      {
        on: ["aws-ecs"],
        with: ["cloudfront"],
        description:
          "HTML file beside Pulumi.yaml that CloudFront shows in place of 502, 503 and 504, with status 503, while the site cannot answer. One file, without others. Default: what the load balancer or CloudFront says.",
        example: "error.html",
      },
      matches(
        /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*\.html$/,
        "expected the path of a file that ends in .html, below the folder with Pulumi.yaml",
      ),
    ).optional(),
    assetRetentionDays: whole(1, 365, {
      on: ["aws-ecs", "docker", "vercel"],
      why: { kubernetes: "the stack puts no CDN in front of the cluster" },
      with: ["cloudfront", "nginx", "vercel"],
      description: "Days for which static files of earlier releases stay available.",
      unit: "days",
    }),
    publicPaths: z
      .array(
        text({ description: "" }, (value) =>
          // A `*` of CloudFront's passes slashes: in the first part it would be files of pages and of an API as well.
          // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html
          /^(?=.{2,255}$)\/(?:[\w.$~"'@:+&-]+\/)*[\w.$~"'@:+&-]+\.[A-Za-z0-9]+$|^(?=.{2,255}$)\/[\w.$~"'@:+&-]+\/[\w.$~"'@:+&*?/-]*(?:\*|\.[A-Za-z0-9]+)$/.test(
            value,
          )
            ? undefined
            : "expected the path of a file or of a folder of files, such as /favicon.ico, /images/* or /fonts/*.woff2",
        ),
      )
      .max(40, "expected 40 at most")
      .refine((paths) => new Set(paths).size === paths.length, "has a path twice")
      .meta({
        on: ["aws-ecs"],
        with: ["cloudfront"],
        description:
          "Files of `public/` that CloudFront keeps for `publicMaxAgeSeconds`, whatever their Cache-Control says, until a release or a rollback empties the cache: docs/aws.md#files-of-public. For what everybody may read and no page answers. Default: none; each request for them goes on to the site.",
        example: ["/images/*", "/favicon.ico"],
      })
      .optional(),
    publicMaxAgeSeconds: whole(1, 31_536_000, {
      on: ["aws-ecs"],
      with: ["cloudfront"],
      description: "Longest time that CloudFront keeps what `publicPaths` names. Default: `86400`.",
      unit: "seconds",
    }).optional(),
    assetPath: text(
      {
        on: ["aws-ecs", "docker"],
        why: {
          kubernetes: "the stack puts no CDN in front of the cluster",
          vercel: "Vercel knows where Next.js has its static files",
        },
        with: ["cloudfront", "nginx"],
        description:
          "What the paths of static files begin with whose names hold a hash of the content. Default: `/_next/static/`.",
        example: "/assets/",
      },
      (value) =>
        /^(?=.{1,254}$)\/(?:[\w.~-]+\/)+$/.test(value)
          ? undefined
          : "expected a path with a slash at both ends and 254 characters at most, such as /assets/",
    ).optional(),
  })
  .meta({ description: "The content delivery network." });
