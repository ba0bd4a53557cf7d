import { strict as assert } from "node:assert";
import { Engine } from "../../tools/operate/docker/engine";
import { prepareImage } from "./images";
import { docker, removeContainers, run } from "./run";

describe("the last lines of a container that failed", function () {
  this.timeout(120_000);
  const name = `slipway-lines-${process.pid}`;
  const secret = "Zk9 /value+of@the=secret";

  before(async function () {
    const image = await prepareImage("node");
    if (image === undefined) this.skip();
    await run(docker, ["volume", "create", name]);
    const mount = `${name}:/run/secrets/database-password`;
    const write = `printf %s '${secret}' >/run/secrets/database-password/value`;
    await run(docker, ["run", "--rm", "--user", "0", "--volume", mount, image, "sh", "-c", write]);
    const fail =
      "const s = require('fs').readFileSync('/run/secrets/database-password/value', 'utf8');" +
      "console.log('before', s); console.error('at', encodeURIComponent(s)); process.exit(3)";
    await run(docker, ["run", "--name", name, "--volume", `${mount}:ro`, image, "node", "-e", fail]).catch(() => "");
  });
  after(async () => {
    await removeContainers([name]).catch(() => undefined);
    await run(docker, ["volume", "rm", name]).catch(() => undefined);
  });

  it("have none of the secrets that it was given", async () => {
    const lines = await new Engine().lastLines(name);
    assert.match(lines, /^ {2}before \[secret\]\n {2}at \[secret\]$/m);
    assert.match(lines, /docker logs slipway-line/);
  });

  it("are not shown where its secrets cannot be read", async () => {
    assert.match(await new Engine().lastLines(`${name}-gone`), /^ {2}not shown, as its secrets could not be read/);
  });
});
