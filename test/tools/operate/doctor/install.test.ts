import { strict as assert } from "node:assert";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, type Diagnosis, type Finding, isReady } from "../../../../tools/operate/doctor/contract";
import { findingsOf } from "../../../../tools/operate/doctor/diagnose";
import { commandLine, install, installable } from "../../../../tools/operate/doctor/install";
import { diagnosisText } from "../../../../tools/operate/doctor/text";
import { facts, rowOf } from "./world";

const diagnosis = (...findings: readonly Finding[]): Diagnosis => ({
  ...{ version: 1, stack: "staging", target: "kubernetes", place: "context kind-dev" },
  findings,
});
const finding = (answer: Answer, level: Finding["level"] = "required"): Finding => ({
  ...{ id: "row", needs: "something", when: "`setting`", level, asked: "kubectl get", answer },
});
const no: Answer = { state: "missing", found: "not there", fix: ["kubectl create something"] };
const yes: Answer = { state: "present", found: "there" };
const unsure: Answer = { state: "unknown", found: "Forbidden", fix: [] };

describe("slipway doctor", () => {
  it("is content without what is advised, and not where something required could not be asked", () => {
    assert.equal(isReady(diagnosis(finding(yes), finding(no, "recommended"), finding(unsure, "recommended"))), true);
    assert.equal(isReady(diagnosis(finding(yes), finding(unsure))), false);
    assert.equal(isReady(diagnosis(finding(yes), finding(no))), false);
  });

  it("says what was found, how it was asked, and the command", () => {
    const text = diagnosisText(diagnosis(finding(yes), finding(no), finding(no, "recommended"), finding(unsure)));
    for (const line of [
      /^staging · kubernetes · context kind-dev$/m,
      /^ {2}ok {7}row {2}there$/m,
      /^ {2}missing {2}row {2}something, for `setting`$/m,
      /^ +asked: kubectl get$/m,
      /^ +kubectl create something$/m,
      /^ {2}advised {2}row/m,
      /^ {2}1 there, 1 missing, 1 unknown, 1 advised\. Exit code 2\.$/m,
    ]) {
      assert.match(text, line);
    }
  });

  it("installs each chart once, and what others need first", async () => {
    const file = { kubernetes: { namespace: "shop", backupBucket: "s3://acme-backups/shop" }, tls: { issuer: "x" } };
    const rows = ["barman-plugin", "cert-manager", "cloudnative-pg", "cert-manager"].map(rowOf);
    const installs = installable(diagnosis(...(await findingsOf(rows, facts({}, file)))));
    assert.deepEqual(
      installs.map(({ args }) => args[2]),
      ["cert-manager", "cnpg", "plugin-barman-cloud"],
    );
    const run: string[] = [];
    const terminal = (program: string, args: readonly string[]) => {
      run.push([program, ...args.slice(0, 3)].join(" "));
      return Promise.resolve(args[2] === "cnpg" ? 1 : 0);
    };
    await assert.rejects(
      install(installs, terminal, () => undefined, pathWith("helm")),
      /helm failed with exit code 1: what comes after it was not tried/,
    );
    assert.deepEqual(run, ["helm upgrade --install cert-manager", "helm upgrade --install cnpg"]);
  });

  it("runs nothing where the program is not there, and says the commands", async () => {
    const [wanted] = await findingsOf([rowOf("cert-manager")], facts({}, { tls: { issuer: "x" } }));
    const never = () => Promise.reject(new Error("must not run"));
    await assert.rejects(
      install(installable(diagnosis(wanted!)), never, () => undefined, "/nowhere"),
      /helm not found on PATH: nothing was installed[^]*helm upgrade --install cert-manager oci:/,
    );
  });

  it("quotes what a shell would read", () => {
    assert.equal(
      commandLine("helm", ["--set-json", 'a=[{"b":1}]', "it's"]),
      `helm --set-json 'a=[{"b":1}]' 'it'\\''s'`,
    );
  });
});

/** A folder that has a file of that name. */
function pathWith(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(folder, program), "");
  return folder;
}
