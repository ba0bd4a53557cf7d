import { AwsEcrImage, AwsGithubActions } from "slipway/aws";

// A repository for images, and roles by which GitHub's workflows deploy: no keys are kept there.
const image = new AwsEcrImage("image", { source: { from: "registry", reference: "ghcr.io/acme/shop:1.4.2" } });
const github = new AwsGithubActions("github", {
  repository: "acme/shop",
  environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod" },
  rolePrefix: "shop-prod",
  stack: "shop-prod",
});

export const reference = image.reference;
export const roles = github.roleArns;
