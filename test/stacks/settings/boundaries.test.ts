import { deepEqual, ok } from "node:assert/strict";
import { z } from "zod";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { fieldsOf, innermost, stackFile } from "../../../stacks/settings/schema";
import type { Target } from "../../../stacks/settings/settings";
import { targets } from "../../parity/targets";

type Raw = Record<string, unknown>;

function refused(target: Target, more: Readonly<Record<string, Raw>>): string[] {
  const file: Raw = { target, ...targets[target].file };
  const sections = Object.entries(more).map(([name, value]) => [
    name,
    { ...(file[name] as Raw | undefined), ...value },
  ]);
  try {
    resolveSettings("test", { ...file, ...(Object.fromEntries(sections) as Raw) }, { awsRegion: "eu-central-1" });
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key }) => key);
  }
}

const gib = (count: number) => count * 1024;

/** What Fargate sells, from its page: smallest, largest and step of the memory, in GiB, by CPU. */
const fargate: readonly (readonly [number, number, number, number])[] = [
  [500, 1, 4, 1],
  [1000, 2, 8, 1],
  [2000, 4, 16, 1],
  [4000, 8, 30, 1],
  [8000, 16, 60, 4],
  [16000, 32, 120, 8],
];

/** A constraint between settings: on which target, the last that is accepted, the first that is refused, and at which key. */
const between: readonly (readonly [
  Target,
  string,
  Readonly<Record<string, Raw>>,
  Readonly<Record<string, Raw>>,
  string,
])[] = [
  [
    "aws-ecs",
    "drain and grace",
    { service: { drainSeconds: 15, graceSeconds: 100 } },
    { service: { drainSeconds: 15, graceSeconds: 101 } },
    "service.graceSeconds",
  ],
  [
    "aws-ecs",
    "drain and grace, the other way",
    { service: { drainSeconds: 90, graceSeconds: 25 } },
    { service: { drainSeconds: 91, graceSeconds: 25 } },
    "service.graceSeconds",
  ],
  ["aws-ecs", "storage of RDS", { database: { storageGb: 20 } }, { database: { storageGb: 19 } }, "database.storageGb"],
  [
    "aws-ecs",
    "replicas",
    { service: { minReplicas: 4, maxReplicas: 4 } },
    { service: { minReplicas: 4, maxReplicas: 3 } },
    "service.maxReplicas",
  ],
  [
    "kubernetes",
    "replicas",
    { service: { minReplicas: 4, maxReplicas: 4 } },
    { service: { minReplicas: 4, maxReplicas: 3 } },
    "service.maxReplicas",
  ],
  [
    "docker",
    "fewer replicas at most",
    { service: { minReplicas: 3, maxReplicas: 3 } },
    { service: { minReplicas: 3, maxReplicas: 2 } },
    "service.maxReplicas",
  ],
  [
    "docker",
    "more replicas at most",
    { service: { minReplicas: 3, maxReplicas: 3 } },
    { service: { minReplicas: 3, maxReplicas: 4 } },
    "service.maxReplicas",
  ],
  ["aws-ecs", "ports below 1024", { service: { port: 1024 } }, { service: { port: 1023 } }, "service.port"],
  ["kubernetes", "ports below 1024", { service: { port: 1024 } }, { service: { port: 1023 } }, "service.port"],
  [
    "docker",
    "port and metrics",
    { service: { port: 3000, metricsPort: 3001 } },
    { service: { port: 3000, metricsPort: 3000 } },
    "service.metricsPort",
  ],
  [
    "docker",
    "HTTP and HTTPS",
    { network: { httpPort: 8442, httpsPort: 8443 } },
    { network: { httpPort: 8443, httpsPort: 8443 } },
    "network.httpsPort",
  ],
  [
    "docker",
    "nginx' and Prometheus' ports",
    { network: { bindAddress: "192.168.1.10", httpsPort: 9090 } },
    { network: { bindAddress: "0.0.0.0", httpsPort: 9090 } },
    "network.monitoringPort",
  ],
  [
    "kubernetes",
    "a namespace of the cluster's",
    { kubernetes: { namespace: "kube", existingNamespace: undefined } },
    { kubernetes: { namespace: "kube-system", existingNamespace: undefined } },
    "kubernetes.namespace",
  ],
  [
    "kubernetes",
    "labels by which the stack finds its pods",
    { kubernetes: { podLabels: { "acme.io/name": "shop" } } },
    { kubernetes: { podLabels: { "app.kubernetes.io/name": "shop" } } },
    "kubernetes.podLabels.app.kubernetes.io/name",
  ],
  [
    "kubernetes",
    "the default namespace",
    { kubernetes: { namespace: "default", existingNamespace: true } },
    { kubernetes: { namespace: "default", existingNamespace: false } },
    "kubernetes.namespace",
  ],
  [
    "docker",
    "image and version of PostgreSQL",
    { database: { version: "18" }, images: { postgres: "mirror.example.com:5000/postgres:18.1-trixie" } },
    { database: { version: "18" }, images: { postgres: "mirror.example.com:5000/postgres:17.6" } },
    "images.postgres",
  ],
  [
    "vercel",
    "steps of a linear release",
    { release: { strategy: "linear", weightPercent: 10 } },
    { release: { strategy: "linear", weightPercent: 9 } },
    "release.weightPercent",
  ],
  [
    "vercel",
    "days of skew protection, from below",
    { cdn: { assetRetentionDays: 7 } },
    { cdn: { assetRetentionDays: 6 } },
    "cdn.assetRetentionDays",
  ],
  [
    "vercel",
    "days of skew protection, from above",
    { cdn: { assetRetentionDays: 1 } },
    { cdn: { assetRetentionDays: 2 } },
    "cdn.assetRetentionDays",
  ],
  [
    "vercel",
    "memory",
    { service: { cpuMillis: 2000, memoryMb: 4096 } },
    { service: { cpuMillis: 2000, memoryMb: 4095 } },
    "service.memoryMb",
  ],
];

