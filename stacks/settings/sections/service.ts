import { z } from "zod";
import * as format from "../formats";
import { oneOf, text, whole, servers, scaled } from "../formats";

const path = (what: string, example: string) =>
  format.text({ description: what, example }, (value) =>
    value === "tcp" || /^\/[\w.~%!$&'()*+,;=:@/?-]*$/.test(value)
      ? undefined
      : 'expected a path such as /healthz, or "tcp": that the port takes a connection',
  );

const command = z
  .array(z.string("expected text").min(1, "expected text"), 'expected a list of texts, such as ["node", "server.js"]')
  .min(1, 'expected a command, such as ["node", "server.js"]');

export const service = z
  .strictObject({
    cpuMillis: whole(100, 16000, {
      description: "CPU of one replica. AWS offers 250, 500, 1000, 2000, 4000, 8000 and 16000.",
      unit: "thousandths of a CPU",
    }),
    memoryMb: whole(128, 122880, {
      description: "Memory of one replica; it is killed when it needs more.",
      unit: "MiB",
    }),
    platform: oneOf(["linux/amd64", "linux/arm64"], {
      on: ["aws-ecs"],
      description:
        "What the image runs on. `linux/arm64` (Graviton) costs a fifth less and needs an image that has it; what is built with `build` is built for it, by emulation where the building machine is another. Default: `linux/amd64`; `linux/arm64` for what is built in the presets small and development.",
    }).optional(),
    spotPercent: whole(0, 100, {
      on: ["aws-ecs"],
      description:
        "Share of the replicas that runs on Fargate Spot, at about a third of the price: AWS takes one away with two minutes' notice. Below 100, `minReplicas` are never among them.",
      unit: "percent",
    }),
    schedules: z
      .array(
        z.strictObject({
          cron: text({ description: "", example: "0 7 * * 1-5" }, format.cron),
          timeZone: text(
            { description: "", example: "Europe/Berlin" },
            format.matches(/^(UTC|[A-Z][A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/, "expected a time zone such as Europe/Berlin"),
          ).optional(),
          minReplicas: whole(0, 100, { description: "" }),
          maxReplicas: whole(1, 500, { description: "" }),
        }),
      )
      .meta({
        on: ["aws-ecs"],
        description:
          "Other numbers of replicas from a moment on, until the next: five cron fields, in UTC unless `timeZone` says otherwise. Between the two, load decides.",
        example: [
          { cron: "0 7 * * 1-5", timeZone: "Europe/Berlin", minReplicas: 4, maxReplicas: 20 },
          { cron: "0 20 * * 1-5", timeZone: "Europe/Berlin", minReplicas: 2, maxReplicas: 10 },
        ],
      })
      .optional(),
    minReplicas: whole(1, 100, {
      on: servers,
      why: { vercel: "Vercel runs as many functions as there is load, down to none" },
      description: "Replicas that always run. One cannot survive the loss of a zone.",
    }),
    maxReplicas: whole(1, 500, {
      on: servers,
      why: { vercel: "Vercel runs as many functions as there is load" },
      description: "Replicas at the highest load. On one host: equal to minReplicas.",
    }),
    targetCpuPercent: whole(10, 90, {
      on: scaled,
      why: { docker: "one host does not scale by itself", vercel: "Vercel decides when it adds functions" },
      description: "Average CPU above which replicas are added.",
      unit: "percent",
    }),
    targetMemoryPercent: z
      .union([z.literal(false), z.int().min(10).max(90)], "expected a whole number from 10 to 90, or false")
      .meta({
        on: scaled,
        why: { docker: "one host does not scale by itself", vercel: "Vercel decides when it adds functions" },
        description:
          "Average memory above which replicas are added, 10 to 90. Node.js gives little back of what it once took, so replicas that memory added go late or never; `false` scales without it.",
        unit: "percent",
        example: 75,
      }),
    requestsPerMinutePerReplica: whole(10, 1_000_000, {
      on: ["aws-ecs", "kubernetes"],
      why: {
        docker: "one host does not scale by itself",
        vercel: "Vercel decides when it adds functions",
      },
      description: "Requests above which replicas are added. On Kubernetes with `kubernetes.autoscaler: keda`.",
      unit: "requests per minute and replica",
    }),
    maxConcurrentRequests: whole(1, 100_000, {
      on: servers,
      why: { vercel: "Vercel adds functions instead of turning requests away" },
      description: "Requests one replica serves at once; more are answered 503 with Retry-After.",
    }),
    port: whole(1, 65535, {
      on: servers,
      why: { vercel: "a function listens on no port" },
      description: "Port the application listens on.",
    }),
    metricsPort: whole(1, 65535, {
      on: servers,
      why: { vercel: "a function has no private port; Vercel has metrics of its own" },
      description: "Private port of /metrics. Never published.",
    }),
    startupSeconds: whole(5, 900, {
      on: servers,
      why: { vercel: "Vercel asks no health check before it sends requests" },
      description: "Time a replica may take until it is first healthy.",
      unit: "seconds",
    }),
    drainSeconds: whole(0, 300, {
      on: servers,
      why: { vercel: "a deployment that is replaced finishes its requests, however long they take" },
      description: "Time between leaving the routing and SIGTERM.",
      unit: "seconds",
    }),
    graceSeconds: whole(1, 110, {
      on: servers,
      why: { vercel: "a deployment that is replaced finishes its requests, however long they take" },
      description: "Time for requests in flight after SIGTERM. On ECS at most 115 s together with drainSeconds.",
      unit: "seconds",
    }),
    health: z
      .strictObject({
        live: path("Answers 200 while the process lives; asks no dependency.", "/healthz"),
        ready: path("Answers 200 when the replica can serve.", "/readyz"),
        command: command
          .meta({
            description:
              "Command in the image that ends with 0 when it is well. Default: curl, wget, node, python3 or bash, whichever it has.",
            example: ["/app/probe"],
          })
          .optional(),
      })
      .meta({
        on: servers,
        why: { vercel: "Vercel runs a Next.js application, and no image" },
        description:
          "How an image without `@slipway/next` says that it is well: docs/bring-your-app.md#a-plain-image. Default: the image has `@slipway/next`.",
        example: { live: "tcp", ready: "/readyz" },
      })
      .optional(),
    command: command
      .meta({
        on: servers,
        why: { vercel: "Vercel runs a Next.js application, and no image" },
        description: "Command in the image that serves. Default: the image's own.",
        example: ["node", "server.js"],
      })
      .optional(),
    user: whole(0, 65534, {
      on: servers,
      why: { vercel: "Vercel runs a Next.js application, and no image" },
      description:
        "Number of the user, and of the group, that runs the image. Default: 1001. As root (0) it takes an exemption from `ecs-nonroot` or `docker-nonroot`, with its reason.",
      example: 1000,
    }).optional(),
    writable: z
      .array(
        z
          .string("expected text")
          .regex(/^\/(?:[\w.-]+\/)*[\w.-]+$/, "expected an absolute path of a folder, such as /app/cache")
          .refine((value) => !/\/\.{1,2}(?:\/|$)/.test(value), "expected a path without . and ..")
          .refine(
            (value) => !/^\/(?:tmp|data|proc|sys|dev|run\/secrets|etc)(?:\/|$)/.test(value),
            "is taken: /tmp can be written to anyway, /data holds uploads, the others are the system's",
          ),
        'expected a list of folders, such as ["/app/cache"]',
      )
      .max(10, "expected 10 at most")
      .meta({
        on: servers,
        why: { vercel: "Vercel runs a Next.js application, and no image" },
        description: "Folders beside `/tmp` that the image writes to. Empty when a replica starts, gone when it ends.",
        example: ["/app/.next/cache"],
      })
      .optional(),
    basePath: format
      .text(
        {
          on: ["aws-ecs", "docker"],
          why: {
            kubernetes: "nothing that the stack puts in front goes by the paths of static files",
            vercel: "Vercel knows the application's own",
          },
          description:
            "`basePath` of next.config, where there is one: what is in front of the application finds its static files and pictures below it.",
          example: "/shop",
        },
        (value) =>
          /^(?=.{1,200}$)(?:\/[\w.~-]+)+$/.test(value) && !/\/\.{1,2}(?:\/|$)/.test(value)
            ? undefined
            : "expected a path as next.config has it, without a slash at its end, such as /shop",
      )
      .optional(),
    migration: z
      .union(
        [z.literal(false), z.array(z.string()).min(1)],
        'expected a command as a list of words, such as ["node", "migrate.js"], or false when there is nothing to migrate',
      )
      .meta({
        description: "Command in the image that migrates the database, before traffic.",
        example: ["node", "migrate.js"],
      })
      .optional(),
    environment: z
      .record(
        z.string().regex(format.environmentName, "expected a variable name: A to Z, 0 to 9 and _"),
        z.string("expected text"),
      )
      .meta({ description: "More variables for the application. Not for secrets.", example: { LOG_LEVEL: "debug" } }),
  })
  .meta({ description: "The application: size, replicas, shutdown, variables." });
