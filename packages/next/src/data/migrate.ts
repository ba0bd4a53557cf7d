import { join } from 'node:path'
import pg from 'pg'
import { type Env, EnvironmentError, readEnv } from '../env.js'
import { log } from '../observe/log.js'
import { shared } from '../shared.js'
import { connectionOptions, isTemporary, migrationCredential } from './database-connection.js'
import { retry } from './retry.js'
import { letServerIn } from './server-role.js'
import { applyMigrations, kindOf } from './sql-migrations.js'

/** Any number will do, as long as every migration of this application takes the same. */
const lockId = 7_239_031
const waitForDatabaseMs = 60_000

export interface MigrationOptions {
  /** With `--seed`, after the migrations. Default: nothing */
  seed?: (client: pg.Client) => Promise<unknown>
  /** Instead of the folder of drizzle-kit or Prisma that the build found: whatever else migrates. Default: that folder */
  apply?: (client: pg.Client) => Promise<unknown>
}

/**
 * `node migrate.js [--seed]`: applies what is missing. Run it before new code gets traffic. The lock makes several at once
 * wait for each other.
 */
export async function runMigrations(options: MigrationOptions = {}) {
  try {
    await run(options)
  } catch (error) {
    if (error instanceof EnvironmentError) console.error(error.message)
    else if (error instanceof RoleNotMade) log().fatal({ err: error.cause }, error.message)
    else log().fatal({ err: error }, 'migration failed: nothing of it was applied')
    process.exitCode = error instanceof EnvironmentError ? 78 : 1
  }
}

async function run({ seed, apply }: MigrationOptions) {
  // The task that migrates gets the keys of the database, not those of the application.
  const settings = shared('env', () => readEnv(process.env, { partial: true, parts: ['database'] }))
  const folder = join(import.meta.dirname, 'migrations')
  const seeds = seed && process.argv.includes('--seed')
  const server = await serverRole(settings)
  const none = !apply && !kindOf(folder)
  if (none && !seeds && !server) return log().info('no migrations in this build: nothing to do')
  const url = settings.DATABASE_MIGRATION_URL ?? settings.DATABASE_URL
  if (!url) throw new EnvironmentError(['DATABASE_URL or DATABASE_MIGRATION_URL is required to migrate'])

  const client = await retry(() => open(url, settings), { forMs: waitForDatabaseMs, isRetryable: isTemporary })
  try {
    await client.query('select pg_advisory_lock($1)', [lockId])
    const before = performance.now()
    if (apply) await apply(client)
    else if (!none) await applyMigrations(client, folder)
    // CloudNativePG gives the owner the right to make roles a moment after it has been asked to.
    if (server)
      await retry(() => letServerIn(client, server), { forMs: waitForDatabaseMs, isRetryable: isNotYetAllowed }).catch(
        (cause) => {
          throw new RoleNotMade('the migrations are applied, and the role of the server is not made', { cause })
        },
      )
    if (seeds) await seed(client)
    log().info({ seconds: Number(((performance.now() - before) / 1000).toFixed(2)) }, 'migrations applied')
  } finally {
    await client.end() // ends the session, and with it the lock
  }
}

class RoleNotMade extends Error {}

const isNotYetAllowed = (error: unknown) => (error as { code?: string }).code === '42501'

/** Who serves, where that is another than who migrates. */
async function serverRole(settings: Env) {
  const { DATABASE_URL, DATABASE_MIGRATION_URL } = settings
  if (!DATABASE_URL || !DATABASE_MIGRATION_URL || !migrationCredential(settings)) return undefined
  const { user, password } = await connectionOptions(DATABASE_URL, settings)
  return user && typeof password === 'function' ? { name: user, password: await password() } : undefined
}

async function open(url: string, settings: Env) {
  const options = await connectionOptions(url, settings, migrationCredential(settings))
  const client = new pg.Client({ ...options, connectionTimeoutMillis: 3000 })
  await client.connect()
  return client
}
