import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { DockerSettings } from "../../../../stacks/settings/settings";
import type { DoctorRequest } from "../../../../tools/operate/doctor/contract";
import { dockerRows, open } from "../../../../tools/operate/doctor/docker/doctor";
import type { Engine, Facts } from "../../../../tools/operate/doctor/docker/facts";

const gib = 1024 ** 3;
const engine: Engine = {
  ServerVersion: "28.2.2",
  DockerRootDir: "/var/lib/docker",
  MemTotal: 8 * gib,
  SystemTime: "2026-11-27T08:00:00Z",
  LiveRestoreEnabled: true,
};

/** What programs print, by their command line; anything else fails. */
type World = Readonly<Record<string, string>>;
const answers =
  (world: World): Facts["run"] =>
  (command, args) => {
    const line = [command, ...args].join(" ");
    const found = world[line];
    return found === undefined ? Promise.reject(new Error(`${line} failed`)) : Promise.resolve(found);
  };

const settings = (file: object = {}) =>
  resolveSettings(
    "live",
    {
      target: "docker",
      domain: "localhost",
      image: "ghcr.io/acme/shop:1.4.2",
      docker: { backupsOnThisHostOnly: true },
      ...file,
    },
    {},
  ) as DockerSettings;

const published = (port: number) => `docker ps --filter publish=${port} --format {{.Names}}`;
const noContainers: World = { [published(8080)]: "", [published(8443)]: "", [published(9090)]: "" };

const called = (container: string, volume: string): World => ({
  "docker ps --all --filter name=^slipway-live- --format {{.Names}}": container,
  "docker volume ls --filter name=^slipway-live- --format {{.Name}}": volume,
});

interface Around {
  readonly world?: World;
  readonly file?: object;
  readonly facts?: Partial<Facts>;
}

const facts = ({ world = {}, file, facts: more }: Around): Facts => ({
  ...{ stack: "live", name: "slipway-live", folder: "/nowhere", engine, isLocal: true, environment: {} },
  askedAt: Date.parse(engine.SystemTime) + 1000,
  settings: settings(file),
  run: answers(world),
  listens: () => Promise.resolve(false),
  free: () => Promise.resolve(20 * gib),
  ...more,
});

