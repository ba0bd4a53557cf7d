import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import { toYaml } from "../../tools/readers/render/kubernetes";
import { manifests } from "../../tools/readers/render/kubernetes-objects";
import { record } from "../record";
import { findProgram, run } from "./programs";
import { variants } from "./variants";

/** What is as it is, and why: check, of which object. Of kube-score its critical findings, of Checkov all. */
const reasons: readonly (readonly [check: string, object: RegExp, reason: string])[] = [
  [
    "container-security-context-user-group-id",
    /./,
    "the number is the image's: 1001 of the application, 999 of Valkey",
  ],
  ["CKV_K8S_40", /./, "the same"],
  [
    "container-image-pull-policy",
    /./,
    "a tag is deployed once, and a registry that is down must not keep a pod from starting",
  ],
  ["CKV_K8S_15", /./, "the same"],
  ["CKV_K8S_43", /./, "a stack file's own choice, which k8s-image-digest judges: production asks for a digest"],
  ["pod-probes-identical", /\/cache$/, "Valkey answers one question; liveness takes three times as many failures"],
  ["pod-probes-identical", /^plain-/, "an image may have one path; liveness takes three times as many failures"],
  ["networkpolicy-targets-pod", /\/database-servers$/, "the pods are CloudNativePG's"],
  ["networkpolicy-targets-pod", /\/web-challenges$/, "the pods are cert-manager's, and live for seconds"],
  ["CKV_K8S_8", /worker-/, "nobody sends requests to it, and it has no port that could be asked"],
  ["CKV_K8S_9", /worker-/, "the same"],
  ["CKV_K8S_11", /requests-below-limits/, "kubernetes.cpuLimit: false, which is not the default"],
  ["container-resources", /^requests-below-limits/, "the same"],
];

const explained = (check: string, object: string) => reasons.some(([id, of]) => id === check && of.test(object));

interface Score {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

interface Checked {
  readonly results: {
    readonly passed_checks: readonly object[];
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_path: string;
    }[];
  };
}

describe("Kubernetes, by tools that score manifests", function () {
  this.timeout(600_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-scores-"));
    for (const [name, file] of Object.entries(variants)) {
      const plan = await record(() => runStack(resolveSettings("test", file, {})));
      mkdirSync(join(folder, name));
      const objects = manifests(plan).flatMap(({ object }) => (object === undefined ? [] : [asDeployment(object)]));
      writeFileSync(join(folder, name, "all.yaml"), objects.map(toYaml).join("---\n"));
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("kube-score finds nothing critical without a reason", async function () {
    const program = findProgram("kube-score");
    if (program === undefined) {
      console.log("      not there: kube-score; test/bed/cluster/build.sh builds it");
      this.skip();
    }
    const found: string[] = [];
    let checks = 0;
    for (const name of Object.keys(variants)) {
      const command = 'exec 2>/dev/null; "$0" score -o json --kubernetes-version v1.30 "$1" || test $? = 1';
      const said = await run("sh", ["-c", command, program, join(folder, name, "all.yaml")]);
      for (const { object_name, checks: each } of JSON.parse(said) as Score[]) {
        checks += each.filter(({ skipped }) => !skipped).length;
        for (const { check, grade, skipped, comments } of each) {
          if (skipped || grade > 1 || explained(check.id, `${name} ${object_name}`)) continue;
          found.push(
            `${name} ${object_name} ${check.id}: ${(comments ?? []).map(({ summary }) => summary).join(", ")}`,
          );
        }
      }
    }
    console.log(`      ${checks} checks`);
    assert.deepEqual(found, []);
    assert.ok(checks > 500);
  });

  it("Checkov finds nothing without a reason", async function () {
    const program = process.env["SLIPWAY_CHECKOV"] ?? findProgram("checkov");
    if (program === undefined) {
      console.log("      not there: checkov, by SLIPWAY_CHECKOV or on PATH (PyPI)");
      this.skip();
    }
    const command = '"$0" -d "$1" --framework kubernetes -o json --compact --skip-download 2>/dev/null || test $? = 1';
    const { results } = JSON.parse(await run("sh", ["-c", command, program, folder])) as Checked;
    const passed = results.passed_checks.length;
    const found = results.failed_checks
      .filter(({ check_id, resource }) => !explained(check_id, resource))
      .map(({ check_id, check_name, resource, file_path }) => `${file_path} ${resource} ${check_id}: ${check_name}`);
    console.log(`      ${results.failed_checks.length} with a reason`);
    assert.deepEqual(found, []);
    assert.ok(results.failed_checks.length > 0 || passed > 0, "something was judged");
  });
});

/** What neither tool looks into is a Deployment with the same pods. */
function asDeployment(object: Readonly<Record<string, unknown>>): object {
  if (object["kind"] === "Rollout") {
    const { selector, template, revisionHistoryLimit } = object["spec"] as Record<string, unknown>;
    const spec = { selector, template, revisionHistoryLimit };
    return { apiVersion: "apps/v1", kind: "Deployment", metadata: object["metadata"], spec };
  }
  if (object["kind"] !== "HorizontalPodAutoscaler") return object;
  const spec = object["spec"] as Record<string, unknown>;
  const target = spec["scaleTargetRef"] as Record<string, unknown>;
  return {
    ...object,
    spec: { ...spec, scaleTargetRef: { ...target, apiVersion: "apps/v1", kind: "Deployment" } },
  };
}
