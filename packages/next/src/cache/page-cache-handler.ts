import type { CacheHandler, CacheHandlerValue } from 'next/dist/server/lib/incremental-cache/index.js'
import { tagsManifest } from 'next/dist/server/lib/incremental-cache/tags-manifest.external.js'
import { edgeTags, outdated, tooMany } from '../server/answer.js'
import { cacheStore, type Found } from './cache-store.js'
import { edgeInvalidation } from './cloudfront.js'
import { edgeTagsOf } from './edge-tags.js'
import { timing } from './history.js'
import { invalidate } from './invalidate.js'
import { isPage, type Page, protectCached } from './protect-cached.js'
import { beginRender, endRender } from './render-start.js'

type Value = CacheHandlerValue['value']
type Kept = Pick<CacheHandlerValue, 'value' | 'cacheControl'>

interface Context {
  tags?: string[]
  softTags?: string[]
  /** A page of `cacheComponents`. */
  isRoutePPREnabled?: boolean
  /** The shell that stands for all paths of a route. */
  isFallback?: boolean
}

const tagsHeader = 'x-next-cache-tags'
/** A tag that Next.js finds stale whatever the time: times of replicas do not compare, so the store has decided. */
const staleTag = 'slipway-stale'
tagsManifest.set(staleTag, { stale: Number.POSITIVE_INFINITY })
/** Older than any lifetime that Next.js knows. */
const longAgo = -1e13

/** Keeps rendered pages (ISR), cached fetches and optimised images. */
export default class PageCacheHandler implements CacheHandler {
  /** Paths below routes with parameters that the build prerendered. */
  static prerendered: ReadonlySet<string> = new Set()

  async get(key: string, context?: Parameters<CacheHandler['get']>[1]): Promise<CacheHandlerValue | null> {
    const { tags = [], softTags = [], ...page } = (context ?? {}) as Context
    const found = await cacheStore().get<Kept>('page', key, [...tags, ...softTags])
    beginRender(`page ${key}`, { expected: !found || found.stale || isDue(found) })
    if (found) return forNext(found)
    return page.isRoutePPREnabled && !page.isFallback && PageCacheHandler.prerendered.has(pathOf(key)) ? expired() : null
  }

  async set(key: string, value: Value, context: Parameters<CacheHandler['set']>[2]) {
    // What `expired` gave, which Next.js keeps again after a render that failed.
    if (!value && (context as Context).isRoutePPREnabled) return
    const start = endRender(`page ${key}`)
    const startedAt = start?.at ?? timing.now()
    const cacheControl = 'cacheControl' in context ? context.cacheControl : undefined
    const contextTags = 'tags' in context ? (context.tags ?? []) : []
    const tags = [...new Set([...tagsOf(value), ...contextTags])]
    const store = cacheStore()
    if (isPage(value)) {
      protectCached(value, cacheControl)
      tellCachesInFront(value, [...tags, pathTag(key)], store.isOvertaken(tags, startedAt))
    }
    // Rendered although what is kept was good: `res.revalidate(path)` of the Pages Router, which knows no tags.
    if (value?.kind === 'PAGES' && start?.expected === false) edgeInvalidation()?.add([pathTag(key)])
    await store.set('page', key, { value: withoutMark(value), cacheControl } satisfies Kept, {
      tags,
      startedAt,
      revalidateSeconds: value?.kind === 'FETCH' ? value.revalidate : cacheControl?.revalidate,
      expireSeconds: cacheControl?.expire,
    })
  }

  async revalidateTag(tags: string | string[], durations?: { expire?: number }) {
    await invalidateTags([tags].flat(), durations)
  }

  resetRequestCache() {}
}

/** Next.js' own word: without durations the tags expire now, with them they are stale now and expire later, if ever. */
export async function invalidateTags(tags: readonly string[], durations?: { expire?: number }) {
  const expireSeconds = durations && durations.expire !== 0 ? (durations.expire ?? null) : undefined
  await invalidate(tags.map((tag) => ({ tag, expireSeconds })))
}

/**
 * Next.js takes for granted that a page which its build prerendered is kept. Where it finds none, it answers the router with
 * the shell of the route, as if that were all of the page; the browser waits for a rest that never comes and shows an error.
 * What has expired it renders in full before it answers.
 */
const expired = (): CacheHandlerValue => ({ value: null, lastModified: -1 })

/** Next.js 16.4 puts the route's hash in front of the path. */
const pathOf = (key: string) => (key.startsWith('/route-cache/') ? key.slice(key.indexOf('/$') + 2) : key)

const pathTag = (key: string) => `path ${pathOf(key)}`

/**
 * For caches in front, which the gate answers (answer.ts): the tags of the page, and whether it is out of date already. The
 * page about to be answered is this very object.
 */
function tellCachesInFront(page: Page, tags: readonly string[], isOvertaken: boolean) {
  page.headers ??= {}
  const { headers } = page
  delete headers[edgeTags]
  if (edgeInvalidation()) headers[edgeTags] = edgeTagsOf(tags) ?? tooMany
  if (isOvertaken) headers[outdated] = '1'
}

function tagsOf(value: Value): readonly string[] {
  if (value?.kind === 'FETCH') return (value as { tags?: string[] }).tags ?? []
  const tags = value && 'headers' in value ? value.headers?.[tagsHeader] : undefined
  return typeof tags === 'string' ? tags.split(',').filter((tag) => tag && tag !== staleTag) : []
}

const isDue = ({ born, value: { value, cacheControl } }: Found<Kept>) => {
  const seconds = value?.kind === 'FETCH' ? value.revalidate : cacheControl?.revalidate
  return typeof seconds === 'number' && born + seconds * 1000 <= timing.now()
}

function forNext({ value: { value, cacheControl }, born, stale }: Found<Kept>): CacheHandlerValue | null {
  if (!stale) return { value, cacheControl, lastModified: born }
  switch (value?.kind) {
    case 'APP_PAGE':
    case 'APP_ROUTE':
      // Next.js asks the tags of these whether they are stale.
      return {
        value: {
          ...value,
          headers: { ...value.headers, [tagsHeader]: [...tagsOf(value), staleTag].join(','), [outdated]: '1' },
        },
        cacheControl,
        lastModified: born,
      }
    case 'FETCH':
      return { value, cacheControl, lastModified: longAgo }
    default:
      // Of these it knows age alone, so that they are rendered anew at once.
      return null
  }
}

/** Next.js keeps an entry again whose next render has failed. */
function withoutMark(value: Value): Value {
  if (!value || !('headers' in value) || !value.headers) return value
  const { [outdated]: _, ...headers } = value.headers
  if (typeof headers[tagsHeader] === 'string') headers[tagsHeader] = tagsOf(value).join(',')
  return { ...value, headers } as Value
}
