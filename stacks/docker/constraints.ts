import type { Constraint } from "../settings/constraint";
import { problem } from "../settings/problems";

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

export const dockerConstraints: readonly Constraint[] = [replicas, ports];
