import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectDir, slipway } from "../../project";

interface Step {
  readonly run?: string;
  readonly "working-directory"?: string;
  readonly with?: Readonly<Record<string, string>>;
}

describe("slipway init", function () {
  this.timeout(60_000);
  let repository: string;

  const init = (...args: string[]) => slipway(repository, "init", ...args);
  const yaml = (file: string) => parse(readFileSync(join(repository, file), "utf8")) as Record<string, unknown>;

  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), "slipway-init-"));
    writeFileSync(join(repository, "package.json"), JSON.stringify({ name: "@acme/shop" }));
    writeFileSync(join(repository, "Dockerfile"), "FROM scratch\n");
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  it("begins a project on one host beside the application, with nothing left to write", () => {
    const { status, stdout } = init("infra");
    equal(status, 0);
    deepEqual(readdirSync(join(repository, "infra")).sort(), [
      ".gitignore",
      "Pulumi.local.yaml",
      "Pulumi.yaml",
      "index.js",
      "package.json",
    ]);
    deepEqual(yaml("infra/Pulumi.local.yaml"), {
      config: {
        "slipway:target": "docker",
        "slipway:preset": "development",
        "slipway:domain": "localhost",
        "slipway:docker": { name: "shop-local" },
        "slipway:build": { context: ".." },
      },
    });
    deepEqual(yaml("infra/Pulumi.yaml")["name"], "shop");
    match(stdout, /Next +cd infra && npm install && npx slipway preview local\n$/);
    ok(!stdout.includes("Still to be written"));
  });

  it("names all that a stack for AWS still needs", () => {
    const { status, stdout } = init("infra", "--target", "aws-ecs", "--domain", "shop.example.com");
    equal(status, 0);
    match(stdout, /Pulumi\.prod\.yaml has 2 problems/);
    match(stdout, /aws:region +is missing/);
    match(stdout, /slipway:tls\.certificateArn +is missing/);
  });

  it("leaves what is there, and adds a stack", () => {
    init("infra");
    writeFileSync(join(repository, "infra/index.js"), "// mine\n");
    const { stdout } = init("infra", "--stack", "host", "--domain", "shop.example.com", "--image", "acme/shop:1");
    match(stdout, /infra\/index\.js is there already: left as it is/);
    match(stdout, /infra\/Pulumi\.host\.yaml written/);
    equal(readFileSync(join(repository, "infra/index.js"), "utf8"), "// mine\n");
    deepEqual(yaml("infra/Pulumi.host.yaml"), {
      config: {
        "slipway:target": "docker",
        "slipway:domain": "shop.example.com",
        "slipway:image": "acme/shop:1",
        "slipway:docker": { name: "shop-host" },
      },
    });
  });

  it("writes nothing in a dry run, and nothing for a target that there is not", () => {
    match(init("infra", "--dry-run").stdout, /--- infra\/Pulumi\.local\.yaml\nconfig:\n/);
    const { status, stderr } = init("infra", "--target", "heroku");
    equal(status, 1);
    match(stderr, /aws-ecs, kubernetes, docker, vercel/);
    ok(!existsSync(join(repository, "infra")));
  });

  it("writes GitHub's workflows for where the project lies, by commands of the package", () => {
    equal(init("infra", "--github", "--dry-run").status, 1);
    match(init("infra", "--github", "--dry-run").stderr, /is in no git repository/);
    spawnSync("git", ["init", "-q"], { cwd: repository });
    equal(init("infra", "--github").status, 0);
    const folder = join(repository, ".github/workflows");
    const files = readdirSync(folder).map((name) => join(folder, name));
    equal(files.length, readdirSync(join(projectDir, ".github/workflows")).length);

    const steps = files.flatMap((file) => {
      const { jobs } = parse(readFileSync(file, "utf8")) as { jobs: Record<string, { steps: Step[] }> };
      return Object.values(jobs).flatMap((job) => job.steps);
    });
    const commands = steps.filter(({ run }) => /npm ci|npx slipway|pulumi up/.test(run ?? ""));
    deepEqual(new Set(commands.map((step) => step["working-directory"])), new Set(["infra", "repository/infra"]));
    const read = commands.map(({ run }) => run).join("\n");
    match(read, /--review \.\.\/\.\.\/review\/preview\.json/);
    match(read, /reviews=\(\.\.\/review\/preview\.json\)/);
    match(read, /receipts=\(\.\.\/receipts\/\*\.json\)/);
    match(read, /--policy-pack node_modules\/slipway\/dist\/policy /);
    deepEqual(steps.flatMap((step) => step.with?.["cache-dependency-path"] ?? []).sort(), [
      "infra/package-lock.json",
      "infra/package-lock.json",
      "infra/package-lock.json",
      "infra/package-lock.json",
      "repository/infra/package-lock.json",
    ]);
    const { status, stdout, error } = spawnSync("actionlint", ["-no-color", ...files], { encoding: "utf8" });
    if (error === undefined) equal(status, 0, stdout);
  });

  it("makes a name that Pulumi takes of one that it does not", () => {
    mkdirSync(join(repository, "our shop"));
    match(init("our shop/infra", "--dry-run").stdout, /\nname: our-shop\n/);
  });
});
