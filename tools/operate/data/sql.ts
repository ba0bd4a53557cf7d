/** Statements that both sides of a comparison are asked, by psql: docs/backups.md#drill */

/** What is compared is text: it must not depend on the session. */
const session =
  "set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex'; set row_security = off;";

const ofTheApplication = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'";

/** One line a table: name, rows, and a sum over the rows that does not depend on their order. */
export const sums = `${session}
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from only %I.%I t',
  n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.relpersistence = 'p' and ${ofTheApplication} and (c.relkind = 'r' or c.relispopulated)
order by 1
\\gexec
`;

/**
 * The same of one moment that the log can be replayed to: writers wait, for milliseconds, until it is named; the snapshot
 * outlives the locks. The first line is the place in the log. Fails where a transaction writes for more than a second.
 */
export const moment = `${session}
begin isolation level repeatable read; savepoint quiet; set local lock_timeout = '1s';
select 'lock table ' || string_agg(format('%I.%I', n.nspname, c.relname), ', ') || ' in share mode'
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and c.relpersistence <> 't' and ${ofTheApplication} having count(*) > 0
\\gexec
select 'log|' || pg_create_restore_point('slipway-drill');
rollback to savepoint quiet;
${sums}commit;
`;

/** Two names change in one transaction: a client that connects gets the one or the other. */
export const swap = (live: string, other: string, before: string) => `
select pg_terminate_backend(pid) from pg_stat_activity where datname = '${other}' \\g /dev/null
alter database "${live}" allow_connections false;
select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${live}' \\g /dev/null
begin;
alter database "${live}" rename to "${before}";
alter database "${other}" rename to "${live}";
commit;
alter database "${before}" allow_connections true;
`;

export interface TableSum {
  readonly rows: number;
  readonly sum: string;
}

export function parseSums(out: string): ReadonlyMap<string, TableSum> {
  return new Map(
    out.split("\n").flatMap((line): [string, TableSum][] => {
      // A table's name may have any character; what follows it has none of these.
      const [, name, rows, sum] = /^(.+)\|(\d+)\|(-?\d+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, { rows: Number(rows), sum: sum! }]];
    }),
  );
}

/** Every table of either side. */
export function compared(live: ReadonlyMap<string, TableSum>, restored: ReadonlyMap<string, TableSum>) {
  return [...new Set([...live.keys(), ...restored.keys()])].sort().map((name) => {
    const [now, then] = [live.get(name), restored.get(name)];
    return {
      name,
      ...(now && { live: now.rows }),
      ...(then && { restored: then.rows }),
      same: now !== undefined && then !== undefined && now.rows === then.rows && now.sum === then.sum,
    };
  });
}
