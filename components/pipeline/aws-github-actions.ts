import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/aws-policy-document";
import { awsPartition } from "../shared/aws-partition";
import { awsArn, awsRegion } from "../shared/aws-region";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../shared/transform";
import {
  type Access,
  maySeeEverything,
  mayChangeEverything,
  mayReadState,
  mayRestore,
} from "./aws-pipeline-permissions";

/** What each of the workflows is to its account. The names are those of the roles. */
const pipelines = ["preview", "drift", "deploy", "drill"] as const;
export type Pipeline = (typeof pipelines)[number];
/** By pipeline; a stack without a database on RDS has no drill. */
type ByPipeline<T> = Readonly<Record<Exclude<Pipeline, "drill">, T> & Partial<Record<"drill", T>>>;

export interface AwsGithubActionsArgs {
  /**
   * Owner and name as they stand in the subject of GitHub's tokens. Those of repositories made, renamed or moved after June 18,
   * 2026 have an id behind each name: https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
   * @example "acme/shop"
   */
  readonly repository: string;
  /**
   * Environment of the repository that each workflow runs in. Without `drill` no role may restore.
   * @example { preview: "live-preview", drift: "drift-prod", deploy: "prod", drill: "drill-prod" }
   */
  readonly environments: ByPipeline<string>;
  /** What a drill restores: an instance of RDS, or a cluster of Aurora. @default "instance" @example "cluster" */
  readonly database?: "instance" | "cluster";
  /**
   * Branch whose runs alone may become the roles of drift, drill and deployment, whatever environment they name: GitHub makes an environment
   * that a workflow names and nobody has protected yet. AWS compares a token's `ref` in the commercial partition; in others the
   * environment alone decides. @default "main" @example "release"
   */
  readonly branch?: string;
  /** Beginning of the roles' names, which the repository's variables hold. @example "shop-prod" */
  readonly rolePrefix: string;
  /** Tag `stack` of what they may change. @example "shop-prod" */
  readonly stack: string;
  /**
   * GitHub's identity provider, where the account has it: it can be there once. @default it is made
   * @example "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
   */
  readonly providerArn?: pulumi.Input<string>;
  /** Where Pulumi keeps its state, and the key of its secrets. @default Pulumi Cloud, for which AWS grants nothing @example { bucket: "acme-pulumi-state" } */
  readonly state?: { readonly bucket?: string; readonly keyArn?: string };
  /** Limit that every role must have which the deployment makes. @default none @example "arn:aws:iam::123456789012:policy/boundary" */
  readonly permissionsBoundary?: string;
  /** Region of the stack. @default the provider's, `aws:region` @example "eu-central-1" */
  readonly region?: string;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:iam/role:Role": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms & { readonly role?: Transform<aws.iam.RoleArgs> };
}

const issuer = "token.actions.githubusercontent.com";

/**
 * GitHub's identity provider and a role for each workflow, so that no key of AWS is kept at GitHub: the preview of a pull request
 * sees what there is, drift reads it with the stack's secrets too, which Pulumi compares, the deployment changes it, and a drill
 * restores the database beside the live one and deletes what it restored.
 *
 * Each role trusts one environment of one repository, which is the whole subject of a job in an environment, and all but the
 * preview's one branch; which branches may enter the environment is decided at GitHub as well. A repository whose name somebody
 * else takes over is no longer trusted where its subject has ids. Free.
 *
 * Those who may deploy can give rights to the roles that are deployed, and so have them: {@link AwsGithubActionsArgs.permissionsBoundary}
 * sets the limit. The roles and the provider are out of the deployment's reach: a person changes them.
 *
 * @example
 * new AwsGithubActions("github", {
 *   repository: "acme/shop",
 *   environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod" },
 *   rolePrefix: "shop-prod",
 *   stack: "shop-prod",
 * });
 */
export class AwsGithubActions extends pulumi.ComponentResource {
  readonly roleArns: ByPipeline<pulumi.Output<string>>;
  readonly nodes: { readonly roles: ByPipeline<aws.iam.Role> };

