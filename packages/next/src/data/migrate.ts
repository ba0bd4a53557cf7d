import { join } from 'node:path'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { EnvironmentError, env, readEnv } from '../env.js'
import { log } from '../observe/log.js'
import { shared } from '../shared.js'
import { connectionOptions, isTemporary } from './database-connection.js'
import { retry } from './retry.js'

/** Any number will do, as long as every migration of this application takes the same. */
const lockId = 7_239_031
const waitForDatabaseMs = 60_000

export interface MigrationOptions<S extends Record<string, unknown>> {
  /** The tables, as Drizzle knows them. */
  schema: S
  /** With `--seed`, after the migrations. Default: nothing */
  seed?: (database: NodePgDatabase<S>) => Promise<unknown>
}

/**
 * `node migrate.js [--seed]`: applies what is missing, in one transaction. Run it
 * before new code gets traffic. The lock makes several at once wait for each other.
 */
export const runMigrations = <S extends Record<string, unknown>>(options: MigrationOptions<S>) =>
  apply(options).catch((error: unknown) => {
    if (error instanceof EnvironmentError) console.error(error.message)
    else log().fatal({ err: error }, 'migration failed: nothing of it was applied')
    process.exitCode = error instanceof EnvironmentError ? 78 : 1
  })

async function apply<S extends Record<string, unknown>>({ schema, seed }: MigrationOptions<S>) {
  // The task that migrates gets the keys of the database, not those of the application.
  const settings = shared('env', () => readEnv(process.env, { partial: true }))
  const url = settings.DATABASE_MIGRATION_URL ?? settings.DATABASE_URL
  if (!url) throw new EnvironmentError(['DATABASE_URL or DATABASE_MIGRATION_URL is required to migrate'])

  const client = await retry(() => open(url), { forMs: waitForDatabaseMs, worthIt: isTemporary })
  try {
    await client.query('select pg_advisory_lock($1)', [lockId])
    const database = drizzle(client, { schema, casing: 'snake_case' })
    const before = performance.now()
    await migrate(database, { migrationsFolder: join(import.meta.dirname, 'migrations') })
    if (process.argv.includes('--seed')) await seed?.(database)
    log().info({ seconds: Number(((performance.now() - before) / 1000).toFixed(2)) }, 'migrations applied')
  } finally {
    await client.end() // ends the session, and with it the lock
  }
}

async function open(url: string) {
  const client = new pg.Client({ ...(await connectionOptions(url, env())), connectionTimeoutMillis: 3000 })
  await client.connect()
  return client
}
