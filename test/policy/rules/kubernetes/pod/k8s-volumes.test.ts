import rule from "../../../../../policy/rules/kubernetes/pod/k8s-volumes";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const volumes = (...list: unknown[]) => around.deployment(one({}, { volumes: list }));

specify(rule, {
  passes: {
    "a folder of its own": volumes({ name: "tmp", emptyDir: {} }, { name: "keys", secret: { secretName: unknown() } }),
  },
  fails: {
    "a path of the node": [
      volumes({ name: "docker", hostPath: { path: "/var/run/docker.sock" } }),
      "spec.template.spec.volumes[0].hostPath",
    ],
    "a path that is not known": [volumes({ name: "x", hostPath: unknown() }), "spec.template.spec.volumes[0].hostPath"],
    NFS: [volumes({ name: "x", nfs: { server: "10.0.0.1", path: "/" } }), "spec.template.spec.volumes[0].nfs"],
  },
  open: {
    "volumes that are not known": [around.deployment(one({}, { volumes: unknown() })), "spec.template.spec.volumes"],
  },
});
