import { everyRule } from "./catalogue";
import { toPolicy } from "./crossguard";

const { PolicyPack } = sdk();

/** Making the pack starts its server, so tests and programs import `index.ts` instead. */
new PolicyPack("slipway", {
  displayName: "Slipway",
  description:
    "Security rules for AWS, Kubernetes and Docker, and what AWS refuses, with three answers: pass, fail, not evaluated because.",
  enforcementLevel: "mandatory",
  policies: everyRule.map(toPolicy),
});

/** An optional peer: plans are judged in-process without it. */
function sdk(): typeof import("@pulumi/policy") {
  try {
    require.resolve("@pulumi/policy/package.json");
  } catch {
    throw new Error("Slipway's policy pack needs @pulumi/policy, which is not installed: npm install @pulumi/policy");
  }
  return require("@pulumi/policy") as typeof import("@pulumi/policy");
}
