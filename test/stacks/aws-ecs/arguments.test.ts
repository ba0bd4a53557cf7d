import { deepEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { resolveSettings } from "../../../stacks/settings/load";
import type { AwsEcsSettings } from "../../../stacks/settings/settings";
import { projectDir } from "../../project";
import { record } from "../../record";

/** An argument of a component, and what is said of it. */
interface Argument {
  readonly name: string;
  readonly doc: string;
  readonly type: string;
}

const files = readdirSync(join(projectDir, "components"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(projectDir, "components", file));
const sources = files.map((file) =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true),
);

function declared<Node extends ts.Node>(is: (node: ts.Node) => node is Node): Node[] {
  return sources.flatMap(({ statements }) => ([...statements] as ts.Node[]).filter(is));
}
const interfaces = new Map(declared(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]));
const classes = new Map(declared(ts.isClassDeclaration).map((one) => [one.name!.text, one]));

/** Members of an interface and of those that it extends, less what an `Omit` leaves out. */
function argumentsOf(name: string): Argument[] {
  const found = interfaces.get(name);
  if (found === undefined) return [];
  const inherited = (found.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression, typeArguments: [base, left] = [] }) => {
      if (expression.getText() !== "Omit") return argumentsOf(expression.getText());
      return argumentsOf(base!.getText()).filter((one) => !left!.getText().includes(`"${one.name}"`));
    }),
  );
  const own = found.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(),
    doc: ts
      .getJSDocCommentsAndTags(member)
      .map((doc) => doc.getText())
      .join(" "),
    type: member.type?.getText() ?? "",
  }));
  return [...inherited.filter((one) => !own.some(({ name: other }) => other === one.name)), ...own];
}

/** Arguments by component, those of a nested interface of the components' own among them: `ingress.priority`. */
function publicArguments(component: string): Argument[] {
  const constructor = classes.get(component)?.members.find(ts.isConstructorDeclaration);
  const type = constructor?.parameters.find(({ name }) => name.getText() === "args")?.type?.getText() ?? "";
  return argumentsOf(type).flatMap((one) => {
    const nested = ["ingress", "process"].includes(one.name) ? argumentsOf(one.type) : [];
    return [one, ...nested.map((inner) => ({ ...inner, name: `${one.name}.${inner.name}` }))];
  });
}

const common = {
  target: "aws-ecs",
  domain: "shop.example.com",
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ", hstsIncludeSubdomains: true, overwriteRecords: true },
};
const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ghcr-AbCdEf";
const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";

