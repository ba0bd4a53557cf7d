import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { bed } from "./programs";

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema: Schema } }[];
  };
}

type Schema = Readonly<Record<string, unknown>>;

/** The operators' own schemas, by `group/version Kind`. Rules in CEL are the API server's to judge. */
export function operatorSchemas(): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv({ unknownFormats: "ignore", allErrors: true });
  const folder = join(bed, "crds");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
  return new Map(
    files.flatMap((file) => {
      const { spec } = parse(readFileSync(join(folder, file), "utf8")) as Definition;
      return spec.versions.flatMap(({ name, schema }): [string, ValidateFunction][] =>
        schema === undefined
          ? []
          : [[`${spec.group}/${name} ${spec.names.kind}`, ajv.compile(strict(schema.openAPIV3Schema, true))]],
      );
    }),
  );
}

interface OpenApi {
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** What the API server says of its own kinds, from its module. */
export const openApiFile = join(bed, "openapi.json");

/** The API server's own schemas, by `group/version Kind`. */
export function serverSchemas(): ReadonlyMap<string, ValidateFunction> {
  const { definitions } = JSON.parse(readFileSync(openApiFile, "utf8")) as OpenApi;
  const ajv = new Ajv({ unknownFormats: "ignore", allErrors: true, schemaId: "auto" });
  ajv.addSchema({
    $id: "openapi",
    definitions: Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, exact(each)])),
  });
  return new Map(
    Object.entries(definitions).flatMap(([name, definition]) => {
      const kinds = (definition["x-kubernetes-group-version-kind"] ?? []) as readonly Readonly<
        Record<string, string>
      >[];
      const [known] = kinds;
      if (known === undefined || kinds.length > 1) return [];
      const { group, version, kind } = known;
      const key = `${group === "" ? "" : `${group}/`}${version} ${kind}`;
      return [[key, ajv.compile({ $ref: `openapi#/definitions/${name}` })] as [string, ValidateFunction]];
    }),
  );
}

/** Swagger 2 as JSON Schema, a field that is not known is an error. */
function exact(schema: Schema): Schema {
  const { properties, items, additionalProperties, $ref, type, format, ...rest } = schema;
  if (typeof $ref === "string") return { $ref: `openapi${$ref}` };
  const known = properties as Readonly<Record<string, Schema>> | undefined;
  // A port or a share of the pods may be either.
  const either = format === "int-or-string" ? { type: ["string", "integer"] } : type === undefined ? {} : { type };
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key === "enum" || key === "required")),
    // Amounts are texts to it, which clients may write as numbers.
    ...either,
    ...(known === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(known).map(([key, value]) => [key, exact(value)])),
          additionalProperties: false,
        }),
    ...(items === undefined ? {} : { items: exact(items as Schema) }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: exact(additionalProperties as Schema) }
      : {}),
  };
}

/** OpenAPI's dialect as JSON Schema, in which a field that is not known is an error, as for `kubectl --validate=strict`. */
function strict(schema: Schema, root = false): Schema {
  const { nullable, type, properties, items, additionalProperties, ...rest } = schema;
  const open = rest["x-kubernetes-preserve-unknown-fields"] === true || rest["x-kubernetes-embedded-resource"] === true;
  const either = rest["x-kubernetes-int-or-string"] === true;
  const known = properties as Readonly<Record<string, Schema>> | undefined;
  return {
    ...Object.fromEntries(
      Object.entries(rest).filter(
        ([key, value]) => !key.startsWith("x-") && key !== "format" && !(key === "pattern" && isOfGo(value)),
      ),
    ),
    ...(type === undefined || either ? {} : { type: nullable === true ? [type, "null"] : type }),
    ...(known === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            // The definitions leave metadata to the API server.
            Object.entries(known).map(([key, value]) => [key, root && key === "metadata" ? {} : strict(value)]),
          ),
        }),
    ...(items === undefined ? {} : { items: strict(items as Schema) }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: strict(additionalProperties as Schema) }
      : additionalProperties === undefined && known !== undefined && !open
        ? { additionalProperties: false }
        : {}),
  };
}

/** Flags that JavaScript has no form of. */
function isOfGo(pattern: unknown): boolean {
  return typeof pattern === "string" && pattern.includes("(?i)");
}
