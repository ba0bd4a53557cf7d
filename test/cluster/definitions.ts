import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { customResources, type Plan } from "../../tools/plan/plan";
import type { ControlPlane } from "./control-plane";
import { bed } from "./programs";

/**
 * Installs the operators' own definitions from the bed, so that the server knows every field of what the plans hold.
 *
 * @throws Error naming the kinds that the bed has no definition of.
 */
export async function installDefinitions(plane: ControlPlane, plans: readonly Plan[]): Promise<void> {
  const folder = join(bed, "crds");
  for (const operator of existsSync(folder) ? readdirSync(folder) : []) {
    await plane.kubectl(["apply", "--server-side", "--recursive", "-f", join(folder, operator)]);
  }
  // The server serves a kind some moments after it has taken its definition.
  await plane.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);

  const known = new Set((await plane.kubectl(["api-resources", "--no-headers"])).split("\n").map(kindOf));
  const unknown = [...new Set(plans.flatMap(kindsOf))].filter((kind) => !known.has(kind)).sort();
  if (unknown.length > 0) {
    throw new Error(
      `no definition of ${unknown.join(", ")} in ${folder}: test/bed/cluster/build.sh crds puts them there`,
    );
  }
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
