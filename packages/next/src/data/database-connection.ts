import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { ClientConfig } from 'pg'
import { type Env, readSecretFile } from '../env.js'

const credentialOf = (env: Env, prefix: 'DATABASE' | 'DATABASE_MIGRATION') => ({
  password: env[`${prefix}_PASSWORD`],
  secretArn: env[`${prefix}_SECRET_ARN`],
  passwordFile: process.env[`${prefix}_PASSWORD_FILE`],
})
type Credential = ReturnType<typeof credentialOf>

/** What opens DATABASE_MIGRATION_URL; undefined where that is what opens DATABASE_URL. */
export function migrationCredential(env: Env): Credential | undefined {
  const credential = credentialOf(env, 'DATABASE_MIGRATION')
  return Object.values(credential).some(Boolean) ? credential : undefined
}

/** How to reach PostgreSQL, from the environment: address, TLS, and a password fetched anew for each connection. */
export async function connectionOptions(
  url: string,
  env: Env,
  credential = credentialOf(env, 'DATABASE'),
): Promise<ClientConfig> {
  const address = new URL(url)
  address.searchParams.delete('sslmode') // DATABASE_TLS decides; pg would let this override it
  return {
    host: decodeURIComponent(address.hostname),
    port: Number(address.port || 5432),
    user:
      decodeURIComponent(address.username) || (credential.secretArn ? (await readArn(credential.secretArn)).username : undefined),
    database: decodeURIComponent(address.pathname.slice(1)) || undefined,
    password: () => password(address, credential),
    ssl: await tls(address.hostname, env),
    application_name: 'slipway-app',
    keepAlive: true,
  }
}

/** The same as one URL. TLS is said with `sslmode` alone, the one word for it that pg, postgres and Prisma share. */
export async function databaseUrl(url: string, env: Env): Promise<string> {
  const address = new URL(url)
  if (!address.username && env.DATABASE_SECRET_ARN)
    address.username = encodeURIComponent((await readArn(env.DATABASE_SECRET_ARN)).username ?? '')
  const secret = await password(address, credentialOf(env, 'DATABASE'))
  if (secret) address.password = encodeURIComponent(secret)
  const mode = tlsMode(address.hostname, env)
  if (mode !== 'disable' && !address.searchParams.has('sslmode')) address.searchParams.set('sslmode', 'verify-full')
  return address.href
}

async function password(address: URL, { password: given, secretArn, passwordFile }: Credential): Promise<string> {
  if (passwordFile) return readSecretFile(passwordFile)
  if (secretArn) return (await readArn(secretArn)).password
  return given ?? decodeURIComponent(address.password)
}

export const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const tlsMode = (host: string, env: Env) =>
  env.DATABASE_TLS ?? (isLoopback(host) || process.env.NODE_ENV !== 'production' ? 'disable' : 'verify-full')

async function tls(host: string, env: Env): Promise<ConnectionOptions | false> {
  const mode = tlsMode(host, env)
  if (mode === 'disable') return false
  if (mode === 'rds') return { ca: (await import('./rds-authorities.js')).rdsAuthorities, servername: host }
  return { ca: env.DATABASE_CA, ...(isIP(host) ? {} : { servername: host }) }
}

interface Credentials {
  username?: string
  password: string
}

const kept = new Map<string, { value: Promise<Credentials>; until: number }>()

/** Secrets Manager allows many reads, but a pool that reconnects as one should make one. */
function readArn(arn: string): Promise<Credentials> {
  const known = kept.get(arn)
  if (known && known.until >= Date.now()) return known.value
  const value = fetchArn(arn)
  kept.set(arn, { value, until: Date.now() + 60_000 })
  value.catch(() => kept.delete(arn))
  return value
}

async function fetchArn(arn: string): Promise<Credentials> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('./aws-secrets.js')
  const client = new SecretsManagerClient({ region: arn.split(':')[3] })
  const secret = await client.send(new GetSecretValueCommand({ SecretId: arn }))
  return JSON.parse(secret.SecretString ?? '{}') as Credentials
}

const passwordRefused = ['28P01', '28000']

/** Errors that mean "this connection", not "this statement". */
const connectionLost = new Set([
  ...passwordRefused,
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '53300',
])

/** Drizzle wraps what pg throws. */
function causes(error: unknown): NodeJS.ErrnoException[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : []
}

export const isConnectionLost = (error: unknown) =>
  causes(error).some(
    ({ code, message }) =>
      (code && connectionLost.has(code)) || /^Connection terminated|timeout exceeded when trying to connect/.test(message),
  )

/** A replica ends a read that looks at rows which it must replay away: "canceling statement due to conflict with recovery". */
export const isReplicaConflict = (error: unknown) => causes(error).some(({ code }) => code === '40001')

/**
 * A failed query names what was written, and PostgreSQL the row it clashes with: what people typed, in every log and
 * error report. The statement stays, with its placeholders.
 */
export function withoutValues(error: unknown): unknown {
  for (const cause of causes(error)) {
    const failed: Error & { params?: unknown; detail?: unknown; where?: unknown } = cause
    if ('params' in failed) {
      const told = failed.message
      failed.message = told.split('\nparams: ', 1)[0] as string
      failed.stack = failed.stack?.replace(told, () => failed.message)
      failed.params = undefined
    }
    for (const key of ['detail', 'where'] as const) if (key in failed) failed[key] = undefined
  }
  return error
}

/** Worth another attempt at connecting; a refused password too, because it may just have been rotated. */
export function isTemporary(error: unknown): boolean {
  if (passwordRefused.includes((error as NodeJS.ErrnoException).code ?? '')) kept.clear()
  return isConnectionLost(error)
}
