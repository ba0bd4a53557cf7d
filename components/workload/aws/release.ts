import type * as aws from "@pulumi/aws";
import type { ReleaseStrategy } from "../contract";

/**
 * How ECS moves traffic to a new release. All but `rolling` keep the old release running beside the new one, in a target
 * group of its own, until `bakeMinutes` after the switch: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function deploymentConfiguration(release: ReleaseStrategy): aws.types.input.ecs.ServiceDeploymentConfiguration {
  switch (release.strategy) {
    case "rolling":
      return { strategy: "ROLLING" };
    case "blue-green":
      return { strategy: "BLUE_GREEN", bakeTimeInMinutes: String(release.bakeMinutes) };
    case "canary":
      return {
        strategy: "CANARY",
        bakeTimeInMinutes: String(release.bakeMinutes),
        canaryConfiguration: {
          canaryPercent: release.weightPercent,
          canaryBakeTimeInMinutes: String(release.stepMinutes),
        },
      };
    case "linear":
      return {
        strategy: "LINEAR",
        bakeTimeInMinutes: String(release.bakeMinutes),
        linearConfiguration: {
          stepPercent: release.weightPercent,
          stepBakeTimeInMinutes: String(release.stepMinutes),
        },
      };
  }
}

/** Whether two releases take traffic from two target groups while one follows the other. */
export function sideBySide(release: ReleaseStrategy): boolean {
  return release.strategy !== "rolling";
}

/** Seconds for which a visitor stays with the release that answered first, so that no page mixes two builds. */
export function stickySeconds(release: ReleaseStrategy): number | undefined {
  return release.strategy === "canary" || release.strategy === "linear" ? release.stepMinutes * 60 : undefined;
}

/** Minutes that ECS takes to shift all traffic and to wait, beside those in which new tasks start and old ones stop. */
export function shiftMinutes(release: ReleaseStrategy): number {
  switch (release.strategy) {
    case "rolling":
      return 0;
    case "blue-green":
      return release.bakeMinutes;
    case "canary":
      return release.stepMinutes + release.bakeMinutes;
    case "linear":
      // Each step but the last is watched: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
      return (Math.ceil(100 / release.weightPercent) - 1) * release.stepMinutes + release.bakeMinutes;
  }
}