describe("slipway doctor of one Docker host", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
    writeFileSync(join(folder, "Pulumi.live.yaml"), "encryptionsalt: v1:x\nconfig: {}\n");
    for (const file of ["fullchain.pem", "privkey.pem"]) writeFileSync(join(folder, file), "");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** By row: what is enough, what is not, and what the second says. */
  const cases: Readonly<Record<string, () => readonly [enough: Around, lacking: Around, says: RegExp]>> = {
    "docker-engine": () => [{}, { facts: { engine: { ...engine, ServerVersion: "20.9.1" } } }, /it is 20\.9\.1/],
    buildx: () => [
      { world: { "docker buildx version": "github.com/docker/buildx v0.24.0" }, file: built },
      { file: built },
      /no buildx/,
    ],
    memory: () => [{}, { facts: { engine: { ...engine, MemTotal: 4 * gib } } }, /4\.0 GiB, and \d\.\d GiB during/],
    disk: () => [{}, { facts: { free: () => Promise.resolve(9 * gib) } }, /9\.0 GiB free/],
    clock: () => [{}, { facts: { engine: { ...engine, SystemTime: "2026-11-27T07:59:00Z" } } }, /61 s apart/],
    "live-restore": () => [{}, { facts: { engine: { ...engine, LiveRestoreEnabled: false } } }, /live-restore is off/],
    pulumi: () => [{ world: { "pulumi version": "v3.270.0" } }, {}, /not on PATH/],
    passphrase: () => [
      { facts: { folder, environment: { PULUMI_CONFIG_PASSPHRASE: "x" } } },
      { facts: { folder, environment: { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/at-all" } } },
      /at-all is not there/,
    ],
    names: () => {
      const exported = "pulumi stack export --stack live --cwd /nowhere";
      return [
        {
          world: { ...called("slipway-live-nginx", "slipway-live-data"), [exported]: '{"name": "slipway-live-data"}' },
        },
        { world: { ...called("slipway-live-nginx", "slipway-live-data"), [exported]: '{"name": "slipway-live-da"}' } },
        /^2 called slipway-live-… are here, such as slipway-live-nginx, and none is of this stack$/,
      ];
    },
    ports: () => [
      {
        world: { ...noContainers, [published(8443)]: "slipway-live-nginx" },
        facts: { listens: (_, port) => Promise.resolve(port === 8443) },
      },
      {
        world: { ...noContainers, [published(8443)]: "other-nginx" },
        facts: { listens: (_, port) => Promise.resolve(port === 9090) },
      },
      /8443 is taken by container other-nginx; 9090 is taken by another program/,
    ],
    image: () => [
      { world: { "docker manifest inspect ghcr.io/acme/shop:1.4.2": "{}" } },
      {},
      /docker manifest inspect ghcr\.io\/acme\/shop:1\.4\.2 failed/,
    ],
    certificate: () => [
      { file: { tls: { certificateFolder: folder } } },
      { file: { tls: { certificateFolder: "/etc/slipway-tls-of-nobody" } } },
      /no fullchain\.pem, no privkey\.pem/,
    ],
    domain: () => [
      { file: { domain: "localhost.localdomain" }, facts: {} },
      { file: { domain: "nobody.invalid" } },
      /nobody\.invalid is not known/,
    ],
  };
  const built = { image: undefined, build: { context: ".", dockerfile: "app/Dockerfile" } };

  it("has a case of every row", () => deepEqual(Object.keys(cases).sort(), dockerRows.map(({ id }) => id).sort()));

  for (const row of dockerRows) {
    it(`${row.id}: tells what is enough from what is not, and says what to do`, async () => {
      const [enough, lacking, says] = cases[row.id]!();
      for (const one of [enough, lacking]) equal(row.applies(facts(one)), true);
      // Which names a machine's resolver knows is its own affair.
      if (row.id !== "domain") equal((await row.ask(facts(enough))).state, "present");
      const answer = await row.ask(facts(lacking));
      equal(answer.state, "missing");
      match(answer.found, says);
      if (answer.state === "missing") equal(answer.fix.length > 0, true);
    });
  }

  it("asks nothing of what the stack does not have", () => {
    const ids = dockerRows.filter((row) => row.applies(facts({}))).map(({ id }) => id);
    for (const id of ["buildx", "certificate", "domain", "passphrase"]) equal(ids.includes(id), false, id);
  });

  it("knows of another machine's ports, disk and certificate what the engine tells, and no more", async () => {
    for (const id of ["ports", "disk", "certificate"]) {
      const row = dockerRows.find((one) => one.id === id)!;
      const remote = facts({
        world: noContainers,
        file: { tls: { certificateFolder: folder } },
        facts: { isLocal: false },
      });
      equal((await row.ask(remote)).state, "unknown", id);
    }
  });

  it("says of a taken name only what the state says", async () => {
    const names = dockerRows.find(({ id }) => id === "names")!;
    const ask = (message: string) => {
      const answering = answers(called("slipway-live-nginx", ""));
      const run: Facts["run"] = (command, args) =>
        command === "pulumi" ? Promise.reject(new Error(message)) : answering(command, args);
      return names.ask(facts({ facts: { run } }));
    };
    equal((await ask("error: no stack named 'live' found")).state, "missing");
    equal((await ask("error: PULUMI_ACCESS_TOKEN must be set")).state, "unknown");
  });

  it("says which engine is asked, and that none answers", async () => {
    const asked = (config: Record<string, string>) =>
      ({
        stack: "live",
        settings: settings(),
        configuration: { config },
        folder: "/nowhere",
      }) as DoctorRequest<"docker">;
    const request = asked({});
    const info = "docker info --format {{json .}}";
    const { place } = await open(request, answers({ [info]: JSON.stringify(engine) }));
    equal(place, "Docker Engine 28.2.2");
    const before = process.env["DOCKER_HOST"];
    delete process.env["DOCKER_HOST"];
    try {
      const host = "ssh://deploy@203.0.113.7";
      const far = await open(asked({ "docker:host": host }), answers({ [info]: JSON.stringify(engine) }));
      equal(far.place, `Docker Engine 28.2.2 at ${host}`);
      equal(far.facts.isLocal, false);
    } finally {
      delete process.env["DOCKER_HOST"];
      if (before !== undefined) process.env["DOCKER_HOST"] = before;
    }
    await rejects(open(request, answers({})), /the Docker engine cannot be reached/);
    // The client alone answers, and exits with 0.
    const alone = JSON.stringify({ ServerErrors: ["Cannot connect to the Docker daemon"] });
    await rejects(open(request, answers({ [info]: alone })), /Cannot connect to the Docker daemon/);
  });
});
