import { mkdirSync } from 'node:fs'
import type { Database } from './database'

/** PostgreSQL compiled to WebAssembly, in `.data/`: development needs nothing installed. */
export async function connect() {
  const [{ PGlite }, { drizzle }, { migrate }, schema] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
    import('../db/schema'),
  ])
  mkdirSync('.data', { recursive: true })
  const client = await PGlite.create('.data/postgres')
  const database = drizzle(client, { schema, casing: 'snake_case' })
  await migrate(database, { migrationsFolder: 'db/migrations' })
  const primary = database as unknown as Database
  await (await import('../db/seed')).seed(primary)
  return { primary, ping: () => client.query('select 1') }
}
