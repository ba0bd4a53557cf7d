import { deserialize, serialize } from 'node:v8'
import { log } from '../observe/log.js'
import { countLater, metrics } from '../observe/metrics.js'
import { shared } from '../shared.js'
import { History, type Timing, timing } from './history.js'
import { cacheKeys, type Keys } from './keys.js'
import { Memory } from './memory.js'
import { type RedisLink, redisLink } from './redis.js'
import { run, scripts } from './scripts.js'
import { longestSeconds, type Position } from './tag-table.js'

/**
 * Where both of Next.js' caches keep their entries: a small memory in each process in front of Redis, which all replicas
 * share. docs/caching.md states what that guarantees.
 *
 * An entry is valid as long as none of its tags was invalidated after its render began, which is decided when it is read
 * (history.ts). So nothing has to be found and removed when a tag is invalidated, and a render that was overtaken by an
 * invalidation is no danger, however late it ends.
 */
interface Entry {
  readonly value: unknown
  readonly tags: readonly string[]
  /** Seconds from birth until it is to be rendered anew; undefined: never because of its age. */
  readonly revalidateSeconds: number | undefined
  readonly position: Position
  /** When its render began, in milliseconds on the clock of Redis: those of replicas may differ. */
  readonly born: number
  readonly bytes: number
}

export interface Found<T> {
  readonly value: T
  /** When its render began, on the clock of this process. */
  readonly born: number
  /** Invalidated, but still to be served while it is rendered anew. */
  readonly stale: boolean
}

export interface Facts {
  readonly tags: readonly string[]
  /** When the render began, on the clock of this process. */
  readonly startedAt: number
  readonly revalidateSeconds?: number | false | undefined
  readonly expireSeconds?: number | undefined
}

const memoryBytes = 64 * 1024 * 1024

export class CacheStore {
  readonly history: History
  readonly #memory = new Memory<Entry>(memoryBytes)

  constructor(
    private readonly keys: Keys = cacheKeys(),
    private readonly link: RedisLink | undefined = redisLink(),
    private readonly time: Timing = timing,
  ) {
    this.history = new History(`${keys.stack}:tags`, link, time)
  }

  /** `tags`: those that the reader knows of, besides those that the entry was kept with. */
  async get<T>(cache: string, key: string, tags: readonly string[] = []): Promise<Found<T> | undefined> {
    const id = this.#id(cache, key)
    const { entry, from } = await this.#find(id, tags)
    countLater(() => metrics.cache.inc({ cache, result: from }))
    return (
      entry && {
        value: entry.value as T,
        born: this.history.toLocal(entry.born),
        stale: this.#judge(entry, tags) === 'stale',
      }
    )
  }

  async #find(id: string, tags: readonly string[]): Promise<{ entry?: Entry; from: 'memory' | 'redis' | 'miss' }> {
    // Without Redis, and while it is away: nobody could say whether an entry is still valid.
    if (!(await this.history.isCurrent())) return { from: 'miss' }
    const known = this.#memory.get(id)
    if (known && this.#isFresh(known, tags)) return { entry: known, from: 'memory' }
    // Another replica may have rendered it anew already.
    const stored = await this.#read(id)
    const entry = stored && (!known || !isOlder(stored, known)) ? stored : known
    if (!entry || this.#judge(entry, tags) === 'expired') {
      this.#memory.delete(id)
      return { from: 'miss' }
    }
    if (entry === stored) this.#memory.set(id, stored)
    return { entry, from: entry === stored ? 'redis' : 'memory' }
  }

  /** Whether one of the tags was invalidated after a render began. */
  isOvertaken(tags: readonly string[], startedAt: number): boolean {
    const position = this.history.positionAt(startedAt)
    return position !== undefined && this.history.judge(tags, position) !== 'fresh'
  }

  async set(cache: string, key: string, value: unknown, facts: Facts) {
    const { tags, startedAt, expireSeconds } = facts
    const position = this.history.positionAt(startedAt)
    if (!position || this.history.judge(tags, position) === 'expired') return
    const revalidateSeconds = typeof facts.revalidateSeconds === 'number' ? facts.revalidateSeconds : undefined
    const bytes = serialize({ value, tags, revalidateSeconds })
    const entry = { value, tags, revalidateSeconds, position, born: this.history.toRedis(startedAt), bytes: bytes.length }
    const id = this.#id(cache, key)
    const known = this.#memory.get(id)
    if (!known || !isOlder(entry, known)) this.#memory.set(id, entry)
    const ttl = Math.max(1, Math.min(Math.ceil(expireSeconds ?? longestSeconds), longestSeconds))
    const { epoch, sequence } = position
    const kept = await this.link?.ask((client) =>
      run<number>(client, scripts.keep, id, epoch, String(sequence), entry.born.toFixed(3), bytes, String(ttl)),
    )
    // Redis has one whose render began later.
    if (kept === 0) this.#memory.delete(id)
  }

  #judge(entry: Entry, tags: readonly string[]) {
    const verdict = this.history.judge(entry.tags, entry.position)
    if (verdict === 'expired' || tags.length === 0) return verdict
    const more = this.history.judge(tags, entry.position)
    return more === 'fresh' ? verdict : more
  }

  #isFresh(entry: Entry, tags: readonly string[]) {
    const age = this.history.toRedis(this.time.now()) - entry.born
    return age < (entry.revalidateSeconds ?? longestSeconds) * 1000 && this.#judge(entry, tags) === 'fresh'
  }

  async #read(id: string): Promise<Entry | undefined> {
    const fields = await this.link?.ask((client) => client.hmGet(id, ['epoch', 'sequence', 'born', 'bytes']))
    const [epoch, sequence, born, bytes] = (fields ?? []) as Array<Buffer | null>
    if (!epoch || !bytes) return undefined
    try {
      const { value, tags, revalidateSeconds } = deserialize(bytes) as Pick<Entry, 'value' | 'tags' | 'revalidateSeconds'>
      const position = { epoch: String(epoch), sequence: Number(sequence) }
      return { value, tags, revalidateSeconds, position, born: Number(born), bytes: bytes.length }
    } catch (error) {
      log().warn({ err: error, key: id }, 'a cached entry cannot be read: it is rendered anew')
      return undefined
    }
  }

  #id = (cache: string, key: string) => `${this.keys.entries}:${cache}:${key}`
}

/** Whether the render of `entry` began before that of `other`. */
function isOlder(entry: Pick<Entry, 'position' | 'born'>, other: Pick<Entry, 'position' | 'born'>) {
  if (entry.position.epoch !== other.position.epoch) return entry.born < other.born
  const apart = entry.position.sequence - other.position.sequence
  return apart === 0 ? entry.born < other.born : apart < 0
}

export const cacheStore = () => shared('cache-store', () => new CacheStore())
