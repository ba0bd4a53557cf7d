import rule from "../../../../../policy/rules/docker/container/docker-ports";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "a web server": container({ ports: [{ internal: 8443, external: 443 }] }),
    "a database for this host": container({ ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1" }] }),
  },
  fails: {
    "a database": [container({ ports: [{ internal: 5432, external: 15432 }] }), "ports[0]"],
    "a cache on all addresses": [container({ ports: [{ internal: 6379, ip: "0.0.0.0" }] }), "ports[0]"],
    "a database of a swarm": [
      service({}, { endpointSpec: { ports: [{ targetPort: 5432 }] } }),
      "endpointSpec.ports[0]",
    ],
  },
  open: { "a port that is not known": [container({ ports: [{ internal: unknown() }] }), "ports[0].internal"] },
});
