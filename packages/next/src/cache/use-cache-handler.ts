import type { CacheEntry, CacheHandler } from 'next/dist/server/lib/cache-handlers/types.js'
import { areTagsExpired, areTagsStale, tagsManifest } from 'next/dist/server/lib/incremental-cache/tags-manifest.external.js'
import { cacheStore } from './cache-store.js'

/** Keeps what functions and components marked 'use cache' return. */
type Stored = Omit<CacheEntry, 'value'> & { value: Buffer }

const streamOf = (bytes: Uint8Array) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })

const handler: CacheHandler = {
  async get(key) {
    const entry = await cacheStore().get<Stored>('data', key)
    if (!entry || areTagsExpired(entry.tags, entry.timestamp)) return undefined
    const revalidate = areTagsStale(entry.tags, entry.timestamp) ? -1 : entry.revalidate
    return { ...entry, revalidate, value: streamOf(entry.value) }
  },

  async set(key, pendingEntry) {
    const entry = await pendingEntry
    const value = Buffer.from(await new Response(entry.value).arrayBuffer())
    await cacheStore().set('data', key, { ...entry, value } satisfies Stored, entry.expire)
  },

  // Kept up to date by the channel.
  async refreshTags() {},

  async getExpiration(tags) {
    return Math.max(0, ...tags.map((tag) => tagsManifest.get(tag)?.expired ?? 0))
  },

  async updateTags(tags, durations) {
    await cacheStore().invalidate(tags, durations?.expire)
  },
}

export default handler
