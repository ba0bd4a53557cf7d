import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { replicaHasWhatVisitorWrote } from '../cache/read-your-writes.js'
import { needs } from '../env.js'
import { shared } from '../shared.js'
import { isConnectionLost, isReplicaConflict, withoutValues } from './database-connection.js'
import { connected, isUp, patienceMs, type Replica, rest } from './pools.js'

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

interface Opened<S extends Schema> {
  primary: Drizzle<S>
  replicas: ReadonlyArray<{ database: Drizzle<S>; state: Replica }>
}

/** What an application asks its database through, with its own tables. */
export function createDatabase<S extends Schema>({ schema, migrations = 'db/migrations', seed }: DatabaseOptions<S>) {
  const opened = () => shared(schema, open)
  let turn = 0

  async function open(): Promise<Opened<S>> {
    const { DATABASE_URL } = needs('slipway:part:database')
    // Compared with a literal so that the bundler drops the embedded database from production builds.
    if (process.env.NODE_ENV !== 'production' && !DATABASE_URL) {
      const embedded = await import('./database-embedded.js')
      return { primary: await embedded.open({ schema, migrations, seed }), replicas: [] }
    }
    const { primary, replicas } = await connected()
    return {
      primary: drizzle(primary, { schema, casing: 'snake_case' }),
      replicas: replicas.map((state) => ({ database: drizzle(state.pool, { schema, casing: 'snake_case' }), state })),
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
   * Reads. They go to the replicas in turn unless `fresh`. What one cannot answer, the primary does, at once; a read whose
   * connection to the primary died is repeated once.
   */
  async function read<T>(run: (database: Drizzle<S>) => Promise<T>, { fresh = false } = {}): Promise<T> {
    const { primary, replicas } = await opened()
    const up = fresh ? [] : replicas.filter(({ state }) => isUp(state))
    const replica = up.length > 0 ? up[turn++ % up.length] : undefined
    if (replica) {
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
