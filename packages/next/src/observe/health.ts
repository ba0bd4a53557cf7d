import { redisLink } from '../cache/redis.js'
import { canSendMail } from '../data/mail.js'
import { hasDatabase, pingDatabase, replicaUrls } from '../data/pools.js'
import { env } from '../env.js'
import { lifecycle } from '../server/lifecycle.js'
import { shared } from '../shared.js'
import type { Part } from '../variables.js'

interface Dependency {
  /** `degraded`: it answers, and refuses a part of what it is asked. */
  state: 'ok' | 'degraded' | 'down' | 'off'
  latencyMs?: number
}
export interface Readiness {
  status: 'ready' | 'degraded' | 'unavailable' | 'draining'
  release: string
  deploymentId: string
  uptimeSeconds: number
  /** Only what is configured, or what the application uses and nobody has configured. */
  dependencies: { database?: Dependency; replica?: Dependency; cache?: Dependency; email?: Dependency }
}

async function check(probe: () => Promise<unknown>): Promise<Dependency> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), 1500)
  })
  try {
    await Promise.race([probe(), tooLate])
    return { state: 'ok', latencyMs: Math.round(performance.now() - started) }
  } catch {
    return { state: 'down' } // why is in the log; this answer is public
  } finally {
    clearTimeout(timer)
  }
}

/** Parts of this package that the application uses; serve.ts knows them from the build. */
export const usedParts = () => shared<readonly Part[]>('parts', () => [])

async function look(): Promise<Readiness['dependencies']> {
  const link = redisLink()
  const probes = {
    ...(hasDatabase() && { database: () => pingDatabase() }),
    ...(hasDatabase() && replicaUrls().length > 0 && { replica: () => pingDatabase('replica') }),
    ...(link && { cache: () => link.client.ping() }),
  }
  const answers = await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await check(probe)] as const))
  const email = usedParts().includes('mail') && { email: { state: canSendMail() ? 'ok' : 'off' } as const }
  const dependencies: Readiness['dependencies'] = { ...Object.fromEntries(answers), ...email }
  // It may answer a ping and still refuse what the cache needs: a replica, a full memory, a user without the right.
  if (dependencies.cache?.state === 'ok' && link?.trouble) dependencies.cache.state = link.trouble
  return dependencies
}

const kept = shared('readiness', () => ({
  until: 0,
  dependencies: undefined as Promise<Readiness['dependencies']> | undefined,
  hasServed: false,
}))

/** May this replica get traffic? Only the database and shutting down say no; anything else degrades. */
export async function readiness(): Promise<Readiness> {
  // Every probe of every load balancer node asks; the dependencies are asked once a second.
  if (kept.until < Date.now() || !kept.dependencies) {
    kept.until = Date.now() + 1000
    kept.dependencies = look()
  }
  const dependencies = await kept.dependencies
  const degraded = Object.values(dependencies).some(({ state }) => state !== 'ok')
  const status = lifecycle.draining
    ? 'draining'
    : dependencies.database?.state === 'down'
      ? 'unavailable'
      : degraded
        ? 'degraded'
        : 'ready'
  // For every caller: it has been ready once.
  kept.hasServed ||= status === 'ready' || status === 'degraded'
  return {
    status,
    release: env().RELEASE,
    deploymentId: process.env.NEXT_DEPLOYMENT_ID || '',
    uptimeSeconds: Math.round((Date.now() - lifecycle.startedAt) / 1000),
    dependencies,
  }
}

export const canServe = ({ status }: Readiness) => status === 'ready' || status === 'degraded'

/**
 * For a router of requests that has nobody left to send them to when every replica says no: one that could serve once
 * keeps its place when the database is lost, since all lose it at the same moment, and cached pages need none.
 */
export function keepsPlace(state: Readiness): boolean {
  return canServe(state) || (state.status === 'unavailable' && kept.hasServed)
}
