import { leastGrownGb } from "../../components/database/aws/rds-class";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ecrRepository } from "../../components/image/aws-ecr-repository";
import { type Constraint, referencesIn } from "../settings/constraint";
import { hasPublicName } from "../settings/formats";
import { problem } from "../settings/problems";
import { awsSecretReference } from "../../components/secrets/aws-secret-reference";
import type { ServiceSize } from "../../components/workload/contract";
import { fargateSizeProblem } from "../../components/workload/aws/fargate-size";
import { usableZones, zoneIdPrefix, zonesWithoutFargate } from "../../components/shared/aws-zones";
import { existingConstraints } from "./existing-constraints";
import { isPrivate, outsideAddresses } from "./egress";
import { backupConstraints } from "./backup-plan";
import { regionConstraints } from "./regions";

const size: Constraint = ({ service, workers, jobs }) => {
  const sizeProblem = (key: string, { cpuMillis, memoryMb }: Partial<ServiceSize>) => {
    const asked = { cpuMillis: cpuMillis ?? service.cpuMillis, memoryMb: memoryMb ?? service.memoryMb };
    const found = fargateSizeProblem(asked);
    return found === undefined ? [] : problem(`${key}.${found.argument}`, asked[found.argument], found.message);
  };
  const all = (section: string, each: Readonly<Record<string, Partial<ServiceSize>>>) =>
    Object.entries(each)
      // One that has the service's size has its problem too.
      .filter(([, { cpuMillis, memoryMb }]) => cpuMillis !== undefined || memoryMb !== undefined)
      .flatMap(([name, own]) => sizeProblem(`${section}.${name}`, own));
  return [...sizeProblem("service", service), ...all("workers", workers), ...all("jobs", jobs)];
};

/** ECS kills 120 s after SIGTERM at the latest, and the application takes 5 s after its own deadline to flush. */
const shutdown: Constraint = ({ service: { drainSeconds, graceSeconds } }) =>
  drainSeconds + graceSeconds > 115
    ? problem(
        "service.graceSeconds",
        graceSeconds,
        `with drainSeconds ${drainSeconds} is ${drainSeconds + graceSeconds} s: Fargate kills after 120 s, and the last 5 are for logs and traces; expected 115 s together`,
      )
    : [];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const startup: Constraint = ({ service: { startupSeconds } }) =>
  startupSeconds > 300
    ? problem("service.startupSeconds", startupSeconds, "is more than ECS waits for: expected 300 at most")
    : [];

const egress: Constraint = ({ network, image, shared }) =>
  (network.vpcId ?? shared) === undefined &&
  network.nat === "none" &&
  image !== undefined &&
  ecrRepository(image) === undefined
    ? problem(
        "network.nat",
        "none",
        "leaves no way to an image outside of ECR: expected instance, one or per-zone, or an image in ECR",
      )
    : [];

