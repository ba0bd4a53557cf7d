/** Connections that a server takes: PostgreSQL's default. */
export const maxConnections = 100;

/**
 * Parameters by the memory that a server may use, in MiB, by the rules of PGTune for a web application and SSDs:
 * https://github.com/le0pard/pgtune. Without them the planner believes in 4 GB of cache, whatever the container may use. Its
 * newer floor of 4 MB for `work_mem` is left out: a hundred connections would not have it in 512 MiB.
 */
export function tuning(memoryMb: number): Readonly<Record<string, string>> {
  const sharedMb = Math.floor(memoryMb / 4);
  const maintenanceMb = Math.min(8192, Math.max(16, Math.floor(memoryMb / 16)));
  return {
    shared_buffers: `${sharedMb}MB`,
    effective_cache_size: `${Math.floor((memoryMb * 3) / 4)}MB`,
    maintenance_work_mem: `${maintenanceMb}MB`,
    // Three of its workers may each use as much.
    ...(maintenanceMb > 2048 && { autovacuum_work_mem: "2048MB" }),
    // Each connection may use it several times at once.
    work_mem: `${Math.max(1024, Math.floor(((memoryMb - sharedMb) * 1024) / (maxConnections * 3)))}kB`,
    // The value for SSDs.
    random_page_cost: "1.1",
  };
}
