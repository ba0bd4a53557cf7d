import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { customResources, type Plan } from "../../tools/plan/plan";
import { bed, type ControlPlane } from "./control-plane";

/**
 * Installs the operators' own definitions from the bed. A kind for which there is none gets one that accepts anything;
 * those are returned, so that a test says what was not validated.
 */
export async function installDefinitions(plane: ControlPlane, plans: readonly Plan[]): Promise<string[]> {
  const folder = join(bed, "crds");
  const operators = existsSync(folder) ? readdirSync(folder) : [];
  for (const operator of operators) {
    await plane.kubectl(["apply", "--server-side", "--recursive", "-f", join(folder, operator)]);
  }
  if (operators.length > 0) await established(plane);

  const known = new Set((await plane.kubectl(["api-resources", "--no-headers"])).split("\n").map(kindOf));
  const standIns = [...new Set(plans.flatMap(kindsOf))].filter((kind) => !known.has(kind)).sort();
  for (const kind of standIns) await plane.kubectl(["apply", "-f", "-"], JSON.stringify(acceptsAnything(kind)));
  if (standIns.length > 0) await established(plane);
  return standIns;
}

/** The server serves a kind some moments after it has taken its definition. */
async function established(plane: ControlPlane): Promise<void> {
  await plane.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
}

/** `group/version Kind`. */
function kindsOf(plan: Plan): string[] {
  return customResources(plan)
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => `${inputs["apiVersion"] as string} ${inputs["kind"] as string}`);
}

/** NAME [SHORTNAMES] APIVERSION NAMESPACED KIND */
function kindOf(line: string): string {
  const columns = line.trim().split(/\s+/);
  return `${columns.at(-3)} ${columns.at(-1)}`;
}

function acceptsAnything(kindAndVersion: string): object {
  const [apiVersion, kind] = kindAndVersion.split(" ") as [string, string];
  const [group, version] = apiVersion.split("/") as [string, string];
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}
