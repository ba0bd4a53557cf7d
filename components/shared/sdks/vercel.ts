import { requireSdks } from "../sdk";

// Before the components, which would fail with the name of a file.
requireSdks("slipway/vercel", ["@pulumiverse/vercel"]);
