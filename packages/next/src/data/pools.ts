import type { Pool, PoolClient } from 'pg'
import type { PoolName } from '../contract.js'
import { env } from '../env.js'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'
import { connectionOptions, isConnectionLost, isTemporary } from './database-connection.js'
import { retry } from './retry.js'

/** A restart of PostgreSQL takes about this long; visitors rather wait than see an error. */
export const patienceMs = 4000

/** How long reads leave a replica alone that could not be reached. */
const restMs = 5000

export interface Replica {
  pool: Pool
  circuitOpenUntil: number
}

interface Pools {
  primary: Pool
  replicas: readonly Replica[]
}

/** One pair of pools a process, whatever bundle asks. */
export const connected = () => shared('database', connect)

/** Addresses of the read replicas. */
export function replicaUrls(): readonly string[] {
  const { DATABASE_REPLICA_URL, DATABASE_REPLICA_URLS = DATABASE_REPLICA_URL } = env()
  return DATABASE_REPLICA_URLS?.split(',') ?? []
}

async function connect(): Promise<Pools> {
  const { DATABASE_URL } = env()
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: there is no database')
  const primary = await createPool('primary', DATABASE_URL)
  const replicas = await Promise.all(
    replicaUrls().map(async (url) => ({ pool: await createPool('replica', url), circuitOpenUntil: 0 })),
  )
  return { primary, replicas }
}

async function createPool(name: PoolName, url: string): Promise<Pool> {
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
      const client = retry(() => super.connect() as Promise<PoolClient>, { forMs, isRetryable: isTemporary })
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
  pools.push([name, pool])
  metrics.databaseLimit.inc({ pool: name }, DATABASE_POOL_SIZE)
  onClose(() => pool.end())
  return pool
}

const pools = shared('pools', () => {
  const list: Array<[PoolName, Pool]> = []
  Object.assign(metrics.databaseConnections, {
    collect() {
      // Of several replicas together.
      metrics.databaseConnections.reset()
      metrics.databaseWaiting.reset()
      for (const [pool, { totalCount, idleCount, waitingCount }] of list) {
        metrics.databaseConnections.inc({ pool, state: 'busy' }, totalCount - idleCount)
        metrics.databaseConnections.inc({ pool, state: 'idle' }, idleCount)
        metrics.databaseWaiting.inc({ pool }, waitingCount)
      }
    },
  })
  return list
})

export const isUp = ({ circuitOpenUntil }: Replica) => circuitOpenUntil <= performance.now()

export function rest(replica: Replica) {
  if (isUp(replica)) log().warn('a read replica cannot be reached: the others answer, or the primary')
  metrics.databaseErrors.inc({ pool: 'replica', kind: 'connection' })
  replica.circuitOpenUntil = performance.now() + restMs
}

/** Is a PostgreSQL named? */
export const hasDatabase = () => env().DATABASE_URL !== undefined

/** Connects before the first request does. */
export const openDatabase = async () => void (await connected())

/** Of several replicas all have to answer. */
export async function pingDatabase(which: 'primary' | 'replica' = 'primary') {
  const { primary, replicas } = await connected()
  const asked = which === 'replica' && replicas.length > 0 ? replicas.map(({ pool }) => pool) : [primary]
  return Promise.all(asked.map((pool) => pool.query('select 1')))
}

/** Where the primary is in its log, when there is a replica that may be behind. */
export async function writtenUpTo(): Promise<string | undefined> {
  const { primary, replicas } = await connected()
  if (replicas.length === 0) return undefined
  const { rows } = await primary.query<{ position: string }>('select pg_current_wal_lsn()::text as position')
  return rows[0]?.position
}

/** Has each replica that answers replayed what the primary had written up to this position? */
export async function hasCaughtUp(position: string): Promise<boolean> {
  const { replicas } = await connected()
  if (replicas.length === 0 || !/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/.test(position)) return true
  const asked = replicas.filter(isUp)
  if (asked.length === 0) return false
  return (await Promise.all(asked.map((replica) => hasReplayed(replica, position)))).every(Boolean)
}

async function hasReplayed(replica: Replica, position: string): Promise<boolean> {
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
