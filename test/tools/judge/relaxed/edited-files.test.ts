import { deepEqual, equal, match } from "node:assert/strict";
import { editedLock, editedManifest, letThrough } from "../../../../tools/judge/relaxed/edited-files";

describe("files that decide how a change is judged", () => {
  const job = "steps:\n  - run: npx slipway diff --base main\n";
  for (const [what, after, says] of [
    ["an error that is passed over", `${job}    continue-on-error: true\n`, /goes on after an error/],
    ["an expression that passes over one", `${job}    continue-on-error: \${{ always() }}\n`, /goes on after an error/],
    ["a command that cannot fail", job.replace("main", "main || true"), /takes a command that failed/],
    ["a shell that goes on", job.replace("npx", "set +e; npx"), /goes on after a command/],
    ["a step that is skipped", `${job}    if: \${{ false }}\n`, /skips a step/],
    ["less that fails", job.replace("main", "main --fail-on none"), /what fails \(`--fail-on`\)/],
    ["a label of its own", job.replace("main", "main --label loses-data"), /gives itself a label/],
    ["another configuration", job.replace("main", "main --config loose.json"), /another configuration of the policies/],
    ["the base's rights", `on: pull_request_target\n${job}`, /with the base's rights/],
    ["code in every command", `env:\n  NODE_OPTIONS: --require ./x.js\n${job}`, /NODE_OPTIONS/],
    ["variables of Slipway", `env:\n  SLIPWAY_X: "1"\n${job}`, /that Slipway reads/],
    ["a job of GitLab that may fail", `${job}  allow_failure: true\n`, /may fail/],
  ] as const)
    it(`a pipeline: ${what}`, () => match(letThrough({ before: job, after }) ?? "", says));

  it("a pipeline: nothing of what was there already, nor of what goes", () => {
    const loose = `${job}    continue-on-error: true\n`;
    equal(letThrough({ before: loose, after: `# moved\n${loose}` }), undefined);
    equal(letThrough({ before: loose, after: job }), undefined);
    equal(letThrough({ before: job, after: `${job}    continue-on-error: false\n` }), undefined);
    match(letThrough({ before: loose, after: `${loose}${loose}` }) ?? "", /continue-on-error/);
  });

  const manifest = (more: object) => JSON.stringify({ name: "x", scripts: { test: "mocha" }, ...more });
  const edited = (after: object, before: object = {}) =>
    editedManifest({ file: "package.json", before: manifest(before), after: manifest(after) }).map(
      ({ message }) => message,
    );
  for (const [what, after, says] of [
    ["scripts", { scripts: { test: "true", postinstall: "node x" } }, /`scripts` \(test, postinstall\)/],
    ["overrides", { overrides: { slipway: "npm:slipway-loose" } }, /`overrides` \(slipway\)/],
    ["resolutions", { resolutions: { slipway: "1" } }, /`resolutions` \(slipway\)/],
    ["pnpm", { pnpm: { overrides: { slipway: "1" } } }, /`pnpm` \(overrides\)/],
    ["another package manager", { packageManager: "npm@1" }, /`packageManager`/],
    [
      "another package under the name",
      { devDependencies: { slipway: "npm:loose@1" } },
      /slipway from elsewhere than the registry/,
    ],
    [
      "a repository",
      { dependencies: { slipway: "acme/slipway#x" } },
      /slipway from elsewhere than the registry \(acme/,
    ],
    ["a folder", { dependencies: { slipway: "file:../slipway" } }, /slipway from elsewhere/],
  ] as const)
    it(`a package.json: ${what}`, () => match(edited(after).join(), says));

  it("a package.json: not a newer version of the registry, nor what was there", () => {
    deepEqual(edited({ dependencies: { slipway: "^2.0.0" } }, { dependencies: { slipway: "^1.0.0" } }), []);
    deepEqual(edited({ overrides: { a: "1" } }, { overrides: { a: "1" } }), []);
  });

  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...packages } });
  const one = (name: string, version: string, host = "registry.example.com", integrity = version) => ({
    [`node_modules/${name}`]: { version, resolved: `https://${host}/${name}-${version}.tgz`, integrity },
  });
  const locked = (before: object, after: object) =>
    editedLock({ file: "package-lock.json", before: lock(before), after: lock(after) })
      .map(({ message }) => message)
      .join();
  it("a lock file: another host, another archive, another judge", () => {
    const base = { ...one("a", "1.0.0"), ...one("slipway", "1.0.0") };
    match(locked(base, { ...base, ...one("b", "1.0.0", "evil.example") }), /b comes from evil\.example/);
    match(
      locked(base, { ...base, ...one("a", "1.0.0", undefined, "other") }),
      /a 1\.0\.0 is another archive under the same version/,
    );
    match(
      locked(base, { ...base, ...one("slipway", "0.9.0") }),
      /slipway, by which this change is judged, was 1\.0\.0 and is 0\.9\.0/,
    );
    match(
      locked(base, {
        ...base,
        "node_modules/a/node_modules/@pulumi/policy": { version: "1", resolved: "git+ssh://git@github.com/x/y.git#1" },
      }),
      /@pulumi\/policy comes from github\.com/,
    );
  });

  it("a lock file: not the usual update", () => {
    equal(locked(one("a", "1.0.0"), { ...one("a", "1.1.0"), ...one("b", "2.0.0") }), "");
    deepEqual(editedLock({ file: "package-lock.json", before: "{", after: "{" }), []);
  });
});
