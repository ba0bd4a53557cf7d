import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { undocumented } from "../docstrings";
import { projectDir } from "../project";

const examples = readdirSync(join(projectDir, "examples")).filter((file) => file.endsWith(".ts"));

const { peerDependencies: peers } = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
  peerDependencies: Readonly<Record<string, string>>;
};

/** What somebody else's repository does with the tarball. Packs, and installs it as a registry would serve it. */
describe("the package", function () {
  this.timeout(900_000);
  let folder: string;
  let packed: { filename: string; size: number; files: readonly { path: string }[] };

  const run = (command: string, args: readonly string[], cwd = folder) => {
    const { status, stderr, stdout } = spawnSync(command, args, {
      cwd,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    return { status, output: `${stdout}${stderr}`, stdout };
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
    const pack = run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], projectDir);
    equal(pack.status, 0, pack.output);
    [packed] = JSON.parse(pack.stdout.slice(pack.stdout.indexOf("["))) as [typeof packed];
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "foreign", private: true }));
    const install = run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `./${packed.filename}`]);
    equal(install.status, 0, install.output);
    for (const file of examples) cpSync(join(projectDir, "examples", file), join(folder, file));
    const compilerOptions = { module: "nodenext", target: "es2022", strict: true, skipLibCheck: true, outDir: "out" };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds what a user needs, and no source, test or application", () => {
    const unexpected = packed.files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^(dist\/|\.github\/workflows\/[a-z]+\.yml$|docs\/[a-z-]+\.md$|docs\/runbooks\/[a-z-]+\.md$|tools\/(sdk|slipway|typescript)\.cjs$|package\.json$|README\.md$|LICENSE$)/.test(
            path,
          ),
      );
    equal(unexpected.join("\n"), "");
    ok(packed.files.every(({ path }) => !/(?<!\.d)\.ts$|\.test\./.test(path)));
    ok(packed.size < 1_500_000, `${packed.size} bytes`);
    console.log(`      ${packed.files.length} files, ${Math.round(packed.size / 1000)} kB`);
  });

  it("leaves SDKs to the user, and says which one an entry needs", () => {
    const load = (entry: string) => run(process.execPath, ["-e", `require(${JSON.stringify(entry)})`]);
    for (const name of Object.keys(peers)) equal(existsSync(join(folder, "node_modules", name)), false, name);
    for (const [entry, name] of [
      ["slipway/aws", "@pulumi/aws"],
      ["slipway/kubernetes", "@pulumi/kubernetes"],
      ["slipway/vercel", "@pulumiverse/vercel"],
      ["slipway/dist/policy/pack.js", "@pulumi/policy"],
    ] as const) {
      const { output, status } = load(entry.replace("slipway/dist", `${folder}/node_modules/slipway/dist`));
      equal(status, 1, entry);
      ok(output.includes(`needs ${name}, which is not installed: npm install ${name}`), output);
    }
    match(
      load("slipway/docker").output,
      /needs @pulumi\/docker and @pulumi\/tls, which are not installed: npm install/,
    );
    for (const entry of ["slipway", "slipway/plan", "slipway/policy"]) equal(load(entry).status, 0, load(entry).output);

    const alone = run("npm", [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      `@pulumi/aws@${peers["@pulumi/aws"]}`,
    ]);
    equal(alone.status, 0, alone.output);
    equal(load("slipway/aws").status, 0, load("slipway/aws").output);
    equal(existsSync(join(folder, "node_modules/@pulumi/kubernetes")), false);
    const rest = Object.entries(peers).map(([name, version]) => `${name}@${version}`);
    const all = run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...rest]);
    equal(all.status, 0, all.output);
  });

  it("has types that say of each argument what it is, its unit, its default and an example", () => {
    const entries = ["aws", "docker", "kubernetes", "vercel"].map((entry) => `dist/components/${entry}`);
    deepEqual(undocumented(join(folder, "node_modules/slipway"), entries, ".d.ts"), []);
  });

  it("has types by which every example compiles", () => {
    const { output, status } = run(join(folder, "node_modules/.bin/tsc"), ["-p", "."]);
    equal(status, 0, output);
  });

  for (const file of examples) {
    it(`${file} is a program of fewer than 30 lines, which the preview runs`, () => {
      ok(readFileSync(join(folder, file), "utf8").split("\n").length < 30);
      const program = `./out/${file.replace(/\.ts$/, ".js")}`;
      const { output, status, stdout } = run(process.execPath, [
        "-e",
        `const { customResources, recordProgram } = require("slipway/plan");
        recordProgram({
          project: "foreign", stack: "dev", config: { "aws:region": "eu-central-1", "foreign:webhook": "https://hooks.example.com/deployed" }, program: () => require(${JSON.stringify(program)}),
        }).then((plan) => console.log(customResources(plan).length), (error) => { console.error(error); process.exit(1); });`,
      ]);
      equal(status, 0, output);
      ok(Number(stdout.trim().split("\n").at(-1)) > 0, output);
    });
  }

  it("is what `npm create slipway` makes a project of, and its messages name pages that are there", () => {
    const repository = join(folder, "shop");
    mkdirSync(repository);
    writeFileSync(join(repository, "package.json"), JSON.stringify({ name: "shop" }));
    const create = join(projectDir, "packages/create-slipway/create-slipway.cjs");
    const made = run(
      process.execPath,
      [create, "--package", `../${packed.filename}`, "--image", "acme/shop:1"],
      repository,
    );
    equal(made.status, 0, made.output);
    match(made.output, /Next +cd infra && npx slipway preview local/);
    const infra = join(repository, "infra");
    const { dependencies } = JSON.parse(readFileSync(join(infra, "package.json"), "utf8")) as {
      dependencies: Readonly<Record<string, string>>;
    };
    // Of one Docker host alone: no SDK of a cloud.
    deepEqual(Object.keys(dependencies).sort(), [
      "@pulumi/docker",
      "@pulumi/docker-build",
      "@pulumi/policy",
      "@pulumi/tls",
      "slipway",
    ]);
    const bin = join(infra, "node_modules/.bin/slipway");
    const { output, status } = run(bin, ["preview"], infra);
    equal(status, 0, output);
    match(output, /local +docker +.* resources/);

    writeFileSync(join(infra, "Pulumi.local.yaml"), "config:\n  slipway:target: docker\n  slipway:domain: localhost\n");
    const wrong = run(bin, ["preview", "local"], infra);
    equal(wrong.status, 1);
    const page = /Every setting: (\S+)/.exec(wrong.output)?.[1];
    ok(page !== undefined && existsSync(join(infra, page)), wrong.output);

    const other = run(bin, ["init", "--target", "aws-ecs", "--stack", "prod", "--image", "acme/shop:1"], infra);
    match(other.output, /npm install @pulumi\/aws@\S+ && npx slipway preview prod/);
    const unloaded = run(bin, ["preview", "prod"], infra);
    ok(unloaded.status !== 0, unloaded.output);

    const again = run(process.execPath, [create, "infra"], repository);
    equal(again.status, 1);
    match(again.output, /infra is not empty. Nothing was written/);
  });

  it("is a program too: three lines and a stack file", () => {
    const site = join(folder, "site");
    mkdirSync(site);
    writeFileSync(join(site, "Pulumi.yaml"), "name: site\nruntime: nodejs\nmain: index.ts\n");
    writeFileSync(join(site, "index.ts"), 'import program = require("slipway");\n\nexport = program;\n');
    writeFileSync(
      join(site, "Pulumi.dev.yaml"),
      "config:\n  slipway:target: docker\n  slipway:domain: localhost\n  slipway:image: ghcr.io/acme/shop:1.4.2\n  slipway:preset: development\n",
    );
    const { output, status } = run(join(folder, "node_modules/.bin/slipway"), ["preview"], site);
    equal(status, 0, output);
    match(output, /dev +docker +.* resources/);
  });

  it("previews a program of ES modules that knows nothing of it, and compares it with its base", () => {
    const other = join(folder, "other");
    mkdirSync(other);
    const git = (...args: readonly string[]) =>
      run(
        "git",
        ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main", ...args],
        other,
      );
    writeFileSync(join(other, "Pulumi.yaml"), "name: other\nruntime: nodejs\nmain: index.ts\n");
    writeFileSync(join(other, "Pulumi.dev.yaml"), "config: {}\n");
    writeFileSync(join(other, "package.json"), JSON.stringify({ name: "other", type: "module" }));
    writeFileSync(join(other, "length.ts"), "export const length: number = 2;\n");
    const program = (extra: string) =>
      `import * as random from "@pulumi/random";\nimport { length } from "./length.js";\nnew random.RandomPet("first", { length });\n${extra}`;
    writeFileSync(join(other, "index.ts"), program(""));
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "begin");
    const bin = join(folder, "node_modules/.bin/slipway");
    const preview = run(bin, ["preview", "dev"], other);
    equal(preview.status, 0, preview.output);
    writeFileSync(join(other, "index.ts"), program('new random.RandomPet("second");\n'));
    const { output, status } = run(bin, ["diff", "dev", "--base", "main"], other);
    equal(status, 0, output);
    match(output, /^dev +adds 1\b/m);
    match(output, /\+ second RandomPet/);
  });
});
