import { createHash } from 'node:crypto'
import { redis } from '../contract.js'
import { env } from '../env.js'

/**
 * Names of keys in Redis, which several stacks, environments and builds may share:
 *
 *     slipway:<stack>:tags                                  what was invalidated, for every build of the stack
 *     slipway:<stack>:<environment>:<build>:<cache>:<key>   an entry
 *
 * CACHE_NAMESPACE is `<stack>/<environment>`. Entries belong to one environment, as a page may show any variable of it;
 * invalidations belong to the stack, or the previous release would not hear of them, nor a rollback to it.
 */
export interface Keys {
  readonly stack: string
  readonly entries: string
}

/**
 * Called when the cache is first used, not when a module is imported: the server imports this before it has read which
 * build it is.
 */
export function cacheKeys(source: Record<string, string | undefined> = process.env): Keys {
  const build = source.SLIPWAY_BUILD_ID || (source.NODE_ENV === 'production' ? undefined : 'development')
  if (!build)
    throw new Error('The cache was asked for before the build id was known: pages of different builds would share their keys.')
  const [, environment = ''] = namespace().split('/')
  return { stack: stackKey(), entries: `${stackKey()}:${environment}:${build}` }
}

/** Prefix of whatever replicas of one stack share in Redis. */
export const stackKey = () => `${redis.keyPrefix}${namespace().split('/')[0]}`

/** Without a name, the database tells one environment from another, and where there is none, the site's address. */
function namespace(): string {
  const { CACHE_NAMESPACE, DATABASE_URL, AUTH_URL } = env()
  if (CACHE_NAMESPACE) return CACHE_NAMESPACE
  const { host, pathname } = new URL(DATABASE_URL ?? AUTH_URL)
  return createHash('sha256').update(`${host}${pathname}`).digest('hex').slice(0, 12)
}