describe("boundaries between settings", () => {
  for (const [target, name, last, first, key] of between) {
    it(`${target}, ${name}: the last is accepted and the first is refused`, () => {
      deepEqual(refused(target, last), []);
      deepEqual(refused(target, first), [`slipway:${key}`]);
    });
  }

  for (const [cpuMillis, from, to, step] of fargate) {
    it(`Fargate with ${cpuMillis} thousandths of a CPU: every step from ${from} to ${to} GiB, and nothing beside`, () => {
      const size = (memoryMb: number) => refused("aws-ecs", { service: { cpuMillis, memoryMb } });
      for (let memory = from; memory <= to; memory += step) deepEqual(size(gib(memory)), [], `${memory} GiB`);
      for (const memoryMb of [gib(from) - 1, gib(from) + 1, gib(from - 1) || 512, gib(to) + 1, gib(to + step)].filter(
        (mb) => mb <= 122_880,
      ))
        deepEqual(size(memoryMb), ["slipway:service.memoryMb"], String(memoryMb));
      if (step > 1) deepEqual(size(gib(from + 1)), ["slipway:service.memoryMb"]);
    });
  }

  it("Fargate's smallest has sizes of its own, and no CPU lies between", () => {
    const size = (cpuMillis: number, memoryMb: number) => refused("aws-ecs", { service: { cpuMillis, memoryMb } });
    for (const memoryMb of [512, 1024, 2048]) deepEqual(size(250, memoryMb), []);
    for (const memoryMb of [511, 513, 1536, 3072]) deepEqual(size(250, memoryMb), ["slipway:service.memoryMb"]);
    for (const cpuMillis of [249, 251, 750, 1500, 3000])
      deepEqual(size(cpuMillis, 2048), ["slipway:service.cpuMillis"]);
  });
});

describe("the range of a number", () => {
  // Aurora's unit of capacity: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
  const halves = ["database.minAcu", "database.maxAcu"];
  const numbers = fieldsOf(stackFile).flatMap(([section, schema]) =>
    fieldsOf(schema).flatMap(([key, field]) => {
      const inner = innermost(field);
      if (!(inner instanceof z.ZodNumber) || section === "costs") return [];
      const step = halves.includes(`${section}.${key}`) ? 0.5 : 1;
      return [
        { name: `${section}.${key}`, field: inner, step, min: Number(inner.minValue), max: Number(inner.maxValue) },
      ];
    }),
  );

  for (const { name, field, min, max, step } of numbers) {
    it(`of ${name} is ${min} to ${max}, in steps of ${step}`, () => {
      const taken = (value: number) => field.safeParse(value).success;
      deepEqual([min, max].map(taken), [true, true]);
      deepEqual([min - step, max + step, min + step / 2].map(taken), [false, false, false]);
      deepEqual(taken(min + step), min < max);
    });
  }
});
