import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient } from 'pg'
import { replicaHasWhatVisitorWrote } from '../cache/read-your-writes.js'
import { env } from '../env.js'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'
import { connectionOptions, isConnectionLost, isReplicaConflict, isTemporary, withoutValues } from './database-connection.js'
import { retry } from './retry.js'

export type Schema = Record<string, unknown>
export type Drizzle<S extends Schema> = NodePgDatabase<S>
export interface DatabaseOptions<S extends Schema> {
  /** The tables, as Drizzle knows them: `import * as schema from './schema'`. */
  schema: S
  /** Migrations of drizzle-kit, which the embedded database of development applies. Default: `db/migrations` */
  migrations?: string
  /** Fills an empty embedded database. Default: nothing */
  seed?: (database: Drizzle<S>) => Promise<unknown>
}

/** A restart of PostgreSQL takes about this long; visitors rather wait than see an error. */
const patienceMs = 4000

/** How long reads leave a replica alone that could not be reached. */
const restMs = 5000

interface Replica {
  pool: Pool
  restsUntil: number
}

interface Pools {
  primary: Pool
  replica?: Replica
}

/** One pair of pools a process, whatever bundle asks. */
const connected = () => shared('database', connect)

async function connect(): Promise<Pools> {
  const { DATABASE_URL, DATABASE_REPLICA_URL } = env()
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: there is no database')
  const primary = await createPool('primary', DATABASE_URL)
  const replica = DATABASE_REPLICA_URL ? await createPool('replica', DATABASE_REPLICA_URL) : undefined
  return { primary, replica: replica && { pool: replica, restsUntil: 0 } }
}

async function createPool(name: 'primary' | 'replica', url: string): Promise<Pool> {
  const { default: pg } = await import('pg')
  const { DATABASE_POOL_SIZE } = env()

  // Nobody waits long for a replica: the primary has the same answer.
  const forMs = name === 'primary' ? patienceMs : 100

  /**
   * Repeats only the opening of a connection. Nothing has been sent yet, so this
   * is safe for writes too; a statement that has been sent is never repeated here.
   */
  class PatientPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: pg's own overload, callback and promise in one
    override connect(callback?: (...result: any[]) => void): any {
      const client = retry(() => super.connect() as Promise<PoolClient>, { forMs, worthIt: isTemporary })
      if (!callback) return client
      client.then(
        (opened) => callback(undefined, opened, opened.release.bind(opened)),
        (error) => callback(error, undefined, () => {}),
      )
    }
  }

  const pool = new PatientPool({
    ...(await connectionOptions(url, env())),
    max: DATABASE_POOL_SIZE,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 30_000,
    query_timeout: 15_000,
  })
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', (error) => {
    metrics.databaseErrors.inc({ pool: name, kind: 'connection' })
    log().warn({ err: error, pool: name }, 'database connection lost')
  })
  metrics.databaseLimit.set({ pool: name }, DATABASE_POOL_SIZE)
  pools.push([name, pool])
  onClose(() => pool.end())
  return pool
}

const pools = shared('pools', () => {
  const list: Array<[string, Pool]> = []
  Object.assign(metrics.databaseConnections, {
    collect() {
      for (const [name, pool] of list) {
        metrics.databaseConnections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount)
        metrics.databaseConnections.set({ pool: name, state: 'idle' }, pool.idleCount)
        metrics.databaseWaiting.set({ pool: name }, pool.waitingCount)
      }
    },
  })
  return list
})

interface Opened<S extends Schema> {
  primary: Drizzle<S>
  replica?: { database: Drizzle<S>; state: Replica }
}

/** What an application asks its database through, with its own tables. */
export function createDatabase<S extends Schema>({ schema, migrations = 'db/migrations', seed }: DatabaseOptions<S>) {
  const opened = () => shared(schema, open)

  async function open(): Promise<Opened<S>> {
    // Compared with a literal so that the bundler drops the embedded database from production builds.
    if (process.env.NODE_ENV !== 'production' && !env().DATABASE_URL) {
      const embedded = await import('./database-embedded.js')
      return { primary: await embedded.open({ schema, migrations, seed }) }
    }
    const { primary, replica } = await connected()
    return {
      primary: drizzle(primary, { schema, casing: 'snake_case' }),
      replica: replica && { database: drizzle(replica.pool, { schema, casing: 'snake_case' }), state: replica },
    }
  }

  /** Writes, and reads that must see them. Never repeated: the caller knows whether that would be safe. */
  async function write<T>(run: (database: Drizzle<S>) => Promise<T>): Promise<T> {
    try {
      return await run((await opened()).primary)
    } catch (error) {
      throw withoutValues(error)
    }
  }

  /**
   * Reads. They go to the replica unless `fresh`. What the replica cannot answer, the primary does, at once; a read whose
   * connection to the primary died is repeated once.
   */
  async function read<T>(run: (database: Drizzle<S>) => Promise<T>, { fresh = false } = {}): Promise<T> {
    const { primary, replica } = await opened()
    if (!fresh && replica && isUp(replica.state)) {
      try {
        return await run(replica.database)
      } catch (error) {
        if (isConnectionLost(error)) rest(replica.state)
        else if (!isReplicaConflict(error)) throw withoutValues(error)
      }
    }
    const started = performance.now()
    try {
      return await run(primary)
    } catch (error) {
      if (!isConnectionLost(error) || performance.now() - started > patienceMs) throw withoutValues(error)
      return run(primary).catch((again: unknown) => {
        throw withoutValues(again)
      })
    }
  }

  /** A read on behalf of the visitor of this request: sees what they wrote, even when the replica lags. */
  const readForVisitor = async <T>(run: (database: Drizzle<S>) => Promise<T>): Promise<T> =>
    read(run, { fresh: !(await replicaHasWhatVisitorWrote()) })

  return { read, write, readForVisitor }
}

const isUp = ({ restsUntil }: Replica) => restsUntil <= performance.now()

function rest(replica: Replica) {
  if (isUp(replica)) log().warn('the read replica cannot be reached: the primary answers')
  metrics.databaseErrors.inc({ pool: 'replica', kind: 'connection' })
  replica.restsUntil = performance.now() + restMs
}

/** Connects before the first request does. */
export const openDatabase = async () => void (await connected())

export async function pingDatabase(which: 'primary' | 'replica' = 'primary') {
  const { primary, replica } = await connected()
  return (which === 'replica' && replica ? replica.pool : primary).query('select 1')
}

/** Where the primary is in its log, when there is a replica that may be behind. */
export async function writtenUpTo(): Promise<string | undefined> {
  const { primary, replica } = await connected()
  if (!replica) return undefined
  const { rows } = await primary.query<{ position: string }>('select pg_current_wal_lsn()::text as position')
  return rows[0]?.position
}

/** Has the replica replayed what the primary had written up to this position? */
export async function hasCaughtUp(position: string): Promise<boolean> {
  const { replica } = await connected()
  if (!replica || !/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/.test(position)) return true
  if (!isUp(replica)) return false
  try {
    const { rows } = await replica.pool.query<{ caughtUp: boolean }>(
      'select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, true) as "caughtUp"',
      [position],
    )
    return rows[0]?.caughtUp ?? false
  } catch (error) {
    if (isConnectionLost(error)) rest(replica)
    return false
  }
}
