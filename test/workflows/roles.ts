import { AwsGithubActions, type AwsGithubActionsArgs } from "../../components/pipeline/aws-github-actions";
import type { Plan } from "../../tools/plan/plan";
import { all, record } from "../record";
import { policyIn } from "../reference/iam-evaluator";
import type { TrustPolicy } from "./oidc";

const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

/** The roles of `acme/shop`, stack prod. */
export const rolesOf = (more: Partial<AwsGithubActionsArgs> = {}): Promise<Plan> =>
  record(
    () =>
      void new AwsGithubActions("github", {
        repository: "acme/shop",
        environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod", drill: "drill-prod" },
        rolePrefix: "slipway-prod",
        stack: "slipway-prod",
        ...more,
      }),
    { config: { "aws:region": "eu-central-1" } },
  );

/** What they trust, by pipeline: `preview`, `drift`, `deploy`, `drill`. */
export async function trustOfRoles(): Promise<ReadonlyMap<string, TrustPolicy>> {
  return new Map(
    all(await rolesOf(), "aws:iam/role:Role").map(({ name, inputs }) => [
      name.replace("github-", ""),
      policyIn(inputs["assumeRolePolicy"], () => provider) as unknown as TrustPolicy,
    ]),
  );
}
