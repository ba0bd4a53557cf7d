import { dirname } from "node:path";

interface Mount {
  readonly Target: string;
}

/** The environment and the mounts of a container without some variables, and without the secrets in files that they name. */
export function withheld<Its extends Mount>(
  names: readonly string[],
  { environment, mounts }: { readonly environment: readonly string[]; readonly mounts: readonly Its[] },
): { readonly environment: string[]; readonly mounts: Its[] } {
  const isGone = (line: string) => names.includes(line.split("=")[0]!.replace(/_FILE$/, ""));
  const folders = environment.filter(isGone).map((line) => dirname(line.slice(line.indexOf("=") + 1)));
  return {
    environment: environment.filter((line) => !isGone(line)),
    mounts: mounts.filter(({ Target }) => !folders.includes(Target)),
  };
}
