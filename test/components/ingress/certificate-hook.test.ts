import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const page = readFileSync(join(__dirname, "../../../docs/docker.md"), "utf8");

/** What docs/docker.md tells people to give to certbot, with another target folder. */
const hook = (folder: string) => {
  const script = /```sh\n(# [^\n]*certbot runs it[^]*?)```/.exec(page)?.[1];
  ok(script !== undefined, "docs/docker.md has no hook");
  return script.replaceAll("/etc/slipway-tls", folder);
};

describe("the documented certificate hook", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "slipway-certbot-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  /** As certbot keeps it: live/NAME has relative links into archive/NAME, whose key is root's alone. */
  function certbotFolder(generation: number): string {
    const [live, archive] = ["live", "archive"].map((part) => join(root, part, "shop.example.com")) as [string, string];
    for (const folder of [live, archive]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const file of ["fullchain", "privkey"]) {
      const mode = file === "privkey" ? 0o600 : 0o644;
      writeFileSync(join(archive, `${file}${generation}.pem`), `${file} ${generation}`, { mode });
      rmSync(join(live, `${file}.pem`), { force: true });
      symlinkSync(`../../archive/shop.example.com/${file}${generation}.pem`, join(live, `${file}.pem`));
    }
    return live;
  }

  it("copies what certbot renewed, for nginx' user alone", function () {
    // Certbot runs as root; nobody else may give a file away.
    if (process.getuid?.() !== 0) this.skip();
    const copies = join(root, "slipway-tls");
    const renew = (generation: number) => {
      const env = { PATH: process.env["PATH"], RENEWED_LINEAGE: certbotFolder(generation) };
      execFileSync("sh", ["-c", hook(copies)], { env });
    };

    renew(1);
    renew(2);
    const look = (file: string) => {
      const path = join(copies, file);
      const { mode, uid, gid } = lstatSync(path);
      return [readFileSync(path, "utf8"), lstatSync(path).isFile(), (mode & 0o777).toString(8), uid, gid];
    };
    deepEqual(look("privkey.pem"), ["privkey 2", true, "400", 101, 101]);
    deepEqual(look("fullchain.pem").slice(0, 3), ["fullchain 2", true, "444"]);
  });
});
