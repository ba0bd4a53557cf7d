import { VercelProject } from "slipway/vercel";

// A project on Vercel that deploys by `vercel deploy --prod` alone.
const project = new VercelProject("shop", {
  projectName: "shop",
  rootDirectory: "app",
  regions: ["fra1"],
  size: { cpuMillis: 1000, memoryMb: 2048 },
  skewDays: 1,
  release: { strategy: "rolling" },
});

export const id = project.projectId;
