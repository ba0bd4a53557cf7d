import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * A script that starts what is here, and is no TypeScript itself: beside this file in the repository, and in a package, where this
 * file is compiled into dist/tools, in the package's tools/.
 */
export const launcher = (name: "slipway.cjs" | "typescript.cjs"): string =>
  [__dirname, join(__dirname, "..", "..", "tools")]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))!;
