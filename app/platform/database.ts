import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient } from 'pg'
import * as schema from '../db/schema'
import { connectionOptions, isConnectionLost, isReplicaConflict, isTemporary, withoutValues } from './database-connection'
import { env } from './env'
import { onClose } from './lifecycle'
import { log } from './log'
import { metrics } from './metrics'
import { retry } from './retry'
import { shared } from './shared'

export type Database = NodePgDatabase<typeof schema>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

/** A restart of PostgreSQL takes about this long; visitors rather wait than see an error. */
const patienceMs = 4000

/** How long reads leave a replica alone that could not be reached. */
const restMs = 5000

interface Replica {
  database: Database
  restsUntil: number
}

interface Connected {
  primary: Database
  replica?: Replica
  ping: (which: 'primary' | 'replica') => Promise<unknown>
}

const connected = () => shared('database', connect)

async function connect(): Promise<Connected> {
  const { DATABASE_URL, DATABASE_REPLICA_URL } = env()
  // Compared with a literal so that the bundler drops the embedded database from production builds.
  if (process.env.NODE_ENV !== 'production' && !DATABASE_URL) return (await import('./database-embedded')).connect()
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const primary = await createPool('primary', DATABASE_URL as string)
  const replica = DATABASE_REPLICA_URL ? await createPool('replica', DATABASE_REPLICA_URL) : undefined
  return {
    primary: drizzle(primary, { schema, casing: 'snake_case' }),
    replica: replica && { database: drizzle(replica, { schema, casing: 'snake_case' }), restsUntil: 0 },
    ping: (which) => (which === 'replica' && replica ? replica : primary).query('select 1'),
  }
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

/** Writes, and reads that must see them. Never repeated: the caller knows whether that would be safe. */
export async function write<T>(run: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await run((await connected()).primary)
  } catch (error) {
    throw withoutValues(error)
  }
}

/**
 * Reads. They go to the replica unless `fresh`. What the replica cannot answer, the primary does, at once; a read whose
 * connection to the primary died is repeated once.
 */
export async function read<T>(run: (database: Database) => Promise<T>, { fresh = false } = {}): Promise<T> {
  const { primary, replica } = await connected()
  if (!fresh && replica && isUp(replica)) {
    try {
      return await run(replica.database)
    } catch (error) {
      if (isConnectionLost(error)) rest(replica)
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

const isUp = ({ restsUntil }: Replica) => restsUntil <= performance.now()

function rest(replica: Replica) {
  if (isUp(replica)) log().warn('the read replica cannot be reached: the primary answers')
  metrics.databaseErrors.inc({ pool: 'replica', kind: 'connection' })
  replica.restsUntil = performance.now() + restMs
}

/** Connects before the first request does. */
export const openDatabase = async () => void (await connected())

export const pingDatabase = async (which: 'primary' | 'replica' = 'primary') => (await connected()).ping(which)

export const hasReplica = async () => (await connected()).replica !== undefined

/** Has the replica replayed what the primary had written up to this position? */
export async function hasCaughtUp(position: string): Promise<boolean> {
  const { replica } = await connected()
  if (!replica || !/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/.test(position)) return true
  if (!isUp(replica)) return false
  try {
    const { rows } = await replica.database.execute<{ caughtUp: boolean }>(
      sql`select coalesce(pg_last_wal_replay_lsn() >= ${position}::pg_lsn, true) as "caughtUp"`,
    )
    return rows[0]?.caughtUp ?? false
  } catch (error) {
    if (isConnectionLost(error)) rest(replica)
    return false
  }
}
