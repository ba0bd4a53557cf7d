import { readFileSync, statSync } from 'node:fs'
import { databaseUrl } from '../data/database-connection.js'
import type { Env } from '../env.js'
import { trust } from './authorities.js'

const largestSecret = 64 * 1024
/** Variables that name a file because a file is what is wanted. */
const wantsFile = /(^|_)(CA|CERT|BUNDLE|LOG|PID|CONFIG)_FILE$/

/**
 * Before the application's first line: what NAME_FILE holds becomes NAME too, for code that reads `process.env` and knows
 * nothing of files. Returns the names it filled in.
 */
export function fillInSecrets(environment: NodeJS.ProcessEnv = process.env): string[] {
  const filled: string[] = []
  for (const [name, path] of Object.entries(environment)) {
    const plain = name.replace(/_FILE$/, '')
    if (plain === name || !path?.startsWith('/') || environment[plain] || wantsFile.test(name)) continue
    const file = statSync(path, { throwIfNoEntry: false })
    if (!file?.isFile() || file.size > largestSecret) continue
    environment[plain] = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    filled.push(plain)
  }
  return filled
}

/**
 * The database for clients that know one variable, DATABASE_URL: with its password, from whatever store, and with TLS. The
 * authority that signed its certificate is trusted by the whole process, since no two clients name it in the same way.
 */
export async function fillInDatabase(settings: Env, environment: NodeJS.ProcessEnv = process.env) {
  if (!settings.DATABASE_URL) return
  environment.DATABASE_URL = await databaseUrl(settings.DATABASE_URL, settings)
  if (settings.DATABASE_REPLICA_URL) environment.DATABASE_REPLICA_URL = await databaseUrl(settings.DATABASE_REPLICA_URL, settings)
  const replicas = settings.DATABASE_REPLICA_URLS?.split(',').map((url) => databaseUrl(url, settings))
  if (replicas) environment.DATABASE_REPLICA_URLS = (await Promise.all(replicas)).join(',')
  const authorities =
    settings.DATABASE_TLS === 'rds'
      ? (await import('../data/rds-authorities.js')).rdsAuthorities
      : settings.DATABASE_CA && [settings.DATABASE_CA]
  if (authorities) trust(authorities)
}
