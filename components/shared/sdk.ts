import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { packageFolder } from "./documentation";

/**
 * A user installs the SDKs of what they use: all of them are hundreds of MB.
 *
 * @throws RunError that names the missing packages and the command that installs them
 */
export function requireSdks(
  user: string,
  packages: readonly string[],
  isInstalled: (name: string) => boolean = installed,
): void {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const found = missing.length === 1 ? "which is not installed" : "which are not installed";
  throw new RunError(
    `${user} needs ${missing.join(" and ")}, ${found}: npm install ${withVersions(missing).join(" ")}`,
  );
}

/** The versions of SDKs that this package is made for: `@pulumi/aws@^7.48.0`. */
export function withVersions(packages: readonly string[]): string[] {
  const versions = sdkVersions();
  return packages.map((name) => `${name}@${versions[name]}`);
}

export function sdkVersions(): Readonly<Record<string, string>> {
  const text = readFileSync(join(packageFolder(), "package.json"), "utf8");
  return (JSON.parse(text) as { peerDependencies: Record<string, string> }).peerDependencies;
}

function installed(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
