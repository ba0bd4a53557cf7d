import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { OperateError } from "../contract";
import type { Backups, DataDriver, Drill, Restored, Say } from "./contract";

/** A container's script: its exit code and what it printed. Lines on standard error are said as they come. */
export type Script = (args: readonly string[], say: Say) => Promise<{ readonly code: number; readonly out: string }>;

/** One Docker host: the backup container has the keys and does the work, components/database/docker/scripts. */
export function dockerData(container: string, script: Script = inContainer(container)): DataDriver {
  const backups = async () => {
    const { code, out } = await script(["status"], () => undefined);
    if (code !== 0) throw new OperateError(`${container} cannot say what it has: docker logs ${container}`);
    return JSON.parse(out) as Backups;
  };
  const restored = async (args: readonly string[], say: Say): Promise<Restored> => {
    const errors: string[] = [];
    const { code, out } = await script(args, (line) => {
      errors.push(line);
      say(line);
    });
    if (code !== 0) throw new OperateError(why(errors) ?? `the restore failed: docker logs ${container}`);
    return parseRestored(out);
  };
  return {
    backups,
    lastRestored: async () => (await backups()).lastRestoredBackup,
    async backup(say) {
      const { code } = await script(["now"], say);
      if (code !== 0) throw new OperateError("the backup failed; those before it are kept");
      return backups();
    },
    restore: (at, look, say) => restored(["restore", at, ...(look ? ["look"] : [])], say),
    swap: (database, say) => restored(["swap", database], say),
    async drill(say) {
      const { out } = await script(["drill"], say);
      const result = out.split("\n").findLast((line) => line.startsWith("{"));
      if (result === undefined) throw new OperateError(`the drill ended without a result: docker logs ${container}`);
      return JSON.parse(result) as Drill;
    },
  };
}

/** Lines that begin with `= ` are data. */
export function parseRestored(out: string): Restored {
  const values = out.split("\n").flatMap((line) => (line.startsWith("= ") ? [line.slice(2).split(" ")] : []));
  const one = (name: string) => values.find(([key]) => key === name)?.[1];
  const rows = (text: string | undefined) => (text === undefined || text === "-" ? undefined : Number(text));
  const [copy, before] = [one("copy"), one("before")];
  return {
    ...(copy !== undefined && { copy }),
    ...(before !== undefined && { before }),
    tables: values
      .filter(([key]) => key === "table")
      .map((line) => {
        // A table's name may have spaces; what follows it has none.
        const [live, there, same] = line.slice(-3);
        const counts = { live: rows(live), restored: rows(there) };
        return { name: line.slice(1, -3).join(" "), ...counts, same: same === "same" };
      }),
  };
}

const why = (errors: readonly string[]) =>
  errors.findLast((line) => line.startsWith("error: "))?.slice("error: ".length);

function inContainer(container: string): Script {
  return (args, say) =>
    new Promise((resolve, reject) => {
      const child = spawn("docker", ["exec", container, "bash", "/etc/slipway/backup.sh", ...args], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let out = "";
      createInterface({ input: child.stdout }).on("line", (line) => {
        out += `${line}\n`;
        if (!/^[={]/.test(line)) say(line);
      });
      createInterface({ input: child.stderr }).on("line", say);
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, out }));
    });
}
