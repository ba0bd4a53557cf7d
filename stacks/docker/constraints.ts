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

const releases: Constraint = ({ release: { strategy } }) =>
  strategy === "rolling"
    ? []
    : problem(
        "release.strategy",
        strategy,
        "does not work with target docker yet: expected rolling, which replaces one replica after the other",
      );

export const dockerConstraints: readonly Constraint[] = [replicas, ports, releases];
