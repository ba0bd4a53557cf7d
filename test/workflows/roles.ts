import { AwsGithubActions } from "../../components/pipeline/aws-github-actions";
import { all, record } from "../record";
import { policyIn } from "../reference/iam-evaluator";
import type { TrustPolicy } from "./oidc";

const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

/** What the roles of `acme/shop` trust, stack prod, by pipeline: `preview`, `drift`, `deploy`. */
export async function trustOfRoles(): Promise<ReadonlyMap<string, TrustPolicy>> {
  const plan = await record(
    () =>
      void new AwsGithubActions("github", {
        repository: "acme/shop",
        environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod", drill: "drill-prod" },
        rolePrefix: "slipway-prod",
        stack: "slipway-prod",
      }),
    { config: { "aws:region": "eu-central-1" } },
  );
  return new Map(
    all(plan, "aws:iam/role:Role").map(({ name, inputs }) => [
      name.replace("github-", ""),
      policyIn(inputs["assumeRolePolicy"], () => provider) as unknown as TrustPolicy,
    ]),
  );
}
