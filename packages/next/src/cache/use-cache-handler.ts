import type { CacheEntry, CacheHandler } from 'next/dist/server/lib/cache-handlers/types.js'
import { log } from '../observe/log.js'
import { shared } from '../shared.js'
import { cacheStore } from './cache-store.js'
import { timing } from './history.js'
import { invalidate } from './invalidate.js'
import { invalidateTags } from './page-cache-handler.js'
import { beginRender, endRender } from './render-start.js'

/** Keeps what functions and components marked 'use cache' return. */
type Kept = Omit<CacheEntry, 'value' | 'timestamp'> & { value: Buffer }

/** Being kept at this moment: who asks meanwhile waits, as Next.js expects. */
const pending = shared('use-cache-pending', () => new Map<string, Promise<void>>())

const streamOf = (bytes: Uint8Array) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })

const handler: CacheHandler = {
  async get(key, softTags) {
    await pending.get(key)
    const found = await cacheStore().get<Kept>('data', key, softTags)
    const due = !found || found.stale || found.born + found.value.revalidate * 1000 <= timing.now()
    beginRender(`data ${key}`, { expected: due, softTags })
    if (!found) return undefined
    const { value, ...entry } = found.value
    return { ...entry, value: streamOf(value), timestamp: found.born, revalidate: found.stale ? -1 : entry.revalidate }
  },

  async set(key, pendingEntry) {
    const kept = keep(key, pendingEntry).catch((error: unknown) =>
      log().debug({ err: error }, 'a result that failed half-way is not kept'),
    )
    pending.set(key, kept)
    await kept
    if (pending.get(key) === kept) pending.delete(key)
  },

  // The store knows what was invalidated, by tags that come from the path too, which `get` is given.
  async refreshTags() {},
  getExpiration: async () => Number.POSITIVE_INFINITY,

  updateTags: invalidateTags,
}

async function keep(key: string, pendingEntry: Promise<CacheEntry>) {
  const { value: stream, timestamp, ...entry } = await pendingEntry
  const softTags = endRender(`data ${key}`)?.softTags ?? []
  const value = Buffer.from(await new Response(stream).arrayBuffer())
  const store = cacheStore()
  // An entry without a life is made anew each time.
  if (entry.expire > 0)
    await store.set('data', key, { ...entry, value } satisfies Kept, {
      tags: entry.tags,
      startedAt: timestamp,
      revalidateSeconds: entry.revalidate,
      expireSeconds: entry.expire,
    })
  // Requests that came after an invalidation may have joined this one, which began before, and the pages that they are
  // rendering are thought to be newer than it: for them it is said again.
  const position = store.history.positionAt(timestamp)
  const overtaken = position ? store.history.overtaken([...entry.tags, ...softTags], position) : []
  if (overtaken.length > 0) await invalidate(overtaken)
}

export default handler
