import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { Project, ProjectRollingRelease, type ProjectArgs } from "@pulumiverse/vercel";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import { shellQuoted } from "../shared/shell-quoted";
import type { ReleaseStrategy, ServiceSize } from "./contract";

export interface VercelProjectArgs {
  /** Unique in the team: letters in lower case, digits, hyphens. @example "shop" */
  readonly projectName: string;
  /** Folder of the application in the repository. @example "app" */
  readonly rootDirectory: string;
  /**
   * What pushes deploy.
   *
   * @default nothing but `vercel deploy --prod` deploys
   * @example { name: "github/acme/shop", productionBranch: "main" }
   */
  readonly repository?: {
    /** @example "github/acme/shop" */
    readonly name: string;
    /** Default of Vercel: the repository's own. */
    readonly productionBranch: string;
  };
  /** Where functions run: beside the database, or every query crosses the distance. @example ["fra1"] */
  readonly regions: readonly string[];
  /**
   * 1000 thousandths are Vercel's standard (2 GiB), 2000 its performance (4 GiB).
   * @example { cpuMillis: 1000, memoryMb: 2048 }
   */
  readonly size: ServiceSize;
  /** Days for which a browser with an older page reaches the deployment that made it: 1 or 7. @example 1 */
  readonly skewDays: number;
  /**
   * Command that migrates the database, in the standalone output, at the end of a production build.
   *
   * @default none
   * @example ["node", "migrate.js"]
   */
  readonly migration?: readonly string[];
  /** How a new release takes over. @example { strategy: "rolling" } */
  readonly release: ReleaseStrategy;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly project?: Transform<ProjectArgs> };
}

/**
 * What Vercel builds and how it moves traffic. Costs what the team's plan says (https://vercel.com/pricing): seats, and
 * functions, requests and transfer above what is included. Skew protection and gradual releases need the plan Pro.
 */
export class VercelProject extends ComponentResource {
  readonly projectId: Output<string>;
  readonly projectName: Output<string>;

  constructor(name: string, args: VercelProjectArgs, options?: ComponentResourceOptions) {
    super("slipway:container-service:VercelProject", name, {}, transforming(options, args.transform));
    const project = new Project(
      ...childOf<ProjectArgs>(
        name,
        projectArgs(args),
        {
          parent: this,
          // A stack that is renamed, or had its project before names carried it, keeps the name that addresses are made of.
          ignoreChanges: ["name"],
        },
        args.transform?.project,
      ),
    );
    this.projectId = project.id;
    this.projectName = project.name;

    const stages = stagesOf(args.release);
    if (stages.length > 0) {
      new ProjectRollingRelease(
        `${name}-release`,
        { projectId: project.id, advancementType: "automatic", stages },
        { parent: this },
      );
    }
    this.registerOutputs({ projectId: this.projectId, projectName: this.projectName });
  }
}

function projectArgs({
  projectName,
  rootDirectory,
  repository,
  regions,
  size,
  skewDays,
  migration,
}: VercelProjectArgs) {
  return {
    name: projectName,
    framework: "nextjs",
    nodeVersion: "24.x",
    rootDirectory,
    ...(repository === undefined ? {} : { gitRepository: gitRepository(repository) }),
    ...(migration === undefined ? {} : { buildCommand: buildThenMigrate(migration) }),
    resourceConfig: {
      fluid: true,
      functionDefaultCpuType: size.cpuMillis > 1000 ? "performance" : "standard",
      functionDefaultRegions: [...regions],
    },
    skewProtection: skewDays >= 7 ? "7 days" : "1 day",
    // The commit, which the application reports as its release.
    automaticallyExposeSystemEnvironmentVariables: true,
    // Variables and secrets are production's alone, and without them the application refuses to start.
    previewDeploymentsDisabled: true,
    gitForkProtection: true,
    protectedSourcemaps: true,
    // The generated addresses of deployments would go around the domain, and show old releases to anybody.
    vercelAuthentication: { deploymentType: "standardProtectionNew" },
  } satisfies ProjectArgs;
}

function gitRepository({ name, productionBranch }: NonNullable<VercelProjectArgs["repository"]>) {
  const [type, ...repo] = name.split("/");
  return { type: type!, repo: repo.join("/"), productionBranch };
}

/** Before the deployment gets traffic; when it fails, so does the build, and the deployment before serves on. */
function buildThenMigrate(command: readonly string[]): string {
  const migrate = command.map((word) => (/^[\w./:=-]+$/.test(word) ? word : shellQuoted(word)));
  return `npm run build && if [ "$VERCEL_ENV" = production ]; then cd .next/standalone && ${migrate.join(" ")}; fi`;
}

/** Vercel adds the last stage, all traffic, itself, and takes ten before it. */
function stagesOf(release: ReleaseStrategy): { targetPercentage: number; duration: number }[] {
  if (release.strategy === "canary") {
    return [{ targetPercentage: release.weightPercent, duration: release.stepMinutes }];
  }
  if (release.strategy !== "linear") return [];
  const steps = Math.ceil(100 / release.weightPercent) - 1;
  return Array.from({ length: steps }, (_, index) => ({
    targetPercentage: release.weightPercent * (index + 1),
    duration: release.stepMinutes,
  }));
}
