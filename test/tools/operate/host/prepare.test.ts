import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { sshArguments, sshHost } from "../../../../tools/operate/docker/over-ssh";
import { prepareScript } from "../../../../tools/operate/host/prepare";
import { projectDir } from "../../../project";

describe("a host over SSH", () => {
  it("is written as Docker writes it", () => {
    deepEqual(sshHost("ssh://deploy@203.0.113.7"), { host: "203.0.113.7", user: "deploy" });
    deepEqual(sshHost("ssh://shop.example.com:2222/"), { host: "shop.example.com", port: 2222 });
    deepEqual(sshHost("ssh://root@[2001:db8::7]"), { host: "2001:db8::7", user: "root" });
  });

  for (const address of [
    ...["203.0.113.7", "deploy@203.0.113.7", "tcp://203.0.113.7:2375", "ssh://", "ssh://deploy:secret@host"],
    ...[
      "ssh://-oProxyCommand=id@host",
      "ssh://-oProxyCommand=id",
      "ssh://$(id)@host",
      "ssh://host/path",
      "ssh://host?x=1",
    ],
  ]) {
    it(`is refused as ${address}`, () => throws(() => sshHost(address), /expected ssh:\/\/user@host/));
  }

  it("is reached by this user's own ssh, which takes nothing of it for an option", () => {
    deepEqual(sshArguments({ user: "deploy", host: "shop", port: 2222 }, ["docker", "version"]), [
      ...["-l", "deploy", "-p", "2222", "-o", "ConnectTimeout=30", "-T", "--", "shop", "docker", "version"],
    ]);
  });

  it("is prepared by a script that a shell accepts, with what was chosen in its first lines", () => {
    const script = prepareScript("root", { user: "deploy", firewall: true, hardenSsh: false });
    deepEqual(script.split("\n").slice(0, 4), ["DEPLOY_USER=deploy", "FIREWALL=yes", "HARDEN_SSH=no", "CALLER=root"]);
    equal(spawnSync("sh", ["-n"], { input: script }).status, 0);
    for (const user of ["", "-x", "Deploy", "a b", "$(id)", "x".repeat(33)])
      throws(() => prepareScript("root", { user, firewall: false, hardenSsh: false }), /expected the name of a user/);
  });

  describe("by the command", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-ssh-"));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const prepare = (ssh: string, ...args: readonly string[]) => {
      writeFileSync(join(folder, "ssh"), `#!/bin/sh\n${ssh}\n`);
      chmodSync(join(folder, "ssh"), 0o755);
      const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
      const launcher = join(projectDir, "tools", "slipway.cjs");
      return spawnSync(process.execPath, [launcher, "host", "prepare", ...args], { env, encoding: "utf8" });
    };

    it("--dry-run prints the script and connects to nothing", () => {
      const { status, stdout } = prepare(`touch ${folder}/asked`, "ssh://root@203.0.113.7", "--dry-run");
      equal(status, 0);
      match(stdout, /^DEPLOY_USER=deploy\nFIREWALL=no\nHARDEN_SSH=no\nCALLER=root\n#!\/bin\/sh/);
      throws(() => readFileSync(`${folder}/asked`));
    });

    it("asks who one is where the address does not say, and is root by sudo", () => {
      const said = `case "$*" in *"id -un") echo ada;; *) echo "$*" >${folder}/args; cat >${folder}/script;; esac`;
      const { status, stdout, stderr } = prepare(said, "ssh://shop.example.com:2222");
      equal(status, 0, stderr);
      match(readFileSync(`${folder}/args`, "utf8"), /-- shop\.example\.com sudo -n sh -s$/m);
      match(readFileSync(`${folder}/script`, "utf8"), /^CALLER=ada$/m);
      ok(stdout.includes("pulumi config set docker:host ssh://deploy@shop.example.com:2222 --stack <stack>"), stdout);
    });

    it("fails with what was wrong there, and says to run it again", () => {
      const { status, stderr, stdout } = prepare(`cat >/dev/null; echo 'no room' >&2; exit 1`, "ssh://root@host");
      equal(status, 1);
      match(stderr, /no room[\s\S]*ssh:\/\/root@host was not prepared to the end \(exit code 1\); run it again/);
      equal(stdout, "");
    });
  });
});