  constructor(name: string, args: AwsGithubActionsArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:pipeline:AwsGithubActions", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const region = awsRegion(name, args.region);
    checkNames();
    const { accountId } = aws.getCallerIdentityOutput({}, child);
    const providerArn = pulumi.output(args.providerArn ?? createProvider());
    const access: Access = {
      region,
      accountId,
      stack: args.stack,
      state: args.state ?? {},
      permissionsBoundary: args.permissionsBoundary,
      guarded: [providerArn, ...pipelines.map((pipeline) => roleArn(pipeline))],
    };

    const roles = {
      preview: createRole("preview", [maySeeEverything(access), mayReadState(access)]),
      drift: createRole("drift", [maySeeEverything(access, { secrets: true }), mayReadState(access)]),
      deploy: createRole("deploy", [
        maySeeEverything(access, { secrets: true }),
        mayReadState(access, { write: true }),
        ...mayChangeEverything(access),
      ]),
      ...(args.environments.drill !== undefined && {
        drill: createRole("drill", [mayReadState(access), mayRestore(access, args.database ?? "instance")]),
      }),
    };

    this.nodes = { roles };
    this.roleArns = {
      preview: roles.preview.arn,
      drift: roles.drift.arn,
      deploy: roles.deploy.arn,
      ...(roles.drill !== undefined && { drill: roles.drill.arn }),
    };
    this.registerOutputs({ roleArns: this.roleArns });

    /** What a pattern or an empty name would trust is not this repository. */
    function checkNames(): void {
      if (!/^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/.test(args.repository)) {
        throw new Error(`${name}: repository ${args.repository}: expected owner/name, without patterns`);
      }
      if (args.branch !== undefined && !/^[\w./-]+$/.test(args.branch)) {
        throw new Error(`${name}: branch ${args.branch}: expected the name of a branch, without patterns`);
      }
      for (const [pipeline, environment] of Object.entries(args.environments)) {
        if (!/^[\w-]+$/.test(environment)) {
          throw new Error(`${name}: environments.${pipeline} ${environment}: expected letters, digits, - and _`);
        }
      }
    }

    function createProvider(): pulumi.Output<string> {
      return new aws.iam.OpenIdConnectProvider(
        name,
        { url: `https://${issuer}`, clientIdLists: ["sts.amazonaws.com"] },
        child,
      ).arn;
    }

    function roleName(pipeline: Pipeline): string {
      return `${args.rolePrefix}-${pipeline}`;
    }

    function roleArn(pipeline: Pipeline): pulumi.Output<string> {
      return awsArn(pulumi.interpolate`iam::${accountId}:role/${roleName(pipeline)}`, region);
    }

    function createRole(pipeline: Pipeline, policies: readonly (readonly Statement[])[]): aws.iam.Role {
      const role = new aws.iam.Role(
        ...childOf<aws.iam.RoleArgs>(
          `${name}-${pipeline}`,
          {
            name: roleName(pipeline),
            description: `GitHub Actions: ${pipeline}`,
            maxSessionDuration: 2 * 60 * 60,
            assumeRolePolicy: trust(pipeline),
          },
          child,
          args.transform?.role,
        ),
      );
      policies.forEach((statements, index) => {
        // Three of 10,240 characters together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        if (statements.length > 0)
          new aws.iam.RolePolicy(
            `${name}-${pipeline}-${index + 1}`,
            { role: role.id, policy: policyDocument(statements) },
            child,
          );
      });
      return role;
    }

    function trust(pipeline: Pipeline): pulumi.Output<string> {
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
      const branch = pipeline !== "preview" && awsPartition(region) === "aws" ? (args.branch ?? "main") : undefined;
      return policyDocument([
        {
          Effect: "Allow",
          Principal: { Federated: providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: "sts.amazonaws.com",
              [`${issuer}:sub`]: `repo:${args.repository}:environment:${args.environments[pipeline]}`,
              ...(branch !== undefined && { [`${issuer}:ref`]: `refs/heads/${branch}` }),
            },
          },
        },
      ]);
    }
  }
}
