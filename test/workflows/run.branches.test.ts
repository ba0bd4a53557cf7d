import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir } from "../project";
import { ForgeServer } from "../tools/forge/forge-server";
import { claimsOf, OidcServer, type Run } from "./oidc";
import { trustOfRoles } from "./roles";
import { checkOut, type Job, jobsOf, pushed, runJob } from "./runner";

const fixtures = join(projectDir, "test/tools/sources/engine/fixtures");
const repository = "acme/shop";
/** As a program of this project would have it. */
const recorded = (events: string) => `sed s/::shop::/::slipway::/g ${join(fixtures, events)}`;

describe("workflows, run against stand-ins", () => {
  let artifacts: string;
  let server: ForgeServer;
  let api: string;
  let repo: ReturnType<typeof pushed>;

  before(() => {
    // A rule that stops nothing any more, and what it would have stopped.
    repo = pushed((folder) => {
      const rule = join(folder, "policy/rules/aws/rds/rds-multi-az.ts");
      writeFileSync(
        rule,
        readFileSync(rule, "utf8").replace("if (multiAz.isNot(true)) fail", "if (multiAz.is(17)) fail"),
      );
      const stack = join(folder, "Pulumi.prod.yaml");
      writeFileSync(
        stack,
        readFileSync(stack, "utf8").replace("slipway:database:\n", "slipway:database:\n    standby: false\n"),
      );
    });
  });
  beforeEach(async () => {
    artifacts = mkdtempSync(join(tmpdir(), "slipway-artifacts-"));
    server = new ForgeServer();
    api = await server.start();
    server.head = repo.head;
  });
  afterEach(() => {
    server.stop();
    rmSync(artifacts, { recursive: true });
  });
  after(() => rmSync(join(repo.bare, ".."), { recursive: true }));

  const preview = () =>
    runJob(jobsOf("preview.yml")["program"]!, {
      contexts: { github: { event: { pull_request: { number: 7 } }, base_ref: "main" } },
      artifacts,
      checkout: checkOut(repo.bare, "branch"),
    });

  /** Not in this process: its stand-in for the API would never answer. */
  const comment = (own: boolean) => {
    const run = {
      head_sha: repo.head,
      run_number: 3,
      run_attempt: 1,
      html_url: "https://github.com/acme/shop/actions/runs/9",
      event: "pull_request",
      conclusion: "success",
    };
    const github = {
      repository,
      token: "t",
      event: { workflow_run: { ...run, id: 9, head_repository: { full_name: own ? repository : "mallory/shop" } } },
    };
    return runInChild(
      jobsOf("comment.yml")["comment"]!,
      { github },
      { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository },
    );
  };

  function runInChild(job: Job, contexts: object, env: Record<string, string>, commands = {}): Promise<number> {
    const given = JSON.stringify({ job, contexts, commands, env, artifacts, bare: repo.bare });
    const child = spawn(
      process.execPath,
      ["-r", join(projectDir, "tools/typescript.cjs"), join(__dirname, "runner.ts"), given],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  }

  it("preview.yml judges, comment.yml writes: a rule that the branch edits is asked as the base has it", async () => {
    const { status, printed } = preview();
    equal(status, 0, printed);
    match(printed, /by the base's rules database fails: The database is in one zone\./);
    match(readFileSync(join(artifacts, "review/slipway.sarif"), "utf8"), /"2\.1\.0"/);
    match(readFileSync(join(artifacts, "review/report.html"), "utf8"), /<!doctype html>/i);
    equal(await comment(true), 0);
    const [written] = server.comments;
    match(written!.body, /\*\*relaxes 1\*\*/);
    match(written!.body, /`rds-multi-az`[^\n]*The database is in one zone/);
    match(written!.body, /rds-multi-az\.ts/);
    deepEqual(
      server.statuses.map(({ context, state, commit }) => [context, state, commit]),
      [["slipway/preview", "success", repo.head]],
    );
  });

  it("comment.yml says that a preview failed, and lets no fork pose as the live comparison", async () => {
    equal(await comment(true).catch(() => 1), 1, "no artifact at all: not even the number of the pull request");
    preview();
    const forged = JSON.parse(readFileSync(join(artifacts, "review/preview.json"), "utf8")) as {
      stack: string;
      relaxed?: unknown;
    }[];
    const nothing = forged.map((review) => ({ ...review, relaxed: [], reproduce: "npx slipway diff prod --engine" }));
    cpSync(join(artifacts, "review"), join(artifacts, "review-live"), { recursive: true });
    writeFileSync(join(artifacts, "review-live/live.json"), JSON.stringify(nothing));
    rmSync(join(artifacts, "review-live/preview.json"));
    equal(await comment(false), 0);
    ok(!server.comments[0]!.body.includes("Reproduce: `npx slipway diff prod --engine`"));
    match(server.comments[0]!.body, /Relaxed by this change/);
  });

  const drift = (events: string, issues: string) =>
    runJob(jobsOf("drift.yml")["drift"]!, {
      contexts: {
        github: { repository, token: "t" },
        matrix: { stack: "prod" },
        vars: { SLIPWAY_DRIFT_STACKS: '["prod"]' },
      },
      commands: {
        pulumi: recorded(events),
        gh: `case "$1 $2" in "issue list") echo "${issues}" ;; esac`,
      },
      artifacts,
      checkout: checkOut(repo.bare, "main"),
    });

  it("drift.yml opens one issue, updates it, and closes it", () => {
    const opened = drift("changes.ndjson", "");
    equal(opened.status, 0, opened.printed);
    match(opened.log, /pulumi preview[^\n]*--refresh/);
    match(opened.log, /gh issue create --title Drift: prod differs from the program --body-file drift\.md/);
    match(readFileSync(join(opened.folder, "work/drift.md"), "utf8"), /### Slipway/);
    match(drift("changes.ndjson", "12").log, /gh issue edit 12/);
    match(drift("nothing.ndjson", "12").log, /gh issue close 12/);
  });

  it("drill.yml restores what was not restored for too long, and opens one issue where that fails", () => {
    const operations = {
      ...{
        target: "aws-ecs",
        region: "eu-central-1",
        cluster: "c",
        service: "web",
        logGroup: "/shop",
        container: "app",
      },
      ...{ image: "i", backups: { instance: "database-1" } },
    };
    const drill = (event: string, daysAgo: number, issues = "") => {
      const lastRestoredBackup = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
      const parameters = JSON.stringify({ Parameters: [{ Value: JSON.stringify({ lastRestoredBackup }) }] });
      return runJob(jobsOf("drill.yml")["drill"]!, {
        contexts: {
          github: { repository, token: "t", event_name: event },
          ...{ matrix: { stack: "prod" }, vars: { SLIPWAY_DRILL_STACKS: '["prod"]' } },
        },
        commands: {
          pulumi: `echo '${JSON.stringify({ operations })}'`,
          aws: `case "$*" in *get-parameters*) cat <<'END'\n${parameters}\nEND\n;; *) echo "AccessDenied" >&2; exit 255 ;; esac`,
          gh: `case "$1 $2" in "issue list") echo "${issues}" ;; esac`,
          // A Monday.
          date: "echo 1",
        },
        artifacts,
        checkout: checkOut(repo.bare, "main"),
      });
    };
    const recent = drill("schedule", 2, "12");
    equal(recent.status, 0, recent.printed);
    match(recent.printed, /last restored 20/);
    ok(!/gh issue (?:close|create|edit)/.test(recent.log), recent.log);

    const old = drill("schedule", 9);
    ok(old.status !== 0, old.printed);
    match(old.log, /gh issue create --title Drill: the backup of prod was not restored --body-file drill\.md/);
    match(readFileSync(join(old.folder, "work/drill.md"), "utf8"), /^```\n[^]*AccessDenied[^]*```\n$/);
    match(drill("workflow_dispatch", 2, "12").log, /gh issue edit 12/);
  });

  const digest = `sha256:${"d".repeat(64)}`;
  const main = { ref: "refs/heads/main", actor: "a", token: "t", repository };
  const vars = { SLIPWAY_DEPLOY: "true", SLIPWAY_IMAGE: "ghcr.io/acme/shop", AWS_DEPLOY_ROLE: "arn:aws:iam::1:role/d" };

  it("deploy.yml builds, pushes and pins the image, and deploys what it pinned", () => {
    const checkout = checkOut(repo.bare, "main");
    const built = runJob(jobsOf("deploy.yml")["image"]!, {
      contexts: { github: main, vars, secrets: { SERVER_ACTIONS_KEY: "k" } },
      commands: {
        // As the real one does: who writes to a command that has ended is killed.
        docker: `case "$*" in login*) cat > /dev/null ;; *buildx\\ build*) echo '{"containerimage.digest":"${digest}"}' > "$RUNNER_TEMP/build.json" ;; esac`,
      },
      env: { GITHUB_SHA: "c".repeat(40) },
      artifacts,
      checkout,
    });
    equal(built.status, 0, built.printed);
    match(built.log, /docker login ghcr\.io --username a --password-stdin/);
    match(
      built.log,
      /buildx build --push --file app\/Dockerfile --tag ghcr\.io\/acme\/shop:c{40} --build-arg DEPLOYMENT_ID=c{12} /,
    );
    const image = built.outputs["push"]!["image"]!;
    equal(image, `ghcr.io/acme/shop@${digest}`);
    const deployed = runJob(jobsOf("deploy.yml")["deploy"]!, {
      contexts: {
        github: main,
        vars,
        matrix: { stack: "staging" },
        secrets: { KUBECONFIG: "kind: Config", PULUMI_CONFIG_PASSPHRASE: "p" },
        needs: { image: { result: "success", outputs: { image } } },
      },
      commands: {
        // Nothing is there yet: no output of that name.
        pulumi:
          'if [ "$1" = stack ]; then exit 255; elif [ "$1" = up ]; then echo "cluster $(cat "$KUBECONFIG") secret ${CLUSTER-gone}" >> "$LOG"; fi',
      },
      artifacts,
      checkout,
    });
    equal(deployed.status, 0, deployed.printed);
    const lines = deployed.log.split("\n");
    const set = lines.findIndex((line) => line === `pulumi config set --stack staging slipway:image ${image}`);
    const up = lines.findIndex((line) =>
      /^pulumi up --stack staging --policy-pack policy --policy-pack-config \S+ --yes --non-interactive$/.test(line),
    );
    ok(set >= 0 && up > set, deployed.log);
    match(deployed.log, /cluster kind: Config secret gone/);
  });

  it("deploy.yml releases what is there already, and its receipt goes under the pull request's comment", async () => {
    const image = `ghcr.io/acme/shop@${digest}`;
    const operations = {
      ...{ target: "aws-ecs", region: "eu-central-1", cluster: "c", service: "web", logGroup: "/shop" },
      ...{ container: "app", image: "ghcr.io/acme/shop@old" },
    };
    const deploy = (status: string) =>
      runJob(jobsOf("deploy.yml")["deploy"]!, {
        contexts: {
          ...{ github: main, vars, matrix: { stack: "prod" } },
          needs: { image: { result: "success", outputs: { image } } },
        },
        commands: {
          pulumi: `case "$*" in *stack\\ output*--json*) echo '${JSON.stringify({ operations })}' ;; esac`,
          aws: `case "$*" in *list-service*) echo '{"serviceDeployments":[{"serviceDeploymentArn":"a"}]}' ;; *describe-service*) echo '{"serviceDeployments":[{"status":"${status}"}]}' ;; esac`,
        },
        artifacts,
        checkout: checkOut(repo.bare, "main"),
      });
    const attach = () =>
      runInChild(
        jobsOf("deploy.yml")["receipt"]!,
        { github: { ...main }, needs: { deploy: { result: "failure" } } },
        { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_SHA: "c".repeat(40) },
      );
    equal(await attach(), 0, "nothing to attach");
    equal(server.comments.length, 0);

    const released = deploy("SUCCESSFUL");
    equal(released.status, 0, released.printed);
    match(released.log, /pulumi up --yes --skip-preview --policy-pack policy --policy-pack-config \S+ --stack prod/);
    server.merged = 7;
    equal(await attach(), 0);
    match(server.comments[0]!.body, /`prod` released/);

    const returned = deploy("ROLLBACK_SUCCESSFUL");
    equal(returned.status, 3, returned.printed);
    equal(await attach(), 0);
    equal(server.comments.length, 1);
    match(server.comments[0]!.body, /`prod` not released: the previous release serves again/);
  });

  it("deploy.yml does nothing from another branch, before it is turned on, or with an image that was not built", () => {
    const deploy = (github: object, set: object, result = "success") =>
      runJob(jobsOf("deploy.yml")["deploy"]!, {
        contexts: {
          github,
          vars: set,
          matrix: { stack: "prod" },
          needs: { image: { result, outputs: { image: "" } } },
        },
        commands: { pulumi: "" },
        artifacts,
        checkout: checkOut(repo.bare, "main"),
      });
    equal(deploy({ ...main, ref: "refs/heads/branch" }, vars).ran, false);
    equal(deploy(main, {}).ran, false);
    equal(deploy(main, vars, "failure").ran, false);
    const unpinned = deploy(main, { SLIPWAY_DEPLOY: "true" }, "skipped");
    ok(unpinned.ran);
    ok(!unpinned.log.includes("slipway:image"));
  });

  describe("with tokens of GitHub's and roles of AWS's, by stand-ins of both", () => {
    const roleOf = (pipeline: string) => `arn:aws:iam::111122223333:role/slipway-prod-${pipeline}`;
    let oidc: OidcServer;
    let address: string;
    beforeEach(async () => {
      const trust = await trustOfRoles();
      oidc = new OidcServer(new Map([...trust].map(([pipeline, policy]) => [roleOf(pipeline), policy])));
      address = await oidc.start();
    });
    afterEach(() => oidc.stop());

    /** A job in a process of its own, as the run that GitHub says it is. */
    const runs = async (run: Run, job: Job, contexts: object, commands: Record<string, string> = {}) => {
      oidc.claims = claimsOf(run);
      const url = { ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/token`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token" };
      return await runInChild(job, contexts, { ...url, STS_URL: `${address}/sts` }, commands);
    };
    const deployment = (ref: string) => ({
      github: { ...main, ref },
      vars: { SLIPWAY_DEPLOY: "true" },
      environmentVars: { AWS_DEPLOY_ROLE: roleOf("deploy"), AWS_REGION: "eu-central-1" },
      matrix: { stack: "prod" },
      needs: { image: { result: "skipped", outputs: { image: "" } } },
    });

    it("deploy.yml becomes the deployment's role on main, and before anything is deployed", async () => {
      const job = jobsOf("deploy.yml")["deploy"]!;
      const run = { workflow: "deploy.yml", event: "push", ref: "refs/heads/main", environment: "prod" } as const;
      equal(await runs(run, job, deployment(run.ref), { pulumi: "" }), 0);
      deepEqual(oidc.assumed, [roleOf("deploy")]);
    });

    it("a branch that takes the condition out of deploy.yml is refused by AWS, and deploys nothing", async () => {
      const { if: _, ...job } = jobsOf("deploy.yml")["deploy"]!;
      const run = { workflow: "deploy.yml", event: "push", ref: "refs/heads/feature", environment: "prod" } as const;
      const deployed = join(artifacts, "deployed");
      equal(await runs(run, job, deployment(run.ref), { pulumi: `touch ${deployed}` }), 1);
      deepEqual([oidc.assumed, existsSync(deployed)], [[], false]);
    });

    it("a job without the permission gets no token", async () => {
      const { permissions: _, ...job } = jobsOf("deploy.yml")["deploy"]!;
      const run = { workflow: "deploy.yml", event: "push", ref: "refs/heads/main", environment: "prod" } as const;
      equal(await runs(run, job, deployment(run.ref), { pulumi: "" }), 1);
      deepEqual(oidc.assumed, []);
    });

    it("preview.yml compares with the live state by the reading role, whose name is the environment's alone", async () => {
      const job = jobsOf("preview.yml")["live"]!;
      const run = {
        workflow: "preview.yml",
        event: "pull_request",
        ref: "refs/pull/7/merge",
        environment: "live-preview",
      } as const;
      const contexts = (from: string) => ({
        github: { repository, event: { pull_request: { number: 7, head: { repo: { full_name: from } } } } },
        vars: { PREVIEW_STACK: "prod" },
        environmentVars: { AWS_PREVIEW_ROLE: roleOf("preview"), AWS_REGION: "eu-central-1" },
      });
      // 2: what the recorded preview would lose stops it. It has been looked at.
      const events = { pulumi: recorded("changes.ndjson") };
      await runs(run, job, contexts("mallory/shop"), events);
      deepEqual(oidc.assumed, [], "never for a fork");
      await runs(run, job, contexts(repository), events);
      deepEqual(oidc.assumed, [roleOf("preview")]);
      ok(existsSync(join(artifacts, "review-live")));
    });

    it("drift.yml reads by its own role, from main alone", async () => {
      const job = jobsOf("drift.yml")["drift"]!;
      const contexts = {
        github: { repository, token: "t" },
        matrix: { stack: "prod" },
        vars: { SLIPWAY_DRIFT_STACKS: '["prod"]' },
        environmentVars: { AWS_PREVIEW_ROLE: roleOf("drift"), AWS_REGION: "eu-central-1" },
      };
      const commands = { pulumi: recorded("nothing.ndjson"), gh: "" };
      const run = { workflow: "drift.yml", event: "schedule", environment: "drift-prod" } as const;
      equal(await runs({ ...run, ref: "refs/heads/main" }, job, contexts, commands), 0);
      deepEqual(oidc.assumed, [roleOf("drift")]);
      equal(await runs({ ...run, event: "workflow_dispatch", ref: "refs/heads/x" }, job, contexts, commands), 1);
      deepEqual(oidc.assumed, [roleOf("drift")]);
    });
  });

  it("gives each role the claims that docs/pull-requests.md names, and those to no other job", () => {
    const docs = readFileSync(join(projectDir, "docs/pull-requests.md"), "utf8");
    const trusted = Object.fromEntries(
      [...docs.matchAll(/\| `(\w+\.yml)` *\| `(repo:acme\/shop:environment:[\w-]+)` *\|/g)].map(([, file, sub]) => [
        file!,
        sub!,
      ]),
    );
    equal(Object.keys(trusted).length, 4);
    const claims: Record<string, string[]> = {};
    for (const file of ["preview.yml", "comment.yml", "deploy.yml", "drift.yml", "drill.yml"])
      for (const job of Object.values(jobsOf(file))) {
        if (job.permissions?.["id-token"] !== "write") continue;
        // GitHub's default `sub` of a job in an environment: https://docs.github.com/en/actions/reference/security/oidc
        const environment = (job.environment ?? "").replace(/\$\{\{ *matrix\.stack *\}\}/, "prod");
        ok(environment !== "", `${file}: a job that asks for a token without an environment`);
        (claims[file] ??= []).push(`repo:${repository}:environment:${environment}`);
      }
    deepEqual(claims, Object.fromEntries(Object.entries(trusted).map(([file, sub]) => [file, [sub]])));
  });
});
