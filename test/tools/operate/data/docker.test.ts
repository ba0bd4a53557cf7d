import { strict as assert } from "node:assert";
import { dockerData, parseRestored, type Script } from "../../../../tools/operate/data/docker";

const said = (code: number, out: string, ...errors: readonly string[]) => {
  const asked: string[] = [];
  const script: Script = (args, say) => {
    asked.push(args.join(" "));
    errors.forEach(say);
    return Promise.resolve({ code, out });
  };
  return { asked, driver: dockerData("shop-database-backup", script) };
};
const silent = () => undefined;

describe("the verbs of data on one host, against recorded answers", () => {
  it("restore: what is in the copy, table by table, and what the live one is called now", async () => {
    const { asked, driver } = said(
      0,
      "archive: waiting\n= table public.my table 5 7 different\n= table public.new 3 - different\n= table public.same 2 2 same\n= copy app_restored_1\n= swapped app\n= before app_before_1\n",
    );
    assert.deepEqual(await driver.restore("2026-11-27T03:00:00Z", false, silent), {
      copy: "app_restored_1",
      before: "app_before_1",
      tables: [
        { name: "public.my table", live: 5, restored: 7, same: false },
        { name: "public.new", live: 3, restored: undefined, same: false },
        { name: "public.same", live: 2, restored: 2, same: true },
      ],
    });
    await driver.restore("2026-11-27T03:00:00Z", true, silent);
    await driver.swap("app_before_1", silent);
    assert.deepEqual(asked, ["restore 2026-11-27T03:00:00Z", "restore 2026-11-27T03:00:00Z look", "swap app_before_1"]);
    assert.deepEqual(parseRestored(""), { tables: [] });
  });

  it("restore: a failure is the script's own last error, and every line was said", async () => {
    const lines: string[] = [];
    const { driver } = said(1, "", "restore: from this host", "error: the disk has 3 MiB: nothing was done");
    await assert.rejects(
      driver.restore("2026-11-27T03:00:00Z", false, (line) => lines.push(line)),
      { name: "RunError", message: "the disk has 3 MiB: nothing was done" },
    );
    assert.equal(lines.length, 2);
  });

  it("drill: a failed one is a result, and one without a result is an error", async () => {
    const result = { ok: false, at: "2026-11-27T03:00:00Z", where: "this host", error: "empty: none" };
    assert.deepEqual(await said(1, `= tables 3\n${JSON.stringify(result)}\n`).driver.drill(silent), result);
    await assert.rejects(said(137, "= tables 3\n").driver.drill(silent), /ended without a result/);
  });

  it("backup: says what there is afterwards, and fails where the script does", async () => {
    const status = { repositories: [], segmentsWaiting: 0 };
    const { asked, driver } = said(0, JSON.stringify(status));
    assert.deepEqual(await driver.backup(silent), status);
    assert.deepEqual(asked, ["now", "status"]);
    await assert.rejects(said(1, "").driver.backup(silent), /those before it are kept/);
  });
});
