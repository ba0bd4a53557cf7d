import { z } from "zod";
import * as format from "../formats";
import { flag, oneOf, text, whole } from "../formats";

export const cache = z
  .strictObject({
    implementation: oneOf(["elasticache", "kubernetes", "docker", "external", "none"], {
      description: "Who runs the cache. `none`: every replica caches for itself alone.",
    }),
    nodeType: text(
      { on: ["aws-ecs"], with: ["elasticache"], description: "Node type of ElastiCache.", example: "cache.t4g.small" },
      format.matches(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "expected an ElastiCache type such as cache.t4g.small"),
    ),
    memoryMb: whole(32, 262144, {
      on: ["kubernetes", "docker"],
      why: { "aws-ecs": "ElastiCache is sized by slipway:cache.nodeType" },
      with: ["kubernetes", "docker"],
      description: "Memory for entries.",
      unit: "MiB",
    }),
    standby: flag({
      on: ["aws-ecs"],
      why: {
        kubernetes:
          "one server without a copy, which another node starts anew when its own is lost; expected false, or an external cache",
        docker: "a second cache on the same host is lost together with the first",
        vercel: "the operator of the external cache decides that",
      },
      with: ["elasticache"],
      description: "A second node that takes over when the first is lost.",
    }),
    accessControl: oneOf(["auth", "rbac"], {
      on: ["aws-ecs"],
      with: ["elasticache"],
      description:
        "`auth`: one password, with which everything is allowed. `rbac`: a user of the application that may what `accessString` says; the user `default` is off: docs/aws.md#who-may-use-the-cache. Default: `auth`.",
    }).optional(),
    accessString: text(
      {
        on: ["aws-ecs"],
        with: ["elasticache"],
        description:
          "What the application's user may with `accessControl: rbac`. Default: the keys and commands of `@slipway/next`; for another image all keys, without dangerous commands.",
        example: "on ~slipway:shop-prod-* ~sessions:* &slipway:shop-prod-* -@all +@read +@write +@connection",
      },
      format.accessString,
    ).optional(),
    ttlSeconds: whole(1, 31_536_000, {
      description: "How long an entry lives when the page does not say.",
      unit: "seconds",
    }),
    securityGroupId: text(
      {
        on: ["aws-ecs"],
        with: ["external"],
        description:
          "Security group of a cache that exists, which gets a rule that lets the application in. Default: its owner lets it in.",
        example: "sg-0a1b2c3d",
      },
      format.securityGroupId,
    ).optional(),
    url: text(
      { with: ["external"], description: "Address of the cache.", example: "rediss://cache.example.com:6379" },
      format.serverUrl("redis", "rediss"),
    ).optional(),
  })
  .meta({ description: "The shared cache (Redis protocol)." });
