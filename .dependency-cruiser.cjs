/** Which folder may know which: docs/architecture.md says why. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^(stacks|components|policy|tools|index)" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "contracts-know-no-implementation",
      severity: "error",
      from: { path: "/contract\\.ts$" },
      to: { path: "^components/.*/(aws|kubernetes|docker|vercel)[-/]" },
    },
    {
      name: "components-know-no-stack",
      severity: "error",
      from: { path: "^components" },
      to: { path: "^(stacks|tools|policy|index)" },
    },
    {
      name: "shared-ground-knows-no-concern",
      severity: "error",
      from: { path: "^components/shared" },
      to: { path: "^components/(?!shared|[a-z]+/contract)" },
    },
    {
      name: "one-target-an-implementation",
      severity: "error",
      from: { path: "^components/.*/(aws|kubernetes|docker|vercel)[-/]" },
      to: {
        path: "^components/.*/(aws|kubernetes|docker|vercel)[-/]",
        pathNot: "^components/.*/$1[-/]",
      },
    },
    {
      name: "policy-stands-alone",
      severity: "error",
      from: { path: "^policy" },
      to: { path: "^(stacks|components|tools|index)" },
    },
    { name: "stacks-know-no-tool", severity: "error", from: { path: "^stacks" }, to: { path: "^tools" } },
    {
      name: "stacks-know-only-the-policies-configuration",
      severity: "error",
      from: { path: "^stacks" },
      to: { path: "^policy/(?!configuration)" },
    },
    {
      name: "a-target-knows-no-other",
      severity: "error",
      from: { path: "^stacks/(aws-ecs|kubernetes|docker|vercel)/" },
      to: { path: "^stacks/(aws-ecs|kubernetes|docker|vercel)/", pathNot: "^stacks/$1/" },
    },
    // tools/: plan < sources, judge < review < readers, forge < cli; operate stands beside the readers.
    ...[
      ["plan", "sources|judge|review|readers|forge|operate|cli|generate"],
      ["sources", "judge|review|readers|forge|operate|cli|generate"],
      ["judge", "sources|review|readers|forge|operate|cli|generate"],
      ["review", "readers|forge|operate|cli|generate"],
      ["readers", "forge|operate|cli|generate"],
      ["forge", "sources|judge|operate|cli|generate"],
      ["operate", "forge|cli|generate"],
      ["scaffold", "plan|sources|judge|review|readers|forge|operate|cli|generate"],
    ].map(([room, above]) => ({
      name: `${room}-knows-nothing-above`,
      severity: "error",
      from: { path: `^tools/${room}/` },
      to: { path: `^tools/(${above})/` },
    })),
    {
      name: "program-needs-no-development-tool",
      severity: "error",
      from: { path: "^(stacks|components|policy|tools|index)" },
      // SDKs are both: here for development, at a user's as peers of their choice.
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer"] },
    },
    {
      name: "app-stands-alone",
      severity: "error",
      from: { path: "^(app|packages)" },
      to: { path: "^(stacks|components|policy|tools|index)" },
    },
    {
      name: "nobody-knows-the-app",
      severity: "error",
      from: { path: "^(stacks|components|policy|tools|index)" },
      to: { path: "^(app|packages)" },
    },
    {
      name: "nobody-knows-the-tests",
      severity: "error",
      from: { path: "^(stacks|components|policy|tools|index)" },
      to: { path: "^test" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^app/node_modules" },
  },
};
