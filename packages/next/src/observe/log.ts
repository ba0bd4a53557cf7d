import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import pino from 'pino'
import { env } from '../env.js'
import { shared } from '../shared.js'

export interface RequestContext {
  requestId: string
  request?: IncomingMessage
  /** The address that the visitor uses. */
  origin?: URL | undefined
  /** The status that a request gets which was wrong in itself, whatever Next.js makes of it. */
  fault?: number
}

/** The request being served, wherever the code that logs happens to be. */
export const requestContext = shared('request', () => new AsyncLocalStorage<RequestContext>())

const secrets = ['password', 'token', 'secret', 'authorization', 'cookie', 'email', 'apiKey', 'dsn']

export const log = () =>
  shared('log', () =>
    pino({
      level: env().LOG_LEVEL,
      base: { release: env().RELEASE },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      mixin: () => {
        const requestId = requestContext.getStore()?.requestId
        return requestId ? { requestId } : {}
      },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      serializers: { err: scrubbed },
    }),
  )

/** Drivers put connection strings into messages; a log must not repeat their passwords. */
function scrubbed(error: Error) {
  const serialized = pino.stdSerializers.err(error)
  for (const key of ['message', 'stack'] as const)
    serialized[key] = serialized[key]?.replace(/(\w+:\/\/[^:/@\s]*:)[^@/\s]+@/g, '$1[redacted]@')
  return serialized
}
