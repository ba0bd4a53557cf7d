import { deepEqual, ok } from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { missing, needs } from "../project";
import { Workspace } from "./workspace";

/**
 * Stacks that the program of the first version made (commit 5d538aa), as the engine wrote them down, taken up by the program
 * as it is now: through the engine, with stand-ins for the providers that report replacements as the real ones do.
 */
const folder = join(__dirname, "first-version");

/** What is made again, and why that loses nothing: no volume, no network, no password, no database is among them. */
const madeAgain: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  prod: {
    "aws:ecs/taskDefinition:TaskDefinition::web": "each release has one of its own",
  },
  staging: {
    "kubernetes:batch/v1:Job::web-migration": "each release has one of its own",
    "kubernetes:core/v1:ConfigMap::monitoring-dashboard": "other panels",
  },
  local: {
    "docker:index/remoteImage:RemoteImage::slipway-local-app-image": "built from another folder",
    "docker:index/container:Container::slipway-local-app-migrate": "each release has one of its own",
    "docker:index/container:Container::slipway-local-app-1": "each release has its own",
    "docker:index/container:Container::slipway-local-app-2": "each release has its own",
    "docker:index/container:Container::slipway-local-secrets-writer": "copies files with the release's image",
    "docker:index/container:Container::slipway-local-nginx-server": "another configuration",
    "docker:index/container:Container::slipway-local-nginx-files-writer": "another configuration",
    "docker:index/container:Container::slipway-local-monitoring-server": "other rules",
    "docker:index/container:Container::slipway-local-monitoring-server-files-writer": "other rules",
    "docker:index/container:Container::slipway-local-database-server": "other parameters; its data is in a volume",
    "docker:index/container:Container::slipway-local-database-backup": "another script; its dumps are in a volume",
    "docker:index/container:Container::slipway-local-database-backup-files-writer": "another script",
  },
};

interface Step {
  readonly op: string;
  readonly urn: string;
}

describe("a stack of the first version, through the engine", function () {
  this.timeout(600_000);

  before(function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
  });

  for (const [name, allowed] of Object.entries(madeAgain)) {
    it(`is taken up without a replacement or a deletion: ${name}`, async () => {
      const workspace = await Workspace.create(name, {}, join(__dirname, "stand-ins"));
      try {
        const stacks = join(workspace.folder, ".pulumi", "stacks", "slipway");
        mkdirSync(stacks, { recursive: true });
        writeFileSync(join(stacks, `${name}.json`), gunzipSync(readFileSync(join(folder, `${name}.json.gz`))));
        // With the salt that its secrets are encrypted with.
        cpSync(join(folder, `Pulumi.${name}.yaml`), join(workspace.folder, `Pulumi.${name}.yaml`));
        const steps: Step[] = [];
        await workspace.stack.up({
          onEvent: ({ resourcePreEvent }) => void (resourcePreEvent && steps.push(resourcePreEvent.metadata)),
        });
        const found = steps.filter(({ op }) => op === "same" || op === "update");
        ok(found.length > 30, `${found.length} of ${steps.length} were there`);
        const lost = steps
          .filter(({ op }) => /replace|delete/.test(op))
          .filter(({ op, urn }) => op === "delete" || allowed[typeAndName(urn)] === undefined)
          .map(({ op, urn }) => `${op} ${urn}`);
        deepEqual(lost, []);
      } finally {
        workspace.remove();
      }
    });
  }
});

/** `urn:pulumi:prod::slipway::slipway:…$aws:ecs/service:Service::web` is `aws:ecs/service:Service::web`. */
function typeAndName(urn: string): string {
  const [types = "", name] = urn.split("::").slice(2);
  return `${types.split("$").at(-1)}::${name}`;
}
