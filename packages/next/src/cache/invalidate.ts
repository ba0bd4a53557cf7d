import { cacheStore } from './cache-store.js'
import { edgeInvalidation } from './cloudfront.js'
import type { Invalidation } from './history.js'

/** Here, in the other replicas and at CloudFront. */
export async function invalidate(invalidations: readonly Invalidation[]) {
  await cacheStore().history.invalidate(invalidations)
  edgeInvalidation()?.add(invalidations.map(({ tag }) => tag))
}
