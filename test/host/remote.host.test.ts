import { strict as assert } from "node:assert";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { Engine } from "../../tools/operate/docker/engine";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { prepareImage } from "./images";
import { docker, removeContainers, run, works } from "./run";

/**
 * A machine with nothing but SSH, made ready by `slipway host prepare` and used over SSH: Debian with sshd in a
 * container. It has no systemd, and its engine is this machine's, by the socket.
 */
describe("a host over SSH", function () {
  this.timeout(900_000);
  const name = `slipway-remote-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-remote-"));
  let port = 0;
  let environment: NodeJS.ProcessEnv;
  const slipway = (...args: readonly string[]) =>
    run(process.execPath, [join(projectDir, "tools", "slipway.cjs"), ...args], { env: environment });
  const address = (user: string) => `ssh://${user}@127.0.0.1:${port}`;
  const there = (...command: readonly string[]) => run(docker, ["exec", name, ...command]);

  before(async function () {
    // On the same base as the others.
    if ((await prepareImage("nginx")) === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    if (!(await works("ssh", "-V"))) {
      console.log("      skipped: no ssh");
      return this.skip();
    }
    const machine = [
      "FROM slipway-bed/debian:13",
      "RUN rm -f /usr/sbin/policy-rc.d && apt-get update && apt-get install -y --no-install-recommends openssh-server iptables && mkdir -p /run/sshd /root/.ssh && chmod 700 /root/.ssh",
      'CMD ["/usr/sbin/sshd", "-D", "-e"]',
    ];
    writeFileSync(join(folder, "Dockerfile"), machine.join("\n"));
    await run(docker, ["build", "--quiet", "--tag", name, folder], { env: { ...process.env, DOCKER_BUILDKIT: "1" } });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    port = await freePort();
    // Its engine is this machine's, by the socket: a second one would need more than a container may have.
    const socket = "/var/run/docker.sock";
    await run(docker, [
      ...[
        "run",
        "--detach",
        "--name",
        name,
        "--publish",
        `127.0.0.1:${port}:22`,
        "--volume",
        `${socket}:${socket}`,
        name,
      ],
    ]);
    await there("sh", "-c", `groupadd --non-unique --gid "$(stat -c %g ${socket})" docker`);
    await run("sh", ["-c", `${docker} cp ${folder}/key.pub ${name}:/root/.ssh/authorized_keys`]);
    await there("chown", "root:root", "/root/.ssh/authorized_keys");
    // The user's own configuration of ssh, for this suite alone.
    writeFileSync(
      join(folder, "config"),
      `Host *\n  IdentityFile ${folder}/key\n  IdentitiesOnly yes\n  UserKnownHostsFile ${folder}/known\n  StrictHostKeyChecking yes\n`,
    );
    writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`);
    chmodSync(join(folder, "ssh"), 0o755);
    environment = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
    delete environment["DOCKER_HOST"];
  });

  after(async () => {
    await removeContainers([name, `${name}-far`]).catch(() => undefined);
    await run(docker, ["rmi", "--force", name]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it("is not spoken to before its key is known", async () => {
    await assert.rejects(slipway("host", "prepare", address("root")), /Host key verification failed/);
    await assert.rejects(there("sh", "-c", "command -v dockerd"), "nothing was installed");
    const known = await eventually(async () => {
      const keys = await run("sh", ["-c", `ssh-keyscan -p ${port} 127.0.0.1 2>/dev/null`]);
      assert.match(keys, /ed25519/);
      return keys;
    });
    writeFileSync(join(folder, "known"), `${known}\n`);
  });

  it("has Docker, a user for releases and security updates afterwards, and takes keys alone", async () => {
    const said = await slipway("host", "prepare", address("root"), "--harden-ssh");
    for (const line of [
      "done  /etc/docker/daemon.json: containers go on while the engine restarts",
      "done  user deploy",
      "done  deploy may use Docker, which is as much as root may",
      "done  deploy takes the keys of root",
      "done  security updates install themselves",
      "done  SSH takes keys alone",
    ])
      assert.ok(said.includes(line), said);
    assert.match(said, /^done {2}Docker \d+\.\d+/m);
    assert.ok(said.includes(`pulumi config set docker:host ${address("deploy")} --stack <stack>`), said);
    assert.match(await there("sshd", "-T"), /^passwordauthentication no$/m);
  });

  it("changes nothing the second time", async () => {
    const said = await slipway("host", "prepare", address("root"), "--harden-ssh");
    assert.doesNotMatch(said, /^done/m);
  });

  it("is worked on by Docker's client and by Slipway's verbs, as the user for releases", async () => {
    const image = await prepareImage("node");
    const host = { ...environment, DOCKER_HOST: address("deploy") };
    const labels = ["--label", `app.slipway.stack=${name}`, "--label", "app.slipway.component=slipway-far-app"];
    await run(
      docker,
      [
        "run",
        "--detach",
        "--name",
        `${name}-far`,
        ...labels,
        image!,
        "node",
        "-e",
        "console.log('from afar');setInterval(()=>{},1e3)",
      ],
      {
        env: host,
      },
    );
    process.env["DOCKER_HOST"] = address("deploy");
    const path = process.env["PATH"];
    process.env["PATH"] = environment["PATH"];
    try {
      const engine = new Engine();
      const [container] = await engine.containers({ labels: { "app.slipway.stack": name } });
      assert.equal(container?.Name, `/${name}-far`);
      assert.equal((await engine.image(image!)).id, container.Image);
    } finally {
      delete process.env["DOCKER_HOST"];
      process.env["PATH"] = path;
    }
  });

  it("is what the doctor asks where the stack file names it", async () => {
    const stack = join(folder, "stack");
    await run("mkdir", [stack]);
    linkProject(stack);
    const config = {
      "docker:host": address("deploy"),
      "slipway:target": "docker",
      "slipway:preset": "development",
      "slipway:domain": "shop.example.com",
      "slipway:image": "slipway-bed/node:24",
    };
    writeFileSync(join(stack, "Pulumi.far.yaml"), stringify({ config }));
    const { place } = JSON.parse(await slipwayAnyway("doctor", "far", "--json", "--cwd", stack)) as { place: string };
    assert.match(place, new RegExp(`^Docker Engine \\d.* at ${address("deploy")}$`));
  });

  it("says what it was when it cannot be reached", async () => {
    process.env["DOCKER_HOST"] = "ssh://deploy@127.0.0.1:1";
    try {
      await assert.rejects(
        new Engine().containers({}),
        /the Docker engine at ssh:\/\/deploy@127\.0\.0\.1:1 cannot be reached: .*Connection refused/s,
      );
    } finally {
      delete process.env["DOCKER_HOST"];
    }
  });

  /** Whatever its exit code. */
  const slipwayAnyway = (...args: readonly string[]) =>
    run("bash", ["-c", `"$@" || true`, "bash", process.execPath, join(projectDir, "tools", "slipway.cjs"), ...args], {
      env: environment,
    });

  async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
    for (const until = Date.now() + 60_000; ; await sleep(300)) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }
});
