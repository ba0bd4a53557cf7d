import { env, needs } from '../env.js'
import { connectionOptions } from './database-connection.js'

/** What `pg`, and so Drizzle, Kysely and Prisma's adapter, and `postgres` take as their options. */
export interface DatabaseConnection {
  host: string
  port: number
  user: string | undefined
  database: string | undefined
  /** Asked at each new connection. */
  password: () => Promise<string>
  ssl: object | false
}

/**
 * The database for a client of your own, which then outlives a rotation of its password: `DATABASE_URL` is a text, and a
 * client that was given it keeps the password of that day.
 *
 * @example const pool = new Pool(await databaseConnection())
 * @example const { user, ...rest } = await databaseConnection(); const sql = postgres({ ...rest, username: user })
 */
export async function databaseConnection(): Promise<DatabaseConnection> {
  const { DATABASE_URL } = needs('slipway:part:database')
  const { host, port, user, database, password, ssl } = await connectionOptions(DATABASE_URL as string, env())
  return { host, port, user, database, password, ssl } as DatabaseConnection
}
