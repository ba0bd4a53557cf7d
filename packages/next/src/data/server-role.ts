import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { log } from '../observe/log.js'

export interface ServerRole {
  readonly name: string
  readonly password: string
}

/** Tables in which tools keep what they have applied. */
const records = ['__drizzle_migrations', '_prisma_migrations', 'kysely_migration', 'kysely_migration_lock']

/**
 * The role that the server connects as, made by who migrates and owns the tables: it reads and writes rows, of tables that
 * later migrations make too, and changes no table. What an injection gets is then the rows, and not the schema.
 */
export async function letServerIn(client: Client, { name, password }: ServerRole) {
  const { rows } = await client.query<{ owner: string; database: string }>(
    'select current_user as owner, current_database() as database',
  )
  const { owner, database } = rows[0] as { owner: string; database: string }
  if (owner === name) return
  const role = client.escapeIdentifier(name)
  await client.query('begin')
  try {
    const { rowCount: exists } = await client.query('select from pg_roles where rolname = $1', [name])
    await client.query('savepoint role')
    try {
      // A digest of the password, as PostgreSQL keeps it: a log of statements then holds none.
      await client.query(`${exists ? 'alter' : 'create'} role ${role} login password ${client.escapeLiteral(scramOf(password))}`)
    } catch (error) {
      // Somebody else made it, with its password: docs/secrets.md says so of an external database.
      if (!exists || (error as { code?: string }).code !== '42501') throw error
      await client.query('rollback to savepoint role')
    }
    await client.query(`grant connect on database ${client.escapeIdentifier(database)} to ${role}`)
    await client.query(`alter default privileges grant usage on schemas to ${role}`)
    await client.query(`alter default privileges grant select, insert, update, delete on tables to ${role}`)
    await client.query(`alter default privileges grant usage, select, update on sequences to ${role}`)
    for (const statement of await grants(client, name)) await client.query(statement)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
  await closeEarlierRoles(client, name)
  log().info({ role: name }, 'the server has a role of its own, which changes no table')
}

/** On what there is already, and on what a migration that runs as somebody's else has made for this owner. */
async function grants(client: Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('grant usage on schema %I to %I', nspname, $1::text) as statement
       from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' and has_schema_privilege(oid, 'create')
     union all
     select case
         when relkind = 'S' then format('grant usage, select, update on sequence %s to %I', pg_class.oid::regclass, $1::text)
         when relname = any($2) then format('grant select on %1$s to %2$I; revoke insert, update, delete on %1$s from %2$I', pg_class.oid::regclass, $1::text)
         else format('grant select, insert, update, delete on %s to %I', pg_class.oid::regclass, $1::text) end
       from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p', 'v', 'm', 'f', 'S') and nspname !~ '^pg_' and nspname <> 'information_schema'
        and pg_has_role(relowner, 'usage')`,
    [name, records],
  )
  return rows.map(({ statement }) => statement)
}

/**
 * `app_server_3` is the third password of `app_server`: replicas of the previous release still connect as `app_server_2`.
 * Roles of other names are somebody else's.
 */
async function closeEarlierRoles(client: Client, name: string) {
  const [, base, generation = '1'] = /^(.*_server)(?:_(\d+))?$/.exec(name) ?? []
  if (!base) return
  const { rows } = await client.query<{ name: string }>(
    'select rolname as name from pg_roles where rolcanlogin and rolname <> current_user and starts_with(rolname, $1)',
    [base],
  )
  for (const { name: other } of rows) {
    const [its, number = '1'] = /^(?:_(\d+))?$/.exec(other.slice(base.length)) ?? []
    if (its !== undefined && Math.abs(Number(number) - Number(generation)) > 1)
      await client.query(`alter role ${client.escapeIdentifier(other)} nologin`)
  }
}

/** https://datatracker.ietf.org/doc/html/rfc5802#section-3, in the form of pg_authid.rolpassword. */
function scramOf(password: string): string {
  const [iterations, salt] = [4096, randomBytes(16)]
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}
