import { createClient, ErrorReply, RESP_TYPES } from '@redis/client'
import { env, readSecretFile } from '../env.js'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import { publicAuthorities } from '../server/authorities.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'

export type Redis = ReturnType<typeof createConnection>

const patienceMs = 500
const silenceMs = 2000
const refusalMs = 10_000
/** What Redis answers when it is there and does not do what it is asked; anything else counts as `other`. */
const refusals = [
  'READONLY',
  'OOM',
  'NOPERM',
  'NOAUTH',
  'WRONGPASS',
  'MISCONF',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOREPLICAS',
  'BUSY',
]

/** One Redis server as this process sees it: asked with little patience, and judged by what it answers. */
export class RedisLink {
  readonly client: Redis
  /** Run while the connection is still there, when the process stops. */
  readonly beforeClose: Array<() => Promise<unknown>> = []
  #silentUntil = 0
  #away = false
  #refused = { reason: '', until: 0 }
  #logged = new Map<string, number>()
  #reconnectedAt = 0

  constructor(url: string) {
    this.client = createConnection(url)
    this.client.on('ready', () => this.works())
    this.client.on('error', (error: Error) => !this.client.isReady && this.isAway(error))
    this.client.connect().catch(() => {}) // reported by the listener above
    onClose(async () => {
      await Promise.allSettled(this.beforeClose.map((finish) => finish()))
      if (this.client.isOpen) this.client.destroy()
    })
  }

  /** Why Redis is no help at present: it is away, or it is there and refuses. */
  get trouble(): 'down' | 'degraded' | undefined {
    if (!this.client.isReady || this.#away) return 'down'
    return this.#refused.until > Date.now() ? 'degraded' : undefined
  }

  /**
   * Asks Redis, or answers undefined when it is away or refuses. After an answer that came too late nobody asks for two
   * seconds, so that a hanging Redis slows few requests; `evenIfSilent` is for who finds out whether it is back.
   */
  async ask<T>(question: (client: Redis) => Promise<T>, { evenIfSilent = false } = {}): Promise<T | undefined> {
    if (!this.client.isReady || (!evenIfSilent && this.#silentUntil > Date.now())) return undefined
    let timer: NodeJS.Timeout | undefined
    // The client's own timeout ends when a command is sent; a hanging server is sent to and never answers.
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
    })
    try {
      const answer = await Promise.race([question(this.client), tooLate])
      this.#silentUntil = 0
      return answer
    } catch (error) {
      if (error instanceof ErrorReply) this.#refusedTo(error)
      else this.#didNotAnswer(error as Error)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  /** What this process needs of Redis, writing included, has just worked. */
  works() {
    if (this.#refused.until > Date.now()) return
    if (this.#away || this.#refused.reason || this.#logged.size === 0)
      this.#say('redis in use', () => log().info('redis is in use'))
    this.#away = false
    this.#refused.reason = ''
    metrics.cacheUp.set(1)
  }

  isAway(error?: Error) {
    if (!this.#away) this.#say('away', () => log().warn({ err: error }, 'redis is away: serving without the shared cache'))
    this.#away = true
    metrics.cacheUp.set(0)
  }

  #didNotAnswer(error: Error) {
    metrics.cacheErrors.inc({ reason: 'timeout' })
    if (this.client.isReady) this.#silentUntil = Date.now() + silenceMs
    log().debug({ err: error }, 'redis did not answer')
  }

  #refusedTo(error: Error) {
    const reason = reasonOf(error)
    metrics.cacheErrors.inc({ reason })
    // It has just started, or is busy with a script of somebody's: it will do what it is asked in a moment.
    if (['LOADING', 'BUSY'].includes(reason)) return this.isAway(error)
    metrics.cacheUp.set(0)
    // For a while: some commands may pass while others are refused.
    this.#refused = { reason, until: Date.now() + refusalMs }
    this.#say(reason, () => log().error({ err: error, reason }, 'redis refuses a command: serving without the shared cache'))
    // After a failover the name leads to another server, while this connection stays with the one that was demoted.
    if (!['READONLY', 'MASTERDOWN'].includes(reason) || this.#reconnectedAt > Date.now() - 5000) return
    this.#reconnectedAt = Date.now()
    this.client.destroy()
    this.client.connect().catch(() => {})
  }

  /** Once a minute for each reason at most. */
  #say(reason: string, write: () => void) {
    if ((this.#logged.get(reason) ?? 0) > Date.now() - 60_000) return
    this.#logged.set(reason, Date.now())
    write()
  }
}

const reasonOf = ({ message }: Error) => {
  if (/can't run this command|no permissions/.test(message)) return 'NOPERM'
  const word = message.split(/[\s:]/)[0] as string
  // A script that was refused half-way says so in its own words.
  return (
    refusals.find((refusal) => word === refusal || message.includes(`${refusal} `) || message.includes(`-${refusal}`)) ?? 'other'
  )
}

/** This process's Redis, or undefined when none is configured. It connects, and keeps reconnecting in the background. */
export const redisLink = (): RedisLink | undefined =>
  shared('redis', () => ({ link: env().REDIS_URL ? new RedisLink(env().REDIS_URL as string) : undefined })).link

export const redis = () => redisLink()?.client

export const askRedis = async <T>(question: (client: Redis) => Promise<T>): Promise<T | undefined> => redisLink()?.ask(question)

function createConnection(address: string) {
  const { REDIS_PASSWORD, REDIS_CA } = env()
  const url = new URL(address)
  return createClient({
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
      ...(url.protocol === 'rediss:' ? { tls: true as const, ca: REDIS_CA ?? publicAuthorities() } : {}),
    },
    // A cache that is away must cost nothing: commands fail at once instead of queueing up.
    disableOfflineQueue: true,
    pingInterval: 10_000,
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  })
}
