import { posix } from "node:path";
import { defineRule } from "../../../rule";
import { containers, setting } from "../types";

const guarded =
  /^\/($|etc(\/|$)|proc(\/|$)|sys(\/|$)|root(\/|$)|boot(\/|$)|dev(\/|$)|var\/lib\/docker(\/|$)|(var\/)?run\/?$)|\.sock$/;

/** `/srv/../etc` and `//etc/` are `/etc`. */
function normalize(path: string): string {
  return path.startsWith("/") ? posix.normalize(path).replace(/(.)\/+$/, "$1") : path;
}

const disks = /^\/dev\/(sd|hd|vd|xvd|nvme|mmcblk|md|dm-|mapper(\/|$)|disk(\/|$)|loop|k?mem$|port$|raw|sg\d)/;

export default defineRule({
  id: "docker-socket",
  title: "Containers do not hold the host",
  severity: "critical",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 5.6", "CIS Docker 5.32"],
  why: "Docker's socket is root on the host without a password: a process that has it starts a privileged container.",
  fix: "Remove the mount; if a tool must watch containers, put a socket proxy that only reads before it.",
  judge(resource, { each, fail }) {
    const sources = [
      ...setting(resource, "mounts")
        .items()
        .filter((mount) => !mount.get("type").is("volume", "tmpfs"))
        .map((mount) => mount.get("source")),
      ...resource
        .get("volumes")
        .items()
        .map((volume) => volume.get("hostPath")),
    ];
    each(sources, (source) => {
      if (source.present && guarded.test(normalize(source.string() ?? "")))
        fail(source, "The container gets a part of the host that controls it.");
    });
    each(resource.get("devices").items(), (device) => {
      const source = device.get("hostPath");
      if (source.present && disks.test(normalize(source.string() ?? "")))
        fail(source, "The container gets a disk or the memory of its host.");
    });
  },
});
