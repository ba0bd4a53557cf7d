import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsPage } from "./aws-page";
import { deployabilityPage } from "./deployability-page";
import { renderPolicies } from "./policies-page";
import { policyCoverage } from "./policy-coverage";
import { doctorPage } from "./doctor-page";
import { runbookPages } from "./runbook-page";
import { projectFile } from "./project-file";
import { settingsReference } from "./settings-reference";

/** Files that are made from code. `npm run generate` writes them; `npm run generate -- --check` fails when one differs. */
export const generated: Readonly<Record<string, (current: string) => string>> = {
  "Pulumi.yaml": projectFile,
  "docs/aws.md": awsPage,
  "docs/settings.md": () => settingsReference(),
  "docs/deployability.md": () => deployabilityPage(),
  "docs/policies.md": () => renderPolicies(),
  "docs/policies-compared.md": policyCoverage,
  "docs/doctor.md": () => doctorPage(),
  ...runbookPages,
};

const root = join(__dirname, "..", "..");

/** Names of the files that are not what the code would make. */
export function drifted(): string[] {
  return Object.entries(generated)
    .filter(([file, make]) => make(current(file)) !== current(file))
    .map(([file]) => file);
}

function current(file: string): string {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

if (require.main === module) {
  const stale = drifted();
  if (process.argv.includes("--check")) {
    if (stale.length > 0) console.error(`${stale.join(", ")}: not what the code says; run npm run generate`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    mkdirSync(join(root, "docs", "runbooks"), { recursive: true });
    for (const file of stale) writeFileSync(join(root, file), generated[file]!(current(file)));
    console.log(stale.length > 0 ? `written: ${stale.join(", ")}` : "nothing has changed");
  }
}
