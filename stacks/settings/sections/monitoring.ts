import { z } from "zod";
import * as format from "../formats";
import { flag, text, whole, servers } from "../formats";

export const monitoring = z
  .strictObject({
    emails: z.array(text({ description: "" }, format.email)).meta({
      on: servers,
      why: { vercel: "Vercel has no e-mail that a program could set up: expected slipway:monitoring.webhook" },
      description: "Alarm recipients by e-mail.",
      example: ["ops@example.com"],
    }),
    webhook: text(
      {
        description:
          "Address that gets each alarm as a POST; Slack, Teams and Discord in the form that they take. It opens the channel behind it: `pulumi config set --secret --path slipway:monitoring.webhook`. In plain text it is refused.",
        example: "https://hooks.example.com/ops",
      },
      format.webhookUrl,
    ).optional(),
    smtp: z
      .strictObject({
        host: text(
          { description: "Server and port that take e-mail.", example: "smtp.example.com:587" },
          format.hostAndPort,
        ),
        from: text({ description: "Sender." }, format.email),
      })
      .meta({
        on: ["kubernetes", "docker"],
        why: { "aws-ecs": "SNS sends the e-mail", vercel: "no e-mail is sent from Vercel" },
        description: "Mail server for alarms.",
      })
      .optional(),
    budgetUsd: whole(1, 10_000_000, {
      on: ["aws-ecs"],
      description:
        "What the stack may cost a month, such as the estimate of `slipway cost` times 1.3: AWS Budgets writes to `emails` at 80 and 100 percent, and when it foresees more. Counted by the tag `stack`: docs/aws.md#whose-a-resource-is.",
      unit: "US dollars",
    }).optional(),
    dashboard: flag({
      on: ["aws-ecs"],
      description: "A dashboard in CloudWatch: $3 a month beyond the first three of an account.",
    }),
    syntheticChecks: z
      .array(
        z.strictObject({
          path: text(
            { description: "", example: "/products" },
            format.matches(/^\/[\x21-\x7e]{0,254}$/, "expected a path such as /products"),
          ),
          contains: text(
            { description: "", example: "Add to cart" },
            format.matches(/^.{1,255}$/, "expected 1 to 255 characters"),
          ).optional(),
        }),
      )
      .max(10, "expected 10 at most")
      .refine((checks) => new Set(checks.map(({ path }) => path)).size === checks.length, "has a path twice")
      .meta({
        on: ["aws-ecs"],
        why: { docker: "the site is asked for from the host itself: docker.exporters" },
        description:
          "Pages that Route 53 asks for from three continents, the way that visitors take; `contains` is a text in the first 5,120 bytes. $1.50 a month each, $2.50 with `contains`. Default in production, where `tls.hostedZoneId` has the records: `/api/ready` and `/`; `[]` for none.",
        example: [{ path: "/api/ready" }, { path: "/products", contains: "Add to cart" }],
      })
      .optional(),
    compositeAlarms: flag({
      on: servers,
      why: { vercel: "no alarm is made on Vercel; its dashboard has them" },
      description:
        "Whether alarms that go off together notify once: by composite alarms of CloudWatch, $0.50 a month each, four with a CDN; elsewhere by inhibition in Alertmanager, free.",
    }),
    logRetentionDays: z
      .literal(
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
        "expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days",
      )
      .meta({
        on: ["aws-ecs", "docker"],
        why: {
          kubernetes: "the cluster's own log collector decides how long it keeps what pods print",
          vercel: "the plan says how long Vercel keeps logs",
        },
        description: "Days that logs are kept on AWS, which takes these numbers only, and metrics on one host.",
        unit: "days",
      }),
    errorPercent: whole(1, 50, {
      on: servers,
      why: { vercel: "no alarm is made on Vercel; its dashboard has them" },
      description: "Failed requests above which an alarm fires.",
      unit: "percent",
    }),
    p95Milliseconds: whole(50, 60_000, {
      on: servers,
      why: { vercel: "no alarm is made on Vercel; its dashboard has them" },
      description: "95th percentile of the response time above which an alarm fires.",
      unit: "ms",
    }),
    saturationPercent: whole(50, 99, {
      on: servers,
      why: { vercel: "no alarm is made on Vercel; its dashboard has them" },
      description: "Use of CPU, memory or connections above which an alarm fires.",
      unit: "percent",
    }),
  })
  .meta({ description: "What is watched and who is notified." });
