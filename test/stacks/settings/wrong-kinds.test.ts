import { deepEqual, equal, ok } from "node:assert/strict";
import type { z } from "zod";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { stackFile } from "../../../stacks/settings/schema";
import { targets } from "../../../stacks/settings/settings";

type Kind = "text" | "number" | "boolean" | "list" | "mapping";

/** Every place where a value may stand, and the kinds that it takes there. */
function places(schema: z.ZodType, path: readonly string[] = []): [readonly string[], Kind[]][] {
  const { def } = schema as unknown as { def: Def };
  const own = (kind: Kind, below: [readonly string[], Kind[]][] = []): [readonly string[], Kind[]][] => [
    [path, [kind]],
    ...below,
  ];
  switch (def.type) {
    case "optional":
      return places(def.innerType!, path);
    case "pipe":
      return places(def.out!, path);
    case "object":
      return own(
        "mapping",
        // The rules of policies are of one form.
        Object.entries(def.shape!)
          .filter((_, index) => path.join(".") !== "policies.rules" || index < 3)
          .flatMap(([key, field]) => places(field, [...path, key])),
      );
    case "record":
      return own(
        "mapping",
        places(def.valueType!, [...path, ["workers", "jobs"].includes(path[0]!) ? "mail" : "NAME"]),
      );
    case "array":
      return own("list", places(def.element!, [...path, "0"]));
    case "union":
      return def.options!.flatMap((option) => places(option, path));
    case "literal":
      return [[path, [kindOf(def.values![0])]]];
    case "enum":
    case "string":
      return own("text");
    case "number":
      return own("number");
    case "boolean":
      return own("boolean");
    default:
      throw new Error(`${path.join(".")}: no values for ${def.type}`);
  }
}

interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly out?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly values?: readonly unknown[];
}

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  return typeof value === "number" || typeof value === "boolean" ? (typeof value as "number" | "boolean") : "mapping";
}

const settings = new Map<string, { path: readonly string[]; kinds: Set<Kind> }>();
for (const [path, kinds] of places(stackFile)) {
  if (path.length === 0) continue;
  const known = settings.get(path.join(".")) ?? { path, kinds: new Set<Kind>() };
  settings.set(path.join("."), known);
  for (const kind of kinds) known.kinds.add(kind);
}

const values = [
  "",
  " ",
  "12",
  "yes",
  0,
  -1,
  1.5,
  1e300,
  true,
  false,
  null,
  [],
  [1],
  [null],
  [[]],
  {},
  { a: 1 },
  { a: {} },
];

function put(path: readonly string[], value: unknown, into: unknown = {}): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (key === "0") return [put(rest, value)];
  const known = into as Record<string, unknown>;
  return { ...known, [key]: put(rest, value, known[key] ?? {}) };
}

/** Of a validator and of a programming language, and not of a person who keeps a stack file. */
const foreign =
  /\b(?:received|invalid (?:input|option|type|key|element|string)|too (?:small|big)|unrecognized|expected (?:string|int|object|record|array|boolean|nonoptional|never)\b|undefined|NaN|\[object|schema|regex|pattern)/i;

describe("a value of the wrong kind", () => {
  it(`is refused for each of the ${settings.size} places of a stack file, in the words of one who keeps it`, () => {
    ok(settings.size > 250, "the walk has found every section");
    let tried = 0;
    [...settings.values()].forEach(({ path, kinds }, index) => {
      values.forEach((value, turn) => {
        const base = { target: targets[(index + turn) % targets.length], domain: "shop.example.com" };
        const raw = put(path, value, path[0] === "target" ? { domain: base.domain } : base);
        const where = `${path.join(".")}: ${JSON.stringify(value)} on ${base.target}`;
        const problems = problemsIn(raw as Record<string, unknown>, where);
        for (const { message, key } of problems) {
          ok(!foreign.test(message), `${where}: ${key} ${message}`);
          ok(message.length >= 10, `${where}: says nothing: ${message}`);
          ok(!message.includes("is not what"), `${where}: does not say what is expected`);
        }
        // Nothing at all is "not set" for a key whose value the engine hands over as an empty text.
        if (value !== null && kinds.has(kindOf(value))) return;
        tried++;
        const section = `slipway:${path[0]}`;
        ok(
          problems.some(({ key }) => key.startsWith(section)),
          `${where}: taken`,
        );
      });
    });
    ok(tried > 3000, `${tried}`);
  });

  for (const [raw, message] of [
    [
      { service: { migration: "node migrate.js" } },
      'expected a command as a list of words, such as ["node", "migrate.js"], or false when there is nothing to migrate',
    ],
    [{ service: "big" }, "expected keys below it, not text"],
    [{ service: [1] }, "expected keys below it, not a list"],
    [{ service: { environment: ["A=b"] } }, "expected keys below it, not a list"],
    [{ service: { port: "3000" } }, "expected a whole number from 1 to 65535, written without quotes: 3000"],
    [{ service: { environment: { FLAG: true } } }, 'expected text, in quotes: "true"'],
    [{ service: { environment: { APP_VERSION: 1.1 } } }, 'expected text, in quotes: "1.1"'],
    [{ service: { environment: { ACCOUNT: 12345678901234567000 } } }, "expected text, in quotes"],
    [{ database: { version: 17 } }, 'expected 15, 16, 17 or 18, in quotes: "17"'],
    [{ database: { version: 12 } }, "expected 15, 16, 17 or 18"],
    [{ service: { port: "0xBB8" } }, "expected a whole number from 1 to 65535, written without quotes: 3000"],
    [{ database: { protect: "true" } }, "expected true or false, written without quotes: true"],
    [
      { secrets: { TOKEN: 12 } },
      "expected a value set with `pulumi config set --secret`, { generate: bytes from 16 to 256 } or { reference: where it lives }",
    ],
  ] as const) {
    it(`${JSON.stringify(raw)}: ${message}`, () => {
      const problems = problemsIn({ target: "docker", domain: "shop.example.com", image: "a/b:1", ...raw }, "");
      deepEqual(
        problems.map((each) => each.message).filter((each) => each.startsWith("expected")),
        [message],
      );
    });
  }
});

function problemsIn(raw: Readonly<Record<string, unknown>>, where: string) {
  try {
    resolveSettings("test", raw, {});
    return [];
  } catch (error) {
    equal(error instanceof SettingsError, true, `${where}: ${String(error)}`);
    return (error as SettingsError).problems;
  }
}
