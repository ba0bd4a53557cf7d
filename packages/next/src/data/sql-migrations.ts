import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const journal = (folder: string) => join(folder, 'meta/_journal.json')

/** Whose migrations a folder holds. */
export function kindOf(folder: string): 'drizzle' | 'prisma' | undefined {
  if (existsSync(journal(folder))) return 'drizzle'
  if (existsSync(join(folder, 'migration_lock.toml'))) return 'prisma'
  return undefined
}

/** Applies a folder of SQL files with the records its own tool keeps, so that either may go on where the other stopped. */
export async function applyMigrations(client: Client, folder: string) {
  await (kindOf(folder) === 'prisma' ? applyPrisma : applyDrizzle)(client, folder)
}

/** As drizzle-orm's migrator: all that is newer than the last record, in one transaction. */
async function applyDrizzle(client: Client, folder: string) {
  const { entries } = JSON.parse(readFileSync(journal(folder), 'utf8')) as { entries: Array<{ tag: string; when: number }> }
  await inTransaction(client, async () => {
    await client.query('create schema if not exists drizzle')
    await client.query(
      'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    )
    const { rows } = await client.query<{ last: string | null }>(
      'select max(created_at) as last from drizzle.__drizzle_migrations',
    )
    for (const { tag, when } of entries.filter((entry) => entry.when > Number(rows[0]?.last ?? 0))) {
      const text = readFileSync(join(folder, `${tag}.sql`), 'utf8')
      for (const statement of text.split('--> statement-breakpoint')) await client.query(statement)
      await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [sha256(text), when])
    }
  })
}

/** As `prisma migrate deploy`: one after the other, each recorded; stops at one that failed before. */
async function applyPrisma(client: Client, folder: string) {
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`)
  const { rows } = await client.query<{ name: string; failed: boolean }>(
    'select migration_name as name, finished_at is null as failed from _prisma_migrations where rolled_back_at is null',
  )
  const failed = rows.find((row) => row.failed)
  if (failed) throw new Error(`the migration ${failed.name} failed before: repair it with \`prisma migrate resolve\``)
  const applied = new Set(rows.map(({ name }) => name))
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (applied.has(name)) continue
    const text = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    await inTransaction(client, async () => {
      await client.query(text)
      await client.query(
        'insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) values ($1, $2, now(), $3, 1)',
        [randomUUID(), sha256(text), name],
      )
    })
  }
}

async function inTransaction(client: Client, run: () => Promise<void>) {
  await client.query('begin')
  try {
    await run()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
