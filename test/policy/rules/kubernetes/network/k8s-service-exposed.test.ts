import rule from "../../../../../policy/rules/kubernetes/network/k8s-service-exposed";
import { specify, unknown } from "../../../spec";
import { beside } from "../workloads";

const service = (spec: unknown) => beside("kubernetes:core/v1:Service", spec);
const database = { ports: [{ port: 5432 }] };

specify(rule, {
  passes: {
    "a database within the cluster": service(database),
    "a web server": service({ type: "LoadBalancer", ports: [{ port: 443, targetPort: 8443 }] }),
    "a database for a network of one's own": service({
      ...database,
      type: "LoadBalancer",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
    }),
  },
  fails: {
    "a published database": [service({ ...database, type: "LoadBalancer" }), "spec.ports[0].port"],
    "one behind another port": [
      service({ type: "NodePort", ports: [{ port: 80, targetPort: 6379 }] }),
      "spec.ports[0].targetPort",
    ],
    "addresses of somebody else": [service({ externalIPs: ["192.0.2.1"] }), "spec.externalIPs"],
  },
  open: { "a type that is not known": [service({ ...database, type: unknown() }), "spec.type"] },
});
