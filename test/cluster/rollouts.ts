import type { ControlPlane } from "./control-plane";
import { findProgram, freePort } from "./programs";

/** Not a Go module: looked for, never built here. https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi */
export const gatewayPlugin = "gatewayapi-plugin";

/** The controller of Argo Rollouts, and its plugin for gateways where that is to be had. */
export async function startRollouts(plane: ControlPlane): Promise<void> {
  await installGatewayPlugin(plane);
  const [health, metrics] = await Promise.all([freePort(), freePort()]);
  plane.run(
    "rollouts-controller",
    [
      ...["--kubeconfig", plane.kubeconfig, "--leader-elect=false"],
      ...[`--healthzPort=${health}`, `--metricsPort=${metrics}`],
    ],
    // Plugins are its children, and take no flags.
    { KUBECONFIG: plane.kubeconfig },
  );
}

/** As its own documentation installs it, from a file. */
async function installGatewayPlugin(plane: ControlPlane): Promise<void> {
  const path = findProgram(gatewayPlugin);
  if (path === undefined) return;
  const metadata = { name: "argo-rollouts" };
  const data = {
    trafficRouterPlugins: JSON.stringify([{ name: "argoproj-labs/gatewayAPI", location: `file://${path}` }]),
  };
  await plane.apply([
    { apiVersion: "v1", kind: "Namespace", metadata },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argo-rollouts-config", namespace: metadata.name },
      data,
    },
  ]);
}
