import { DockerNetworks, DockerValkey } from "slipway/docker";

// A cache on one Docker host, on a network without egress.
const network = new DockerNetworks("shop");
const cache = new DockerValkey("cache", { network, image: "valkey/valkey:8", memoryMb: 128, cpuMillis: 250 });

export const url = cache.url;
