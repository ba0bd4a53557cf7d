import { PolicyPack } from "@pulumi/policy";

import { everyRule } from "./catalogue";
import { toPolicy } from "./crossguard";

/** Making the pack starts its server, so tests and programs import `index.ts` instead. */
new PolicyPack("slipway", {
  displayName: "Slipway",
  description:
    "Security rules for AWS, Kubernetes and Docker, and what AWS refuses, with three answers: pass, fail, not evaluated because.",
  enforcementLevel: "mandatory",
  policies: everyRule.map(toPolicy),
});
