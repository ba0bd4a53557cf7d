/** Name of the library in the folder that SLIPWAY_TEST_CLOCK names, beside the file `now` with seconds such as `+3600`. */
export const clockLibrary = "libfaketime.so";

const mounted = "/run/clock";

/** Options of `docker create` for a container whose clock is what that file says. */
export function clockOptions(component: string | undefined): readonly string[] {
  const folder = process.env["SLIPWAY_TEST_CLOCK"];
  if (folder === undefined || ["cache", "router", "monitoring", "configuration", "secrets"].includes(component ?? ""))
    return [];
  const variables = {
    LD_PRELOAD: `${mounted}/${clockLibrary}`,
    FAKETIME_TIMESTAMP_FILE: `${mounted}/now`,
    FAKETIME_CACHE_DURATION: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  return [
    ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...["--mount", `type=bind,source=${folder},target=${mounted},readonly`],
  ];
}
