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

/** `slipway-<stack>-monitoring-alertmanager` is a host name, whose parts have 63 characters at most. */
const stackNameLength = 63 - "slipway-".length - "-monitoring-alertmanager".length;

/** Also the tag of an image that is built here: https://github.com/distribution/reference */
const names: Constraint = (_, { stack = "test" }) =>
  /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(stack) && stack.length <= stackNameLength
    ? []
    : [
        {
          key: "the stack's name",
          found: stack,
          message: `goes into names of containers and images: expected lower-case letters and digits, with single hyphens, periods or underscores between them, at most ${stackNameLength}`,
        },
      ];

export const dockerConstraints: readonly Constraint[] = [replicas, ports, names];
