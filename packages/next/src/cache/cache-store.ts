import { deserialize, serialize } from 'node:v8'
import { tagsManifest } from 'next/dist/server/lib/incremental-cache/tags-manifest.external.js'
import { countLater, metrics } from '../observe/metrics.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'
import { askRedis, type Redis, redis } from './redis.js'

/**
 * Where both of Next.js' caches keep their entries: a small memory in each
 * process in front of Redis, which all replicas share.
 *
 * Tags are invalidated by time: a record says since when a tag is stale or
 * expired, and an older entry that carries it no longer counts. Records live in
 * a Redis hash and are announced on a channel. The memory is trusted only while
 * that channel is open; without Redis every page is rendered anew.
 *
 * `tagsManifest` is the table Next.js itself consults, so that "serve stale,
 * refresh behind" is decided in one place.
 */
type TagRecord = { stale?: number; expired?: number }
interface Entry<T> {
  value: T
  bytes: number
}

const memoryBytes = 64 * 1024 * 1024
const longestSeconds = 30 * 24 * 3600
const tagsKey = 'slipway:tags'
/**
 * Entries of another build have another shape and other scripts; they expire by themselves. Asked for when the store is
 * made, not when this module is imported: the server imports it before it has read which build it is.
 */
function keyPrefix(): string {
  const build = process.env.SLIPWAY_BUILD_ID
  if (build) return `slipway:${build}`
  if (process.env.NODE_ENV === 'production')
    throw new Error('The cache was asked for before the build id was known: pages of different builds would share their keys.')
  return 'slipway:development'
}

class Memory {
  #entries = new Map<string, Entry<unknown>>()
  #bytes = 0

  get<T>(key: string): T | undefined {
    const entry = this.#entries.get(key) as Entry<T> | undefined
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry) // a Map iterates in order of insertion: the oldest is the least used
    return entry.value
  }

  set(key: string, value: unknown, bytes: number) {
    this.delete(key)
    this.#entries.set(key, { value, bytes })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= memoryBytes) break
      this.delete(oldest)
    }
  }

  delete(key: string) {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }

  clear() {
    this.#entries.clear()
    this.#bytes = 0
  }
}

export class CacheStore {
  readonly #prefix = keyPrefix()
  #memory = new Memory()
  /** Without Redis this process is alone and may trust its memory. */
  #listening = !redis()

  constructor() {
    const client = redis()
    if (client) this.#listen(client).catch(() => {})
  }

  async get<T>(cache: string, key: string): Promise<T | undefined> {
    const id = `${this.#prefix}:${cache}:${key}`
    let result = 'memory'
    let value = this.#listening ? this.#memory.get<T>(id) : undefined
    if (value === undefined) {
      const bytes = (await askRedis((client) => client.get(id))) as Buffer | null | undefined
      result = bytes ? 'redis' : 'miss'
      if (bytes) {
        value = deserialize(bytes) as T
        this.#memory.set(id, value, bytes.length)
      }
    }
    countLater(() => metrics.cache.inc({ cache, result }))
    return value
  }

  async set(cache: string, key: string, value: unknown, ttlSeconds = longestSeconds) {
    const id = `${this.#prefix}:${cache}:${key}`
    const bytes = serialize(value)
    this.#memory.set(id, value, bytes.length)
    await askRedis((client) =>
      client.set(id, bytes, { expiration: { type: 'EX', value: Math.max(1, Math.min(Math.ceil(ttlSeconds), longestSeconds)) } }),
    )
  }

  async delete(cache: string, key: string) {
    const id = `${this.#prefix}:${cache}:${key}`
    this.#memory.delete(id)
    await askRedis((client) => client.del(id))
  }

  /** Without `expireSeconds` the tags expire now; with it they are stale now and expire later. */
  async invalidate(tags: readonly string[], expireSeconds?: number | null) {
    const now = Date.now()
    const records: Record<string, TagRecord> = {}
    for (const tag of tags) {
      const record: TagRecord =
        expireSeconds === null
          ? { expired: now }
          : expireSeconds === undefined
            ? { expired: now }
            : { stale: now, expired: now + expireSeconds * 1000 }
      records[tag] = { ...tagsManifest.get(tag), ...record }
      tagsManifest.set(tag, records[tag])
    }
    const told = await askRedis(async (client) => {
      await announce(client, records)
      return true
    })
    if (!told) this.#tellLater()
  }

  /** Redis did not hear it. A lost connection tells at reconnect; one that only hung needs asking again. */
  #tellLater() {
    const client = redis()
    if (client) setTimeout(() => this.#catchUp(client).catch(() => this.#tellLater()), 1000).unref()
  }

  async #listen(client: Redis) {
    const channel = client.duplicate({ commandOptions: {} })
    onClose(async () => channel.destroy())
    channel.on('error', () => this.#deaf())
    channel.on('ready', () => this.#catchUp(client).catch(() => {}))
    await channel.connect()
    await channel.subscribe(tagsKey, (message) => merge(JSON.parse(String(message))))
    await this.#catchUp(client)
  }

  #deaf() {
    this.#listening = false
    this.#memory.clear()
  }

  /** Learns what was invalidated elsewhere while this process did not hear, and tells what it did meanwhile. */
  async #catchUp(client: Redis) {
    const known: Record<string, TagRecord> = {}
    const forgotten: string[] = []
    for (const [tag, record] of Object.entries(await client.hGetAll(tagsKey))) {
      known[tag] = JSON.parse(String(record))
      if (newest(known[tag] as TagRecord) < Date.now() - longestSeconds * 1000) forgotten.push(tag)
    }
    const untold = [...tagsManifest].filter(([tag, record]) => newest(record) > newest(known[tag] ?? {}))
    merge(known)
    if (untold.length > 0) await announce(client, Object.fromEntries(untold))
    if (forgotten.length > 0) await client.hDel(tagsKey, forgotten)
    this.#listening = true
  }
}

const newest = (record: TagRecord) => Math.max(record.stale ?? 0, record.expired ?? 0)

function merge(records: Record<string, TagRecord>) {
  for (const [tag, record] of Object.entries(records))
    if (newest(record) > newest(tagsManifest.get(tag) ?? {})) tagsManifest.set(tag, record)
}

async function announce(client: Redis, records: Record<string, TagRecord>) {
  const fields = Object.entries(records).map(([tag, record]) => [tag, JSON.stringify(record)] as [string, string])
  await client.hSet(tagsKey, fields)
  await client.publish(tagsKey, JSON.stringify(records))
}

export const cacheStore = () => shared('cache-store', () => new CacheStore())
