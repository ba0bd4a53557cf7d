import { CacheStore, type Facts, type Found } from '../../src/cache/cache-store.js'
import type { Timing } from '../../src/cache/history.js'
import type { Keys } from '../../src/cache/keys.js'
import { RedisLink } from '../../src/cache/redis.js'
import { Line } from '../support/redis.js'

// Faults are what these suites are made of.
process.env.LOG_LEVEL ??= 'silent'

export interface ReplicaOptions {
  readonly keys: Keys
  readonly redisPort: number
  /** As whom it connects. Default: the user `default`, without a password. */
  readonly user?: string
  /** Ahead of the real time, in milliseconds. */
  readonly clockMs?: number
  readonly heartbeatMs?: number
  readonly trustMs?: number
}

/** The cache of one process, with a clock and a network of its own. */
export class Replica {
  store!: CacheStore
  #link!: RedisLink
  private constructor(
    readonly line: Line,
    readonly time: Timing,
    private readonly keys: Keys,
    private readonly user: string,
  ) {}

  static async start({
    keys,
    redisPort,
    user = '',
    clockMs = 0,
    heartbeatMs = 15,
    trustMs = 60,
  }: ReplicaOptions): Promise<Replica> {
    const now = () => performance.timeOrigin + performance.now() + clockMs
    const replica = new Replica(await Line.to(redisPort), { heartbeatMs, trustMs, now }, keys, user && `${user}@`)
    replica.boot()
    await replica.store.history.isCurrent()
    return replica
  }

  private boot() {
    this.#link = new RedisLink(`redis://${this.user}127.0.0.1:${this.line.port}`)
    this.store = new CacheStore(this.keys, this.#link, this.time)
  }

  get trouble() {
    return this.#link.trouble
  }

  /** As a crash would: what it knew is gone, what it had not yet said too. */
  restart() {
    this.#end()
    this.boot()
  }

  /** As SIGTERM would. */
  drain = () => Promise.all(this.#link.beforeClose.map((finish) => finish()))

  #end() {
    const { client } = this.#link
    void this.store.history.close()
    if (client.isOpen) client.destroy()
  }

  stop() {
    this.#end()
    this.line.close()
  }

  get<T>(key: string, tags: readonly string[] = []): Promise<Found<T> | undefined> {
    return this.store.get<T>('page', key, tags)
  }

  set(key: string, value: unknown, facts: Omit<Facts, 'startedAt'> & { startedAt?: number }) {
    return this.store.set('page', key, value, { startedAt: this.time.now(), ...facts })
  }

  expire = (...tags: string[]) => this.store.history.invalidate(tags.map((tag) => ({ tag })))
  soften = (tag: string, expireSeconds: number | null) => this.store.history.invalidate([{ tag, expireSeconds }])
}
