import { redis } from '../cache/redis.js'
import { pingDatabase } from '../data/database.js'
import { canSendMail } from '../data/mail.js'
import { env } from '../env.js'
import { lifecycle } from '../server/lifecycle.js'
import { shared } from '../shared.js'

type State = 'ok' | 'down' | 'off'
interface Dependency {
  state: State
  latencyMs?: number
}
export interface Readiness {
  status: 'ready' | 'degraded' | 'unavailable' | 'draining'
  release: string
  deploymentId: string
  uptimeSeconds: number
  dependencies: { database: Dependency; replica: Dependency; cache: Dependency; email: Dependency }
}

async function check(probe: (() => Promise<unknown>) | undefined): Promise<Dependency> {
  if (!probe) return { state: 'off' }
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

async function look() {
  const { DATABASE_REPLICA_URL } = env()
  const client = redis()
  const [database, replica, cache] = await Promise.all([
    check(() => pingDatabase()),
    check(DATABASE_REPLICA_URL ? () => pingDatabase('replica') : undefined),
    check(client && (() => client.ping())),
  ])
  const email: Dependency = { state: canSendMail() ? 'ok' : 'off' }
  return { database, replica, cache, email }
}

const kept = shared('readiness', () => ({ until: 0, dependencies: undefined as Promise<Readiness['dependencies']> | undefined }))

/** May this replica get traffic? Only the database and shutting down say no; anything else degrades. */
export async function readiness(): Promise<Readiness> {
  // Every probe of every load balancer node asks; the dependencies are asked once a second.
  if (kept.until < Date.now() || !kept.dependencies) {
    kept.until = Date.now() + 1000
    kept.dependencies = look()
  }
  const dependencies = await kept.dependencies
  const degraded = Object.values(dependencies).some(({ state }) => state === 'down') || dependencies.email.state === 'off'
  return {
    status: lifecycle.draining
      ? 'draining'
      : dependencies.database.state === 'down'
        ? 'unavailable'
        : degraded
          ? 'degraded'
          : 'ready',
    release: env().RELEASE,
    deploymentId: process.env.NEXT_DEPLOYMENT_ID || '',
    uptimeSeconds: Math.round((Date.now() - lifecycle.startedAt) / 1000),
    dependencies,
  }
}

export const canServe = ({ status }: Readiness) => status === 'ready' || status === 'degraded'
