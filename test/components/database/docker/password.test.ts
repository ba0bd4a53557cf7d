import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { servingScript } from "../../../../components/database/docker/password";

/** The script as a container runs it, with a server and a `psql` that say what they are told to. */
describe("the password of PostgreSQL on one host", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-password-"));
  const at = (name: string) => join(folder, name);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "");
  let server: ChildProcess | undefined;
  let said = "";

  before(() => {
    writeFileSync(at("docker-entrypoint.sh"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    // It keeps the password that it would send, and fails with what it finds.
    const psql = `#!/bin/sh
cat >/dev/null
echo try >>${at("tries")}
if [ -s ${at("error")} ]; then cat ${at("error")} >&2; exit 2; fi
cat ${at("password")} >${at("told")}
`;
    writeFileSync(at("psql"), psql, { mode: 0o755 });
  });

  afterEach(async () => {
    if (server === undefined) return;
    const closed = new Promise((resolve) => server!.once("close", resolve));
    process.kill(-server.pid!, "SIGKILL");
    await closed;
    for (const name of ["password", "error", "told", "tries", "password-is-set"]) rmSync(at(name), { force: true });
    said = "";
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  async function serve(files: Readonly<Record<string, string>>, until: () => boolean): Promise<void> {
    for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
    const script = servingScript
      .replaceAll("/run/secrets/password/value", at("password"))
      .replaceAll("/tmp/password-", at("password-"));
    const env = { PATH: `${folder}${delimiter}${process.env["PATH"]}`, POSTGRES_USER: "app" };
    server = spawn("bash", ["-c", script, "postgres"], { env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
    server.stderr!.on("data", (text) => (said += String(text)));
    await met(until);
  }

  async function met(until: () => boolean): Promise<void> {
    for (const end = Date.now() + 5000; !until(); await sleep(20))
      assert.ok(Date.now() < end, `not within 5 s: ${said}`);
  }

  const isSet = () => existsSync(at("password-is-set"));

  it("is told at the start, and again when it is another one", async () => {
    await serve({ password: "first" }, isSet);
    assert.equal(read("told"), "first");
    writeFileSync(at("password"), "second\n");
    await met(() => read("told") === "second\n");
    assert.equal(said, "");
  });

  it("whose file is gone or empty is said once, and the server is not healthy until there is one", async () => {
    await serve({}, () => said !== "");
    assert.match(said, /^no password in \S+: pulumi up --replace .*\n$/);
    assert.deepEqual([isSet(), read("tries")], [false, ""]);
  });

  it("of a volume with another role cannot be told: said once, not tried three times a second, not healthy", async () => {
    const error = 'psql: error: connection to server on socket "…" failed: FATAL:  role "app" does not exist';
    await serve({ password: "first", error }, () => said !== "");
    await sleep(1000);
    assert.equal(said, "the data in this volume is of another database: it has no role app, or no database postgres\n");
    assert.deepEqual([isSet(), read("tries")], [false, "try\n"]);
  });

  it("is the one in the data where the server lets nobody in: said once, and the server is healthy", async () => {
    await serve({ password: "first", error: 'FATAL:  no pg_hba.conf entry for host "[local]"' }, isSet);
    await sleep(600);
    assert.match(said, /^the server does not take its password from this container.*\n$/);
    assert.equal(read("tries"), "try\n");
  });

  it("is tried again while the server starts", async () => {
    await serve({ password: "first", error: "psql: error: the database system is starting up" }, () =>
      read("tries").startsWith("try\ntry\n"),
    );
    assert.deepEqual([isSet(), said], [false, ""]);
    writeFileSync(at("error"), "");
    await met(isSet);
    assert.equal(read("told"), "first");
  });
});
