import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { get } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { prepareImages, type TestImages } from "../host/images";
import { docker, removeContainers, run } from "../host/run";
import { sameAsEngine } from "./parity";
import { missing } from "../project";
import { freePort, Workspace } from "./workspace";

const providers = [
  "pulumi",
  "pulumi-resource-docker",
  "pulumi-resource-docker-build",
  "pulumi-resource-random",
  "pulumi-resource-tls",
];
const stack = `e2e-${process.pid}`;

/** One Docker host for real: the engine, the providers, containers, and the page through nginx. */
describe("local through the engine", function () {
  this.timeout(900_000);
  let workspace: Workspace;
  let images: TestImages;
  let config: Record<string, unknown>;
  let port: number;

  before(async function () {
    const lacking = missing(...providers);
    const prepared = lacking.length > 0 ? undefined : await prepareImages();
    if (prepared === undefined) {
      console.log(`      skipped: ${lacking.length > 0 ? `${lacking.join(", ")} not on PATH` : "no Docker engine"}`);
      return this.skip();
    }
    images = prepared;
    port = await freePort();
    config = {
      target: "docker",
      preset: "development",
      domain: "localhost",
      image: images.app,
      images: images.images,
      network: { httpPort: await freePort(), httpsPort: port, monitoringPort: await freePort() },
    };
    workspace = await Workspace.create(stack, config);
  });

  after(async function () {
    if (workspace === undefined) return;
    await workspace.stack.destroy().catch(() => undefined);
    const left = await run(docker, ["ps", "-aq", "--filter", `label=app.slipway.stack=${stack}`]);
    await removeContainers(left.split("\n").filter(Boolean));
    workspace.remove();
  });

  it("previews the same resources, with the same inputs, as the in-process preview", async () => {
    const inProcess = await previewStack({ projectDir: workspace.folder, stack });
    sameAsEngine(inProcess, await workspace.preview());
  });

  it("brings up a page with data from PostgreSQL and the cache, through nginx", async () => {
    const { outputs } = await workspace.stack.up();
    equal(outputs["url"]?.value, `https://localhost:${port}`);
    const ready = JSON.parse((await fetched("/api/ready")).body) as Ready;
    equal(ready.dependencies["database"]?.state, "ok");
    equal(ready.dependencies["cache"]?.state, "ok");
    const page = await fetched("/");
    equal(page.status, 200);
    match(page.body, /<!DOCTYPE html>/i);
    match(page.headers["strict-transport-security"] ?? "", /max-age=63072000/);
  });

  it("changes nothing when it runs again", async () => {
    const { summary } = await workspace.stack.up();
    deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  });

  it("replaces the replicas for a new image, new ones healthy first, and loses no request", async () => {
    const before = await replicas();
    workspace.configure({ ...config, image: await derived("next", `LABEL test=next-${process.pid}`) });
    const load = requests();
    await workspace.stack.up();
    const { answered, failures } = await load.stop();
    const after = await replicas();
    equal(after.length, 2);
    ok(
      after.every((id) => !before.includes(id)),
      "every replica is new",
    );
    deepEqual(failures, [], `${failures.length} of ${answered} requests failed`);
    ok(answered > 50, `only ${answered} requests were made`);
    console.log(`      ${answered} requests during the release, ${failures.length} failed`);
  });

  it("leaves the old release serving when a migration fails", async () => {
    const before = await replicas();
    workspace.configure({
      ...config,
      image: await derived("broken", `LABEL test=broken-${process.pid}`),
      service: { migration: ["node", "-e", "console.error('no such column'); process.exit(4)"] },
    });
    await rejects(workspace.stack.up(), /exit code 4/);
    deepEqual(await replicas(), before);
    equal((await fetched("/api/health")).status, 200);
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await workspace.stack.destroy();
    for (const kind of ["volume", "network"]) {
      const left = await run(docker, [kind, "ls", "--quiet", "--filter", `name=slipway-${stack}`]);
      equal(left, "", `${kind}s are left`);
    }
    equal(await run(docker, ["ps", "-aq", "--filter", `name=slipway-${stack}`]), "");
  });

  async function derived(tag: string, instruction: string): Promise<string> {
    const image = `slipway-app-${stack}:${tag}`;
    await run("sh", [
      "-c",
      `printf 'FROM %s\\n%s\\n' '${images.app}' '${instruction}' | docker build --tag ${image} -`,
    ]);
    return image;
  }

  async function replicas(): Promise<string[]> {
    const found = await run(docker, ["ps", "-q", "--filter", `label=app.slipway.component=slipway-${stack}-app`]);
    return found.split("\n").filter(Boolean).sort();
  }

  function fetched(path: string): Promise<{ status: number; body: string; headers: Record<string, string> }> {
    return new Promise((resolve, reject) => {
      const request = get(
        {
          host: "localhost",
          servername: "localhost",
          port,
          path,
          rejectUnauthorized: false,
          agent: false,
          timeout: 15_000,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(parts).toString(),
              headers: response.headers as Record<string, string>,
            }),
          );
        },
      );
      request.on("timeout", () => request.destroy(new Error("timeout")));
      request.on("error", reject);
    });
  }

  /** Asks for a page again and again until it is stopped. */
  function requests(): { stop(): Promise<{ answered: number; failures: string[] }> } {
    let running = true;
    let answered = 0;
    const failures: string[] = [];
    const loop = async () => {
      while (running) {
        const outcome = await fetched("/api/health").then(
          ({ status }) => status,
          (error: Error) => error.message,
        );
        answered += 1;
        if (outcome !== 200) failures.push(String(outcome));
        await sleep(100);
      }
    };
    const loops = [loop(), loop(), loop()];
    return {
      stop: async () => {
        running = false;
        await Promise.all(loops);
        return { answered, failures };
      },
    };
  }
});

interface Ready {
  readonly dependencies: Readonly<Record<string, { readonly state: string }>>;
}
