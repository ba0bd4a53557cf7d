import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { AwsGithubActionsArgs } from "../../../components/pipeline/aws-github-actions";
import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import { workflowFiles } from "../../../tools/scaffold/workflows";
import { projectDir } from "../../project";
import { all, only, record } from "../../record";
import { rolesOf } from "../../workflows/roles";
import { json, orphans, output, statements } from "../aws-fixtures";

const issuer = "token.actions.githubusercontent.com";
const config = { "aws:region": "eu-central-1" };
const github = (more: Partial<AwsGithubActionsArgs> = {}) =>
  rolesOf({ environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod" }, ...more });
const stack = (aws: object, database: object = {}) => {
  const settings = resolveSettings(
    "prod",
    {
      target: "aws-ecs",
      domain: "shop.example.com",
      image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
      tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
      aws,
      database,
    },
    { awsRegion: "eu-central-1" },
  );
  return record(() => runStack(settings), { project: "slipway", stack: "prod", config });
};

type Trust = {
  Statement: { Principal: object; Action: string; Condition: { StringEquals: Record<string, string> } }[];
};

interface Job {
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }[];
}

/** Of each job that asks GitHub for a token: the subject that it gets in stack `prod`, and the variable that names its role. */
function subjects(workflows: readonly string[]): Record<string, string> {
  const jobs = workflows.flatMap((text) => Object.values((parse(text) as { jobs: Record<string, Job> }).jobs));
  return Object.fromEntries(
    jobs
      .filter(({ permissions }) => permissions?.["id-token"] === "write")
      .map(({ environment = "", steps = [] }) => {
        const role = steps.find(({ uses }) => uses?.startsWith("aws-actions/"))?.with?.["role-to-assume"] ?? "";
        return [`repo:acme/shop:environment:${environment.replace(/\$\{\{ *matrix\.stack *\}\}/, "prod")}`, role];
      }),
  );
}

describe("AwsGithubActions", function () {
  this.timeout(60_000);

  const read = (folder: string) => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const ours = () => read(join(projectDir, ".github/workflows"));
  function written(): string[] {
    const folder = mkdtempSync(join(tmpdir(), "init-"));
    try {
      spawnSync("git", ["init", "--quiet"], { cwd: folder });
      return Object.values(workflowFiles(join(folder, "infrastructure")).files);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  for (const [whose, workflows] of [
    ["of this repository", ours],
    ["that slipway init --github writes", written],
  ] as const) {
    it(`trusts each workflow ${whose} that asks for a role, by its exact subject, and nothing else`, async () => {
      const plan = await stack({ github: { repository: "acme/shop" } });
      const roles = all(plan, "aws:iam/role:Role").filter(({ name }) => name.startsWith("github-"));
      const trusted = roles.map(({ name, inputs }): [string, string] => {
        const { Statement } = json<Trust>(inputs["assumeRolePolicy"]);
        equal(Statement.length, 1);
        deepEqual(Object.keys(Statement[0]!.Condition), ["StringEquals"]);
        const {
          [`${issuer}:aud`]: aud,
          [`${issuer}:sub`]: sub,
          [`${issuer}:ref`]: ref,
          ...rest
        } = Statement[0]!.Condition.StringEquals;
        deepEqual([aud, rest], ["sts.amazonaws.com", {}]);
        equal(ref, name === "github-preview" ? undefined : "refs/heads/main");
        const variable =
          { "github-deploy": "AWS_DEPLOY_ROLE", "github-drill": "AWS_DRILL_ROLE" }[name] ?? "AWS_PREVIEW_ROLE";
        return [sub!, `\${{ vars.${variable} }}`];
      });
      deepEqual(Object.fromEntries(trusted.sort()), Object.fromEntries(Object.entries(subjects(workflows())).sort()));
    });
  }

  it("lets a drill restore a cluster of Aurora, and delete the copy alone", async () => {
    const drill = async (database: object) => {
      const plan = await stack({ github: { repository: "acme/shop" } }, database);
      return all(plan, "aws:iam/rolePolicy:RolePolicy")
        .filter(({ name }) => name.startsWith("github-drill"))
        .map(({ inputs }) => JSON.stringify(inputs["policy"]))
        .join();
    };
    const [instance, cluster] = [await drill({}), await drill({ implementation: "aurora-serverless-v2" })];
    ok(instance.includes("rds:RestoreDBInstanceToPointInTime") && !instance.includes("rds:RestoreDBCluster"));
    ok(cluster.includes("rds:RestoreDBClusterToPointInTime") && !cluster.includes("rds:RestoreDBInstance"));
    for (const action of ["rds:CreateDBInstance", "rds:DeleteDBCluster", "rds:DeleteDBInstance"])
      ok(cluster.includes(action));
    ok(cluster.includes("cluster:*-drill-*"));
  });

  it("makes GitHub's provider, or takes the one that the account has", async () => {
    const made = await github();
    const provider = only(made, "aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    deepEqual([provider.inputs["url"], provider.inputs["clientIdLists"]], [`https://${issuer}`, ["sts.amazonaws.com"]]);
    const role = only(made, "aws:iam/role:Role", "github-deploy").inputs["assumeRolePolicy"];
    ok(JSON.stringify(role).includes(JSON.stringify(output(provider, "arn")).slice(14, -3)));
    deepEqual(orphans(made), []);
    const providerArn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
    const taken = await github({ providerArn });
    deepEqual(all(taken, "aws:iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    const { Statement } = json<Trust>(only(taken, "aws:iam/role:Role", "github-preview").inputs["assumeRolePolicy"]);
    deepEqual(Statement[0]!.Principal, { Federated: providerArn });
  });

  it("takes a subject with ids, and no pattern", async () => {
    const withIds = await github({ repository: "acme@1234/shop@5678" });
    const { Statement } = json<Trust>(only(withIds, "aws:iam/role:Role", "github-deploy").inputs["assumeRolePolicy"]);
    equal(Statement[0]!.Condition.StringEquals[`${issuer}:sub`], "repo:acme@1234/shop@5678:environment:prod");
    for (const repository of ["acme/*", "*", "acme", "acme/shop:*", "acme/shop/"])
      await rejects(() => github({ repository }), /without patterns/);
    await rejects(
      () => github({ environments: { preview: "*", drift: "a", deploy: "b" } }),
      /environments.preview \*: expected letters/,
    );
  });

  it("trusts another branch where one is named, and no pattern; none outside of the commercial partition", async () => {
    const refOf = async (more: Partial<AwsGithubActionsArgs>) =>
      json<Trust>(only(await github(more), "aws:iam/role:Role", "github-deploy").inputs["assumeRolePolicy"])
        .Statement[0]!.Condition.StringEquals[`${issuer}:ref`];
    equal(await refOf({ branch: "release/v1" }), "refs/heads/release/v1");
    equal(await refOf({ region: "cn-north-1" }), undefined);
    await rejects(() => github({ branch: "*" }), /branch \*: expected the name of a branch, without patterns/);
  });

  it("keeps every role's documents below what IAM takes", async () => {
    const plan = await github({
      state: { bucket: "acme-pulumi-state", keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1" },
      permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary",
    });
    const sizes = new Map<string, number>();
    for (const policy of all(plan, "aws:iam/rolePolicy:RolePolicy")) {
      const role = policy.name.replace(/-\d$/, "");
      sizes.set(
        role,
        (sizes.get(role) ?? 0) + JSON.stringify({ Version: "2012-10-17", Statement: statements(policy) }).length,
      );
    }
    equal(sizes.size, 3);
    // ARNs are longer than their places in a plan.
    for (const [role, size] of sizes) ok(size < 9_500, `${role}: ${size} characters of 10,240`);
  });

  it("is not there unless asked for, and limits every role where a limit is given", async () => {
    const without = await stack({});
    deepEqual(all(without, "aws:iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    equal(without.outputs["roles"], undefined);
    const boundary = "arn:aws:iam::111122223333:policy/boundary";
    const bounded = await stack({ permissionsBoundary: boundary, github: { repository: "acme/shop" } });
    for (const { name, inputs } of all(bounded, "aws:iam/role:Role"))
      equal(inputs["permissionsBoundary"], boundary, name);
    deepEqual(Object.keys(bounded.outputs["roles"] as object).sort(), ["deploy", "drift", "drill", "preview"]);
    deepEqual(
      all(without, "aws:iam/role:Role").filter(({ inputs }) => "permissionsBoundary" in inputs),
      [],
    );
  });
});
