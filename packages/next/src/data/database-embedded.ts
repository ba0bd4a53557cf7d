import { mkdirSync } from 'node:fs'
import { shared } from '../shared.js'
import type { DatabaseOptions, Drizzle, Schema } from './database.js'

/** PostgreSQL compiled to WebAssembly, in `.data/`: development needs nothing installed. */
export async function open<S extends Schema>({ schema, migrations, seed }: DatabaseOptions<S>): Promise<Drizzle<S>> {
  const { drizzle } = await import('drizzle-orm/pglite')
  const connect = async () => {
    const { PGlite } = await import('@electric-sql/pglite')
    mkdirSync('.data', { recursive: true })
    return PGlite.create('.data/postgres')
  }
  // One process may open the folder once, however often its code is loaded again.
  const database = drizzle(await shared('embedded-database', connect), { schema, casing: 'snake_case' })
  if (migrations) await (await import('drizzle-orm/pglite/migrator')).migrate(database, { migrationsFolder: migrations })
  const primary = database as unknown as Drizzle<S>
  await seed?.(primary)
  return primary
}
