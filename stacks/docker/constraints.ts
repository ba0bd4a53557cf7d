import type { Constraint } from "../settings/constraint";
import { problem } from "../settings/problems";
import { docker as schema } from "../settings/sections/docker";

const replicas: Constraint = ({ service: { minReplicas, maxReplicas } }) =>
  maxReplicas > minReplicas
    ? problem(
        "service.maxReplicas",
        maxReplicas,
        `one host does not scale by itself: expected the same as service.minReplicas, ${minReplicas}`,
      )
    : [];

const ports: Constraint = ({ network: { httpPort, httpsPort } }) =>
  httpPort === httpsPort ? problem("network.httpsPort", httpsPort, "is also network.httpPort") : [];

/** The default of slipway:docker.name is made of the stack's. */
const names: Constraint = ({ docker }, { stack = "test" }) => {
  const wanted = schema.shape.name.safeParse(docker.name ?? `slipway-${stack}`).error?.issues[0]?.message;
  return wanted === undefined
    ? []
    : [
        {
          key: "the stack's name",
          found: stack,
          message: `goes into names of containers and images: ${wanted}, with slipway- before it; or set slipway:docker.name`,
        },
      ];
};

export const dockerConstraints: readonly Constraint[] = [replicas, ports, names];
