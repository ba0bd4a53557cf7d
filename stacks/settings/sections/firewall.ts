import { z } from "zod";
import * as format from "../formats";
import { oneOf, type SettingMeta, text, whole } from "../formats";

export const firewall = z
  .strictObject({
    mode: oneOf(["block", "count", "none"], {
      description:
        "`count`: what would be refused is only counted and logged, for as long as the rules are new to a site. `none`: no firewall, which costs $10 a month before its first request. Default: `block`; `none` in the presets small and development where this section is not given.",
    }).optional(),
    requestsPerAddress: whole(10, 2_000_000, {
      description:
        "Requests of one address within 5 minutes above which it is refused; static files and prefetches do not count. Ten times as many of all together. Default: `2000`.",
      unit: "requests per 5 minutes",
    }).optional(),
    exemptPaths: z
      .array(
        text(
          { description: "" },
          format.matches(
            /^\/[\w./~%-]{1,199}$/,
            "expected the beginning of a path of 200 characters at most, such as /api/webhooks/, and not all of the site",
          ),
        ),
      )
      .max(10, "expected 10 at most")
      .meta({
        description: "Beginnings of paths for which nothing is refused: what checks who calls by itself.",
        example: ["/api/webhooks/"],
      })
      .optional(),
  })
  .meta({
    on: ["aws-ecs"],
    why: {
      kubernetes: "whatever is in front of the cluster has a firewall of its own",
      docker: "nginx limits requests by address; there is no AWS WAF on one host",
      vercel: "Vercel's firewall is set up in its dashboard",
    },
    description: "AWS WAF in front of the site: limits, and what it lets through.",
  } satisfies SettingMeta);