const growth: Constraint = ({ database: { implementation, maxStorageGb, storageGb } }) => {
  const least = leastGrownGb(storageGb);
  return implementation === "rds" && maxStorageGb !== undefined && maxStorageGb < least
    ? problem("database.maxStorageGb", maxStorageGb, `is less than a tenth above storageGb: expected ${least} at least`)
    : [];
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html */
const capacity: Constraint = ({ database, preset }) => {
  const { autoPauseSeconds, identifier, implementation, maxAcu = 8, minAcu = 0.5, proxy } = database;
  if (implementation !== "aurora-serverless-v2") return [];
  const wrong = (key: string, value: unknown, why: string) => problem(`database.${key}`, value, why);
  return [
    ...(maxAcu < minAcu ? wrong("maxAcu", maxAcu, `is less than database.minAcu, ${minAcu}`) : []),
    ...(minAcu === 0 && preset === "production" && identifier === undefined
      ? wrong(
          "minAcu",
          0,
          "pauses a database that nothing is connected to, and the next visitor waits for 15 seconds or more: expected 0.5 or more with preset production",
        )
      : []),
    ...(minAcu === 0 && proxy === true
      ? wrong(
          "minAcu",
          0,
          "and database.proxy exclude each other: RDS Proxy keeps connections open, so that nothing pauses",
        )
      : []),
    ...(autoPauseSeconds !== undefined && minAcu !== 0
      ? wrong("autoPauseSeconds", autoPauseSeconds, "is only for database.minAcu 0: nothing pauses above it")
      : []),
  ];
};

const accessString: Constraint = ({ cache: { accessControl, accessString: asked, implementation } }) =>
  implementation === "elasticache" && asked !== undefined && accessControl !== "rbac"
    ? problem("cache.accessString", asked, "is only for cache.accessControl rbac: with auth the one password opens all")
    : [];

/** The other architecture's name in a tag, and what a Dockerfile says of its base: what can be known without the registry. */
const architecture: Constraint = ({ build, image, service: { platform = "linux/amd64" } }, { folder = "." }) => {
  const [own, other] = platform === "linux/arm64" ? ["arm64", "amd64"] : ["amd64", "arm64"];
  const words = { amd64: /(^|[._-])(amd64|x86_64|x86-64)([._-]|$)/i, arm64: /(^|[._-])(arm64|aarch64)([._-]|$)/i };
  const tag = /:([\w.-]+)(?:@|$)/.exec(image?.replace(/^.*\//, "") ?? "")?.[1] ?? "";
  const fixed =
    build?.context === undefined ? undefined : fixedPlatform(resolve(folder, build.context), build.dockerfile);
  return [
    ...(words[other as "amd64"].test(tag) && !words[own as "amd64"].test(tag)
      ? problem(
          "image",
          image,
          `is for linux/${other} by its tag, and the tasks run on ${platform}: slipway:service.platform linux/${other}`,
        )
      : []),
    ...(fixed !== undefined && fixed !== platform
      ? problem(
          "service.platform",
          platform,
          `and the Dockerfile's \`FROM --platform=${fixed}\` exclude each other: a task would end with \`exec format error\`; take one of them out`,
        )
      : []),
  ];
};

/** The platform that the last stage of a Dockerfile is bound to, whatever it is built for. */
function fixedPlatform(context: string, dockerfile = "Dockerfile"): string | undefined {
  const file = join(context, dockerfile);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const last = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => /^\s*FROM\s/i.test(line))
    .at(-1);
  return /--platform=(linux\/(?:amd64|arm64))\b/.exec(last ?? "")?.[1];
}

const budget: Constraint = ({ monitoring: { budgetUsd, emails } }) =>
  budgetUsd !== undefined && (emails.length < 1 || emails.length > 10)
    ? problem(
        "monitoring.emails",
        undefined,
        `${emails.length === 0 ? "is missing" : `has ${emails.length} addresses`}: of monitoring.budgetUsd AWS Budgets tells 1 to 10`,
      )
    : [];

const firewalled: Constraint = ({ firewall: { mode, ...limits } }) =>
  mode === "none" && Object.keys(limits).length > 0
    ? problem("firewall.mode", mode, `and firewall.${Object.keys(limits)[0]} exclude each other: there is no firewall`)
    : [];

const pullSecret: Constraint = ({ aws, build, image }) =>
  aws.imagePullSecret !== undefined && (build !== undefined || ecrRepository(image ?? "") !== undefined)
    ? problem("aws.imagePullSecret", undefined, "is for a registry other than ECR, which the task's role opens")
    : [];

const invalidation: Constraint = ({ cdn: { invalidationPathsPerDay = 0 }, network, service }) => {
  if (invalidationPathsPerDay === 0) return [];
  const refused = (why: string) => problem("cdn.invalidationPathsPerDay", invalidationPathsPerDay, why);
  if (network.nat === "none") {
    return refused(
      "needs a way to CloudFront's API, which has no endpoint in a VPC: expected network.nat of instance, one or per-zone",
    );
  }
  return service.health === undefined
    ? []
    : refused("is for an image with @slipway/next: this one has service.health, so nothing in it tells CloudFront");
};

/** Kept without a look at Cache-Control and cookies: what is not a file would reach everybody as it was made for one. */
const publicFiles: Constraint = ({ cdn: { publicMaxAgeSeconds, publicPaths = [] } }) => [
  ...publicPaths.flatMap((path, index) =>
    /^\/(?:api|_next|_slipway)\//.test(path)
      ? problem(
          `cdn.publicPaths[${index}]`,
          path,
          "covers what is answered for one visitor, or has rules of its own: expected paths of files in public/",
        )
      : [],
  ),
  ...(publicMaxAgeSeconds !== undefined && publicPaths.length === 0
    ? problem("cdn.publicMaxAgeSeconds", publicMaxAgeSeconds, "is for cdn.publicPaths, which names none")
    : []),
];

const redirects: Constraint = ({ domain, network: { redirectFrom = [] } }) =>
  redirectFrom.flatMap((name, index) =>
    name === domain || name === `origin.${domain}` || redirectFrom.indexOf(name) !== index
      ? problem("network.redirectFrom", name, "is another name of the stack already")
      : [],
  );

const schedules: Constraint = ({ service }) =>
  (service.schedules ?? []).flatMap(({ cron, maxReplicas, minReplicas, timeZone }, index) => {
    const key = `service.schedules.${index}`;
    const [, , day, , weekday] = cron.trim().split(/\s+/);
    return [
      ...(maxReplicas < minReplicas
        ? problem(`${key}.maxReplicas`, maxReplicas, `is less than minReplicas, ${minReplicas}`)
        : []),
      ...(timeZone === undefined || isTimeZone(timeZone)
        ? []
        : problem(
            `${key}.timeZone`,
            timeZone,
            "is no time zone of the IANA database: expected one such as Europe/Berlin",
          )),
      ...(day !== "*" && weekday !== "*"
        ? problem(
            `${key}.cron`,
            cron,
            "names a day of the month and a weekday: AWS takes one of them, and * for the other",
          )
        : []),
    ];
  });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Without NAT the application reaches AWS alone. */
const outside: Constraint = ({ network, shared, ...settings }) =>
  network.nat === "none" && (network.vpcId ?? shared) === undefined
    ? outsideAddresses(settings)
        .filter(([, url]) => !isPrivate(url))
        .flatMap(([key, url]) =>
          problem(
            key,
            undefined,
            `leads to ${url.host}, and slipway:network.nat none leaves no way there: expected instance, one or per-zone`,
          ),
        )
    : [];

/** Subnets and the rules of the application's group are IPv4. */
const ipv4: Constraint = (settings) =>
  outsideAddresses(settings)
    .filter(([, { hostname }]) => hostname.startsWith("["))
    .flatMap(([key, { hostname }]) =>
      problem(
        key,
        undefined,
        `leads to the IPv6 address ${hostname}, and tasks have IPv4 alone: expected a name or an IPv4 address`,
      ),
    );

/** The VPC's addresses are for the load balancer alone, where it is the stack's and on the internet. */
const dualStack: Constraint = ({ cdn, loadBalancer, network, shared }) => {
  if (network.ipv6 !== true) return [];
  const refused = (why: string) => problem("network.ipv6", true, why);
  if (cdn.implementation !== "none")
    return refused("is for a stack without a CDN: CloudFront is on IPv6 already, and the way on is a private one");
  return (loadBalancer.arn ?? shared) === undefined
    ? []
    : refused("is for a load balancer of the stack's own: this one's addresses are its owner's");
};

/** One is made for S3 already, free of charge, and each service has one. */
const endpoints: Constraint = ({ network: { endpoints: listed = [] } }) =>
  listed.flatMap((service, index) =>
    service === "s3" || service === "dynamodb"
      ? problem(
          "network.endpoints",
          service,
          "is reached by a gateway endpoint, which costs nothing: expected endpoints of other services",
        )
      : listed.indexOf(service) === index
        ? []
        : problem("network.endpoints", service, "stands there twice"),
  );

const zones: Constraint = ({ network }, { awsRegion = "" }) => {
  const { zoneIds = [], zones: count } = network;
  const prefix = zoneIdPrefix(awsRegion);
  const wrong = (message: string, is: (id: string, index: number) => boolean) =>
    zoneIds.filter(is).flatMap((id) => problem("network.zoneIds", id, message));
  return [
    ...(count > usableZones(awsRegion)
      ? problem(
          "network.zones",
          count,
          `${awsRegion} offers ${usableZones(awsRegion)} zones with Fargate: expected ${usableZones(awsRegion)}`,
        )
      : []),
    ...(network.zoneIds !== undefined && zoneIds.length !== count
      ? problem("network.zoneIds", zoneIds.join(", "), `are ${zoneIds.length}, and slipway:network.zones is ${count}`)
      : []),
    ...wrong("stands there twice: expected as many zones as ids", (id, index) => zoneIds.indexOf(id) !== index),
    ...wrong(
      `is no zone of ${awsRegion}, where they are called ${prefix}1 and so on`,
      (id) => !new RegExp(`^${prefix}\\d$`).test(id),
    ),
    ...wrong("has no Fargate: name another zone", (id) => zonesWithoutFargate[awsRegion]?.includes(id) === true),
  ];
};

/** https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html */
const partition: Constraint = ({ cdn }, { awsRegion = "" }) =>
  /^(cn|us-gov|eusc)-/.test(awsRegion) && cdn.implementation === "cloudfront"
    ? problem(
        "cdn.implementation",
        "cloudfront",
        `certificate and firewall of CloudFront are in us-east-1, out of reach of ${awsRegion}: expected none`,
      )
    : [];

const certificates: Constraint = ({ tls, cdn, domain }) => {
  const { hostedZoneId, certificateArn, cdnCertificateArn } = tls;
  const cloudFront = cdn.implementation === "cloudfront";
  const missing =
    hostedZoneId !== undefined
      ? []
      : [
          ...(certificateArn === undefined ? ["tls.certificateArn"] : []),
          ...(cloudFront && cdnCertificateArn === undefined ? ["tls.cdnCertificateArn"] : []),
        ];
  return [
    ...(missing.length > 0
      ? problem(
          missing[0]!,
          undefined,
          `is missing: name the Route 53 zone of ${domain || "the domain"} in slipway:tls.hostedZoneId, or ${missing.join(" and ")}`,
        )
      : []),
    ...(hostedZoneId !== undefined && (certificateArn ?? cdnCertificateArn) !== undefined
      ? problem(
          "tls.hostedZoneId",
          hostedZoneId,
          "and certificates of your own exclude each other: the zone makes its own",
        )
      : []),
    ...(hostedZoneId === undefined && tls.overwriteRecords === true
      ? problem("tls.overwriteRecords", true, "is only for tls.hostedZoneId: without the zone no record is made")
      : []),
    ...(hostedZoneId === undefined && !cloudFront && cdnCertificateArn !== undefined
      ? problem("tls.cdnCertificateArn", cdnCertificateArn, "is only for cdn.implementation cloudfront")
      : []),
    ...(hostedZoneId !== undefined && /\.[a-z]/.test(domain) && !hasPublicName(domain)
      ? problem("domain", domain, "gets no certificate of ACM: expected a name that the public DNS has")
      : []),
    ...(hostedZoneId !== undefined && domain.length > commonNameLength
      ? problem(
          "domain",
          domain,
          `has ${domain.length} characters: ACM makes certificates for names of ${commonNameLength} at most`,
        )
      : []),
  ];
};

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const commonNameLength = 64;

/** A reference that names no secret would only be noticed when the first task cannot start. */
const references: Constraint = ({ secrets }) =>
  referencesIn(secrets).flatMap(({ setting, reference }) =>
    awsSecretReference(reference) === undefined
      ? problem(
          `${setting}.reference`,
          undefined,
          "is not the ARN of a secret in Secrets Manager: expected arn:aws:secretsmanager:…:secret:name-AbCdEf, with :json-key:version-stage:version-id if need be, of the last two only one",
        )
      : [],
  );

/**
 * Physical names are made of both. The narrowest are those of log deliveries, 60 characters with `-cdn-log` at the end; a
 * KMS alias and a dashboard take letters, digits, hyphens and underscores:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
 */
const nameLength = 60 - "-".length - "-cdn-log".length;

const names: Constraint = (_, { project = "", stack = "" }) => [
  ...Object.entries({ project, stack }).flatMap(([kind, name]) =>
    /^[A-Za-z0-9_-]*$/.test(name)
      ? []
      : [
          {
            key: `the ${kind}'s name`,
            found: name,
            message: "goes into names on AWS: expected letters, digits, hyphens and underscores",
          },
        ],
  ),
  ...(project.length + stack.length > nameLength
    ? [
        {
          key: "the stack's name",
          found: stack,
          message: `with that of the project, ${project}, has ${project.length + stack.length} characters: expected ${nameLength} at most, as log deliveries on AWS are named by both`,
        },
      ]
    : []),
];

const plainImage: Constraint = ({ service: { health } }) =>
  health?.ready === "tcp"
    ? problem(
        "service.health.ready",
        "tcp",
        "cannot be asked by an Application Load Balancer, which speaks HTTP: expected a path that answers 200",
      )
    : [];

export const awsEcsConstraints: readonly Constraint[] = [
  size,
  shutdown,
  startup,
  egress,
  growth,
  capacity,
  accessString,
  architecture,
  firewalled,
  budget,
  pullSecret,
  redirects,
  publicFiles,
  invalidation,
  schedules,
  outside,
  ipv4,
  dualStack,
  endpoints,
  zones,
  partition,
  certificates,
  references,
  names,
  plainImage,
  ...backupConstraints,
  ...regionConstraints,
  ...existingConstraints,
];
