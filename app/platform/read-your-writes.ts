import { sql } from 'drizzle-orm'
import { cookies } from 'next/headers'
import { type Database, hasCaughtUp, hasReplica, read, write } from './database'
import { env } from './env'

const cookie = 'wrote'
const longestLagSeconds = 30

/** After a write: the visitor's next reads wait for no replica that has not seen it. Call it in the action that wrote. */
export async function rememberWrite() {
  if (!(await hasReplica())) return
  const result = await write((database) =>
    database.execute<{ position: string }>(sql`select pg_current_wal_lsn()::text as position`),
  )
  const position = result.rows[0]?.position
  if (!position) return
  ;(await cookies()).set(cookie, position, {
    httpOnly: true,
    sameSite: 'lax',
    secure: env().AUTH_URL.startsWith('https:'),
    path: '/',
    maxAge: longestLagSeconds,
  })
}

/** A read on behalf of the visitor of this request. */
export async function readForVisitor<T>(run: (database: Database) => Promise<T>): Promise<T> {
  const position = (await cookies()).get(cookie)?.value
  return read(run, { fresh: position !== undefined && !(await hasCaughtUp(position)) })
}
