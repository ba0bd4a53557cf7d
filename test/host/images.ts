import { join } from "node:path";
import { docker, run, works } from "./run";

export interface TestImages {
  /** The application of `app/`. */
  readonly app: string;
  /** For the setting `images`. */
  readonly images: Readonly<Record<string, string>>;
}

const root = join(__dirname, "..", "..");
const prefix = process.env["SLIPWAY_BED_PREFIX"] ?? "slipway-bed";

/** Stand-ins for the public images, by the version of what is in them: settings refuse `latest`. */
const versions = {
  ...{ postgres: "17", valkey: "8", nginx: "1.26", haproxy: "3.0", prometheus: "2", alertmanager: "0" },
  ...{ certbot: "4", node: "24", "node-exporter": "1", "nginx-exporter": "0", "blackbox-exporter": "0" },
} as const;
type Supporting = keyof typeof versions;

/**
 * The images that tests on one Docker host run, built where they are not there yet: a quarter of an hour the first time.
 * Nothing is pulled. Undefined without a Docker engine.
 */
export async function prepareImages(): Promise<TestImages | undefined> {
  const images = await prepareSupporting("postgres", "valkey", "nginx", "haproxy", "prometheus", "alertmanager");
  if (images === undefined) return undefined;
  return { app: process.env["SLIPWAY_TEST_APP_IMAGE"] ?? (await application()), images };
}

/** Some of the stand-ins, by names with a version. Undefined without a Docker engine. */
export async function prepareSupporting<Name extends Supporting>(
  ...names: readonly Name[]
): Promise<Record<Name, string> | undefined> {
  if (!(await works(docker, "info"))) return undefined;
  await bed(...names);
  const tagged = await Promise.all(
    names.map(async (name) => {
      const image = `${prefix}/${name}:${versions[name]}`;
      await run(docker, ["tag", `${prefix}/${name}:latest`, image]);
      return [name, image] as const;
    }),
  );
  return Object.fromEntries(tagged) as Record<Name, string>;
}

/** One of the stand-ins alone. Undefined without a Docker engine. */
export async function prepareImage(name: string): Promise<string | undefined> {
  if (!(await works(docker, "info"))) return undefined;
  await bed(name);
  return `${prefix}/${name}:latest`;
}

async function bed(...names: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of names) if (!(await exists(`${prefix}/${name}:latest`))) missing.push(name);
  if (missing.length > 0) await run(join(root, "test", "bed", "images", "build.sh"), missing);
}

async function application(): Promise<string> {
  const image = "slipway-app:e2e";
  await bed("node");
  // Also when there is one: it may be of an older application. Nothing is done where nothing has changed.
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  const secret = authorities === undefined ? [] : ["--secret", `id=ca,src=${authorities}`];
  const args = ["--build-arg", `NODE_IMAGE=${prefix}/node:latest`, "--build-arg", "VERSION=e2e", ...secret];
  await run(docker, ["build", ...args, "--tag", image, "--file", join(root, "app", "Dockerfile"), root], {
    env: { ...process.env, DOCKER_BUILDKIT: "1" },
  });
  return image;
}

const exists = (image: string) => works(docker, "image", "inspect", image);
