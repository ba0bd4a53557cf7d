import { stackKey } from '../cache/keys.js'
import { askRedis } from '../cache/redis.js'
import { shared } from '../shared.js'

const local = shared('rate-limit', () => new Map<string, { count: number; until: number }>())

/**
 * Allows `limit` uses of `key` in a window. Counted in Redis for all replicas
 * together; while Redis is away each replica counts for itself, which allows
 * somewhat more but never everything.
 */
export async function allow(key: string, { limit, windowSeconds }: { limit: number; windowSeconds: number }): Promise<boolean> {
  const id = `${stackKey()}:limit:${key}`
  const count = await askRedis(async (client) => {
    const [used] = await client.multi().incr(id).expire(id, windowSeconds, 'NX').exec()
    return Number(used)
  })
  return (count ?? countHere(id, windowSeconds)) <= limit
}

function countHere(id: string, windowSeconds: number): number {
  const now = Date.now()
  if (local.size > 10_000) for (const [key, { until }] of local) if (until < now) local.delete(key)
  const entry = local.get(id)
  const current = entry && entry.until > now ? entry : { count: 0, until: now + windowSeconds * 1000 }
  current.count++
  local.set(id, current)
  return current.count
}
