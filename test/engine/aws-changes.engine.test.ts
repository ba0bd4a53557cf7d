import { deepEqual, ok } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsChange, awsChanges } from "../../tools/generate/aws-changes";
import { missing, needs } from "../project";
import { Workspace } from "./workspace";

/**
 * Settings of a stack on AWS, changed one after the other through the real engine, against a stand-in that refuses what AWS
 * documents as refused. What becomes of each is in docs/aws.md. Needs `pulumi` and its provider `random` on PATH.
 */
const base = {
  "aws:region": "eu-central-1",
  target: "aws-ecs",
  domain: "shop.example.com",
  image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
  monitoring: { emails: ["ops@example.com"] },
};

type Config = Record<string, unknown>;

describe("settings of a stack on AWS, through the engine", function () {
  this.timeout(900_000);
  after(() => rmSync(accounts, { recursive: true }));

  before(function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
  });

  describe("changed one after the other", () => {
    let workspace: Workspace;
    let config: Config = base;
    before(async () => {
      workspace = await inAccount("changes", base);
      await workspace.stack.up();
    });
    after(() => workspace.remove());

    it("change nothing when the engine runs again", async () => {
      const { summary } = await workspace.stack.up();
      deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    for (const one of awsChanges.filter(({ wayBack }) => wayBack === undefined)) {
      it(one.title, async () => {
        const { config: left, seen, expected } = await tried(workspace, config, one);
        config = left;
        deepEqual(seen, expected);
      });
    }
  });

  // These leave a stack half-way: each has one of its own.
  for (const [index, one] of awsChanges.filter(({ wayBack }) => wayBack !== undefined).entries()) {
    it(`are stuck half-way: ${one.title}`, async () => {
      const workspace = await inAccount(`stuck-${index}`, base);
      try {
        await workspace.stack.up();
        const { seen, expected } = await tried(workspace, base, one);
        deepEqual(seen, expected);
      } finally {
        workspace.remove();
      }
    });
  }

  for (const preset of ["production", "staging", "development"]) {
    it(`are destroyed: ${preset}, once nothing is protected`, async () => {
      const protects = preset !== "development";
      const workspace = await inAccount(preset, { ...base, preset });
      try {
        await workspace.stack.up();
        if (protects) {
          workspace.configure({ ...base, preset, database: { protect: false } });
          await workspace.stack.up();
        }
        await workspace.stack.destroy();
        deepEqual(contentOf(workspace), []);
      } finally {
        workspace.remove();
      }
    });
  }
});

const accounts = mkdtempSync(join(tmpdir(), "slipway-accounts-"));
const accountOf = (name: string) => join(accounts, `${name}.json`);

async function inAccount(name: string, config: Config): Promise<Workspace> {
  return Workspace.create(name, config, join(__dirname, "stand-ins"), { SLIPWAY_STAND_IN_ACCOUNT: accountOf(name) });
}

/** Applies a change, and where it is refused, what stood before. */
async function tried(workspace: Workspace, config: Config, { change, title, ...expected }: AwsChange) {
  const next = merged(config, change);
  workspace.configure(next);
  const first = await applied(workspace);
  let seen: Outcome & Pick<AwsChange, "wayBack"> = first;
  if (first.refused !== undefined) {
    workspace.configure(config);
    const { refused: wayBack } = await applied(workspace);
    if (wayBack !== undefined) seen = { ...first, wayBack };
  }
  if (process.env["SLIPWAY_RECORD"] !== undefined) console.log(JSON.stringify({ title, ...seen }));
  return { seen, expected, config: first.refused === undefined ? next : config };
}

/** What is left in the account. */
function contentOf({ stack }: Workspace): string[] {
  return (JSON.parse(readFileSync(accountOf(stack.name), "utf8")) as { urn: string }[]).map(({ urn }) => urn);
}

interface Outcome {
  readonly updated?: readonly string[];
  readonly replaced?: readonly string[];
  readonly refused?: string;
}

/** Types that the update touched, or why it was refused. */
async function applied({ stack }: Workspace): Promise<Outcome> {
  const touched = new Map<string, Set<string>>();
  const errors: string[] = [];
  try {
    await stack.up({
      onEvent: ({ diagnosticEvent, resourcePreEvent }) => {
        if (diagnosticEvent?.severity === "error") errors.push(diagnosticEvent.message);
        const { op, type } = resourcePreEvent?.metadata ?? { op: "same", type: "" };
        if (type.startsWith("aws:"))
          touched.set(op, (touched.get(op) ?? new Set()).add(type.split("/")[1]!.split(":")[0]!));
      },
    });
  } catch {
    const [, reason] = /AWS refuses: [^:]+: (\S+)/.exec(errors.join("\n").replaceAll(/ of aws:\S+ /g, " ")) ?? [];
    ok(errors.length > 0);
    const byEngine = errors.some((error) => /marked for protection|is protected/.test(error));
    return { refused: reason ?? (byEngine ? "protected-goes" : errors.join("\n").slice(0, 300)) };
  }
  const types = (op: string) => [...(touched.get(op) ?? [])].sort();
  const [updated, replaced] = [types("update"), types("replace")];
  return {
    ...(updated.length > 0 ? { updated } : {}),
    ...(replaced.length > 0 ? { replaced } : {}),
  };
}

function merged(config: Config, change: Config): Config {
  return Object.fromEntries(
    Object.entries({ ...config, ...change }).map(([key, value]) => {
      const before = config[key];
      const both = typeof value === "object" && typeof before === "object" && !Array.isArray(value);
      return [key, both ? { ...before, ...value } : value];
    }),
  );
}
