import { createRequire } from 'node:module'
import type { BuildDescription } from '../build/description.js'
import { queueImages } from '../server/image-queue.js'
import PageCacheHandler from './page-cache-handler.js'
import useCacheHandler from './use-cache-handler.js'

/**
 * Hands Next.js its caches, before it starts. Its configuration could name them too, but then it imports the page
 * cache three times for each request, which takes several times as long as the look-up. It takes what it finds under
 * this symbol as it is, and for optimised images what its server has in this field; test/services/caches.test.ts sees
 * all three used.
 */
export function installCaches({ prerendered, routes }: Pick<BuildDescription, 'prerendered' | 'routes'>) {
  const own = new Set(routes.map(({ route }) => route))
  PageCacheHandler.prerendered = new Set(Object.keys(prerendered).filter((path) => !own.has(path)))
  Object.assign(globalThis, {
    [Symbol.for('@next/cache-handlers')]: {
      FetchCache: PageCacheHandler,
      DefaultCache: useCacheHandler,
      RemoteCache: useCacheHandler,
    },
  })
  const server = createRequire(import.meta.url)('next/dist/server/next-server.js') as { default: { prototype: object } }
  Object.assign(server.default.prototype, { imageCacheHandler: new PageCacheHandler() })
  queueImages(server.default.prototype)
}
