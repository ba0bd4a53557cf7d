import { missing, present, unknown } from "../../answers";
import type { Row } from "../facts";

/** What these containers ask of it: `init`, tmpfs with an owner, health checks. https://docs.docker.com/engine/release-notes/20.10/ */
const leastVersion = [20, 10] as const;
/** Images of the stack, two builds of the application, nginx' cache of static files. */
const leastFreeGib = 10;
/** Of what no setting sizes: nginx, router, Prometheus, Alertmanager, and what helps them for a moment. */
const otherMemoryMb = 1024;
const gib = 1024 ** 3;

export const engineRows: readonly Row[] = [
  {
    id: "docker-engine",
    needs: `Docker Engine ${leastVersion.join(".")} or later`,
    when: "every stack",
    asked: "docker version",
    remedy: "upgrade the engine",
    applies: () => true,
    async ask({ engine: { ServerVersion } }) {
      const [major = 0, minor = 0] = ServerVersion.split(".").map(Number);
      return major > leastVersion[0] || (major === leastVersion[0] && minor >= leastVersion[1])
        ? present(ServerVersion)
        : missing(`it is ${ServerVersion}`, "# https://docs.docker.com/engine/install/");
    },
  },
  {
    id: "buildx",
    needs: "Docker's buildx",
    when: "`build`",
    asked: "docker buildx version",
    remedy: "install the plugin, or build elsewhere and set `image`",
    applies: ({ settings }) => settings.build !== undefined,
    async ask({ run }) {
      const version = await run("docker", ["buildx", "version"]).catch(() => undefined);
      return version === undefined
        ? missing(
            "the client has no buildx",
            "# Debian 12: docker-buildx-plugin of Docker's own repository; Debian 13, Ubuntu:",
            "sudo apt-get install docker-buildx",
          )
        : present(version.trim().split("\n")[0]!);
    },
  },
  {
    id: "memory",
    needs: "as much memory as the containers may use",
    when: "every stack",
    level: "recommended",
    asked: "docker info --format '{{.MemTotal}}'",
    remedy: "a larger host, or smaller `service.memoryMb`, `database.memoryMb`, `cache.memoryMb`",
    applies: () => true,
    async ask({ engine, settings: { service, database, cache } }) {
      // Twice the replicas: old and new ones during a release.
      const wanted =
        2 * service.minReplicas * service.memoryMb +
        (database.implementation === "docker" ? database.memoryMb : 0) +
        (cache.implementation === "docker" ? cache.memoryMb : 0) +
        otherMemoryMb;
      const found = `${(engine.MemTotal / gib).toFixed(1)} GiB, and ${(wanted / 1024).toFixed(1)} GiB during a release`;
      return engine.MemTotal >= wanted * 1024 ** 2
        ? present(found)
        : missing(found, "# a larger host, or less for service.memoryMb, database.memoryMb or cache.memoryMb");
    },
  },
  {
    id: "disk",
    needs: `${leastFreeGib} GiB free for images, volumes and logs`,
    when: "every stack",
    level: "recommended",
    asked: "df --human-readable \"$(docker info --format '{{.DockerRootDir}}')\"",
    remedy: "remove what nobody uses, or a larger disk",
    applies: () => true,
    async ask({ engine: { DockerRootDir }, isLocal, free }) {
      if (!isLocal) return unknown("the engine is another machine's", `df --human-readable ${DockerRootDir} # there`);
      const bytes = await free(DockerRootDir);
      const found = `${(bytes / gib).toFixed(1)} GiB free in ${DockerRootDir}`;
      return bytes >= leastFreeGib * gib
        ? present(found)
        : missing(found, "docker image prune --all # images that no container uses");
    },
  },
  {
    id: "clock",
    needs: "the engine's clock is right to 30 s: certificates and sign-in depend on it",
    when: "every stack",
    asked: "docker info --format '{{.SystemTime}}'",
    remedy: "keep time by NTP",
    applies: () => true,
    async ask({ askedAt, engine: { SystemTime } }) {
      const seconds = Math.abs(askedAt - Date.parse(SystemTime)) / 1000;
      if (Number.isNaN(seconds)) return unknown("the engine does not tell its time", "timedatectl");
      return seconds <= 30
        ? present(`${seconds.toFixed(0)} s apart from this machine's`)
        : missing(`${seconds.toFixed(0)} s apart from this machine's`, "sudo timedatectl set-ntp true");
    },
  },
  {
    id: "live-restore",
    needs: "containers that go on while the engine restarts",
    when: "every stack",
    level: "recommended",
    asked: "docker info --format '{{.LiveRestoreEnabled}}'",
    remedy: '`"live-restore": true` in /etc/docker/daemon.json',
    applies: () => true,
    async ask({ engine: { LiveRestoreEnabled } }) {
      return LiveRestoreEnabled
        ? present("live-restore is on")
        : missing(
            "live-restore is off: an upgrade of the engine takes the site away",
            '# {"live-restore": true} in /etc/docker/daemon.json, then',
            "sudo systemctl reload docker",
          );
    },
  },
];
