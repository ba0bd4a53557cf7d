import rule from "../../../../../policy/rules/docker/container/docker-socket";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "a named volume": container({ volumes: [{ volumeName: "data", containerPath: "/var/lib/postgresql" }] }),
    "a volume of that name": container({ mounts: [{ type: "volume", source: unknown("urn#name"), target: "/data" }] }),
    "a graphics card": container({ devices: [{ hostPath: "/dev/dri" }] }),
    "a file of one's own": container({
      volumes: [{ hostPath: "/srv/shop/nginx.conf", containerPath: "/etc/nginx/nginx.conf" }],
    }),
  },
  fails: {
    "the socket": [
      container({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" }] }),
      "volumes[0].hostPath",
    ],
    "the folder of the socket": [
      container({ mounts: [{ type: "bind", source: "/run", target: "/host" }] }),
      "mounts[0].source",
    ],
    "the whole disk": [
      service({ mounts: [{ type: "bind", source: "/", target: "/host" }] }),
      "taskSpec.containerSpec.mounts[0].source",
    ],
    "a path that leads there round a corner": [
      container({ volumes: [{ hostPath: "/srv/../etc", containerPath: "/x" }] }),
      "volumes[0].hostPath",
    ],
    "a disk": [container({ devices: [{ hostPath: "/dev/sda" }] }), "devices[0].hostPath"],
    "a disk as a volume": [
      container({ volumes: [{ hostPath: "/dev/sda1", containerPath: "/x" }] }),
      "volumes[0].hostPath",
    ],
  },
  open: {
    "a path that is not known": [
      container({ mounts: [{ type: "bind", source: unknown(), target: "/x" }] }),
      "mounts[0].source",
    ],
  },
});
