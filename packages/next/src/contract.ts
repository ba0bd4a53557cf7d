import type { metrics } from './observe/metrics.js'

type Metric = keyof typeof metrics

/** Where whatever runs the application finds it. The other half of the contract are variables.ts and metrics.ts. */
export const paths = { live: '/api/health', ready: '/api/ready', metrics: '/metrics' } as const

/**
 * The values that a label can have, where they are a fixed set: alerts ask for them by name. A label that is not here is
 * free (a route, a status).
 */
export const labelValues = {
  cache: { result: ['memory', 'redis', 'miss'] },
  cdnInvalidations: { result: ['sent', 'failed', 'over_limit'] },
  databaseConnections: { pool: ['primary', 'replica'], state: ['busy', 'idle'] },
  databaseWaiting: { pool: ['primary', 'replica'] },
  databaseLimit: { pool: ['primary', 'replica'] },
  databaseErrors: { pool: ['primary', 'replica'] },
} as const satisfies Partial<Record<Metric, Record<string, readonly string[]>>>

export type PoolName = (typeof labelValues.databaseConnections.pool)[number]
export type PoolState = (typeof labelValues.databaseConnections.state)[number]

/**
 * What the application asks of Redis, for an access control list: every key and channel begins with the prefix, and no other
 * command is sent. The scripts call some of them, and those need permission too.
 */
export const redis = {
  keyPrefix: 'slipway:',
  commands: [
    'client|setinfo',
    'del',
    'eval',
    'evalsha',
    'exec',
    'expire',
    'hdel',
    'hget',
    'hgetall',
    'hincrby',
    'hlen',

    'hmget',
    'hset',
    'incr',
    'incrby',
    'info',
    'multi',
    'ping',
    'publish',
    'subscribe',
    'time',
  ],
} as const
