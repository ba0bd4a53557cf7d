import { DockerNetworks, DockerPostgres, DockerSecrets, DockerUploads } from "slipway/docker";

// A database with nightly dumps, a volume for uploads and a secret in a file, on one Docker host.
const network = new DockerNetworks("shop");
const image = "postgres:17";
const database = new DockerPostgres("database", {
  network,
  image,
  version: "17",
  cpuMillis: 500,
  memoryMb: 512,
  backupRetentionDays: 7,
  backupAt: { hour: 3, minute: 15 },
  protect: true,
});
const uploads = new DockerUploads("uploads", { protect: true });
const secrets = new DockerSecrets("secrets", { image, secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } } });

export const url = database.url;
export const volume = uploads.volume;
export const variables = Object.keys(secrets.refs);
