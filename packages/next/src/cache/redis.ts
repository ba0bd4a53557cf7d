import { readFileSync } from 'node:fs'
import { createClient, RESP_TYPES } from '@redis/client'
import { env, readSecretFile } from '../env.js'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import { publicAuthorities } from '../server/authorities.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'

export type Redis = ReturnType<typeof open>

/** The shared client, or undefined when no Redis is configured. It connects, and reconnects for ever, in the background. */
export const redis = (): Redis | undefined => shared('redis', () => ({ client: env().REDIS_URL ? open() : undefined })).client

function open() {
  const { REDIS_URL, REDIS_PASSWORD, REDIS_CA_FILE } = env()
  const url = new URL(REDIS_URL as string)
  const client = createClient({
    // The password is read at each connection: a rotated one needs no restart.
    credentialsProvider: {
      type: 'async-credentials-provider',
      credentials: async () => ({
        username: decodeURIComponent(url.username) || undefined,
        password: process.env.REDIS_PASSWORD_FILE
          ? readSecretFile(process.env.REDIS_PASSWORD_FILE)
          : (REDIS_PASSWORD ?? (decodeURIComponent(url.password) || undefined)),
      }),
    },
    database: Number(url.pathname.slice(1)) || 0,
    socket: {
      host: url.hostname,
      port: Number(url.port || 6379),
      connectTimeout: 2000,
      // Longer than the pings are apart: only a connection that is dead without knowing it is cut.
      socketTimeout: 25_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000),
      ...(url.protocol === 'rediss:'
        ? { tls: true as const, ca: REDIS_CA_FILE ? readFileSync(REDIS_CA_FILE, 'utf8') : publicAuthorities() }
        : {}),
    },
    // A cache that is away must cost nothing: commands fail at once instead of queueing up.
    disableOfflineQueue: true,
    pingInterval: 10_000,
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  })
  let up: boolean | undefined
  const note = (now: boolean, error?: Error) => {
    metrics.cacheUp.set(now ? 1 : 0)
    if (up === now) return
    up = now
    if (now) log().info('redis connected')
    else log().warn({ err: error }, 'redis is away: serving without the shared cache')
  }
  client.on('ready', () => note(true))
  client.on('error', (error: Error) => note(client.isReady, error))
  client.connect().catch(() => {}) // reported by the listener above
  onClose(async () => client.destroy())
  return client
}

const patienceMs = 500
let silentUntil = 0

/**
 * Asks Redis, or answers undefined when it is away. After an answer that came too
 * late nobody asks for two seconds, so that a hanging Redis slows few requests.
 */
export async function askRedis<T>(question: (client: Redis) => Promise<T>): Promise<T | undefined> {
  const client = redis()
  if (!client?.isReady || silentUntil > Date.now()) return undefined
  let timer: NodeJS.Timeout | undefined
  // The client's own timeout ends when a command is sent; a hanging server is sent to and never answers.
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  })
  try {
    return await Promise.race([question(client), tooLate])
  } catch (error) {
    if (client.isReady) silentUntil = Date.now() + 2000
    log().debug({ err: error }, 'redis did not answer')
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