/** Between them they say everything that a stack file can say. */
const everything: readonly Readonly<Record<string, unknown>>[] = [
  {
    ...common,
    build: { context: "app", keepImages: 10 },
    service: {
      basePath: "/shop",
      platform: "linux/arm64",
      spotPercent: 50,
      schedules: [{ cron: "0 7 * * 1-5", minReplicas: 4, maxReplicas: 20 }],
    },
    aws: {
      secretRecoveryDays: 7,
      backupPlan: {
        copyActions: [{ destinationVaultArn: "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop" }],
        vaultLock: { minRetentionDays: 7 },
      },
      connect: true,
      permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
      github: {
        branch: "release",
        repository: "acme/shop",
        providerArn: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        stateBucket: "acme-pulumi-state",
        stateKeyArn: keyArn,
      },
    },
    database: {
      maxStorageGb: 100,
      proxy: true,
      storageKeyArn: keyArn,
      finalSnapshot: false,
      allowMajorVersionUpgrade: true,
    },
    cache: { accessControl: "rbac", accessString: "on ~* +@all" },
    cdn: {
      priceClass: "PriceClass_All",
      maxPageAgeSeconds: 300,
      invalidationPathsPerDay: 500,
      errorPage: "examples/error.html",
      publicPaths: ["/images/*", "/favicon.ico"],
      publicMaxAgeSeconds: 3600,
    },
    storage: { implementation: "s3", noncurrentDays: 60 },
    network: {
      redirectFrom: ["www.example.com"],
      zoneIds: ["euc1-az1", "euc1-az2", "euc1-az3"],
      endpoints: ["ecr.api", "ecr.dkr"],
    },
    release: { strategy: "blue-green" },
    monitoring: {
      emails: ["ops@example.com"],
      budgetUsd: 400,
      syntheticChecks: [{ path: "/api/ready" }, { path: "/products", contains: "Add to cart" }],
    },
  },
  {
    ...common,
    preset: "staging",
    image: "ghcr.io/acme/shop:1.4.2",
    database: {
      implementation: "aurora-serverless-v2",
      minAcu: 0,
      maxAcu: 4,
      autoPauseSeconds: 600,
      readReplicas: 1,
      storageKeyArn: keyArn,
      finalSnapshot: false,
      allowMajorVersionUpgrade: true,
    },
    aws: { github: { repository: "acme/shop" } },
  },
  {
    ...common,
    image: "ghcr.io/acme/shop:1.4.2",
    database: { implementation: "aurora-serverless-v2", proxy: true },
  },
  {
    ...common,
    image: "ghcr.io/acme/shop:1.4.2",
    aws: { imagePullSecret: secret, connect: true },
    cdn: { implementation: "none" },
    network: { redirectFrom: ["www.example.com"], ipv6: true },
    monitoring: { compositeAlarms: false },
  },
  {
    ...common,
    image: "ghcr.io/acme/shop:1.4.2",
    aws: { connect: true },
    service: { health: { live: "tcp", ready: "/healthz" }, user: 1000, writable: ["/srv/cache"] },
    cdn: { assetPath: "/assets/" },
  },
  {
    ...common,
    image: "ghcr.io/acme/shop:1.4.2",
    shared: "acme/platform/prod",
    loadBalancer: { priority: 20 },
  },
];

/** What the stack hands over to each component, by dotted name. */
async function handedOver(): Promise<Map<string, Set<string>>> {
  const seen = new Map<string, Set<string>>();
  const watched = files.filter((file) => /class Aws/.test(readFileSync(file, "utf8")));
  const originals = watched.map((file): [string, unknown] => [file, require(file)]);
  const stackFile = require.resolve("../../../stacks/aws-ecs/stack");
  delete require.cache[stackFile];
  for (const [file, exports] of originals) {
    require.cache[file]!.exports = Object.fromEntries(
      Object.entries(exports as object).map(([name, value]) => [
        name,
        classes.has(name) ? watch(value as new (...args: never[]) => object, name) : value,
      ]),
    );
  }
  try {
    const { awsEcs } = require(stackFile) as typeof import("../../../stacks/aws-ecs/stack");
    for (const raw of everything) {
      const settings = resolveSettings("test", raw, { awsRegion: "eu-central-1" }) as AwsEcsSettings;
      await record(() => awsEcs(settings), { config: { "aws:region": "eu-central-1" } });
    }
  } finally {
    for (const [file, exports] of originals) require.cache[file]!.exports = exports;
    delete require.cache[stackFile];
  }
  return seen;

  function watch(component: new (...args: never[]) => object, name: string): unknown {
    return new Proxy(component, {
      construct: (target, args: [string, Record<string, unknown>]) => {
        const names = seen.get(name) ?? new Set<string>();
        seen.set(name, names);
        for (const [key, value] of Object.entries(args[1])) {
          if (value === undefined) continue;
          names.add(key);
          if (["ingress", "process"].includes(key))
            for (const [inner, item] of Object.entries(value as object))
              if (item !== undefined) names.add(`${key}.${inner}`);
        }
        return Reflect.construct(target, args) as object;
      },
    });
  }
}

describe("the arguments of the components on AWS", function () {
  this.timeout(60_000);

  it("are each handed over by the stack, or say why no stack file has them", async () => {
    const seen = await handedOver();
    const missing = [...seen].flatMap(([component, given]) =>
      publicArguments(component)
        .filter(({ name }) => name !== "transform" && !given.has(name))
        .filter(({ doc }) => !/Not a setting:/.test(doc))
        .map(({ name }) => `${component}.${name}`),
    );
    deepEqual(missing, []);
  });
});
