/** Below zero: `before` is older. `13.9` is older than `13.13`. */
export function compareVersions(before: string, after: string): number {
  const [old, now] = [before, after].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(old!.length, now!.length); index++) {
    const difference = (old![index] ?? 0) - (now![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
