// Preloaded into a process that is measured: says at its end how much memory it had at most, in KiB.
"use strict";
process.on("exit", () =>
  require("node:fs").writeFileSync(process.env.SLIPWAY_METER, String(process.resourceUsage().maxRSS)),
);
