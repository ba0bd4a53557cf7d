import type { Rule } from "../../rule";
import dockerNoArgSecrets from "./build/docker-no-arg-secrets";
import dockerCapabilities from "./container/docker-capabilities";
import dockerEnvSecrets from "./container/docker-env-secrets";
import dockerHealthcheck from "./container/docker-healthcheck";
import dockerHostNs from "./container/docker-host-ns";
import dockerImageDigest from "./container/docker-image-digest";
import dockerImage from "./container/docker-image";
import dockerLogs from "./container/docker-logs";
import dockerMemory from "./container/docker-memory";
import dockerNetwork from "./container/docker-network";
import dockerNoNewPrivileges from "./container/docker-no-new-privileges";
import dockerNonroot from "./container/docker-nonroot";
import dockerPorts from "./container/docker-ports";
import dockerPrivileged from "./container/docker-privileged";
import dockerRestart from "./container/docker-restart";
import dockerRofs from "./container/docker-rofs";
import dockerSocket from "./container/docker-socket";
import dockerHostTls from "./host/docker-host-tls";

export const dockerRules: readonly Rule[] = [
  dockerNoArgSecrets,
  dockerCapabilities,
  dockerEnvSecrets,
  dockerHealthcheck,
  dockerHostNs,
  dockerImageDigest,
  dockerImage,
  dockerLogs,
  dockerMemory,
  dockerNetwork,
  dockerNoNewPrivileges,
  dockerNonroot,
  dockerPorts,
  dockerPrivileged,
  dockerRestart,
  dockerRofs,
  dockerSocket,
  dockerHostTls,
];
