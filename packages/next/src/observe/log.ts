import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import pino from 'pino'
import { env } from '../env.js'
import { shared } from '../shared.js'
import { withoutPasswords, withoutPasswordsWithin } from './credentials.js'

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

export const log = () => shared('log', () => pino(logging()))

export const logging = (): pino.LoggerOptions => ({
  level: env().LOG_LEVEL,
  base: { release: env().RELEASE },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
  mixin: () => {
    const requestId = requestContext.getStore()?.requestId
    return requestId ? { requestId } : {}
  },
  redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  serializers: { err: (error: Error) => withoutPasswordsWithin(pino.stdSerializers.err(error)) },
  hooks: {
    logMethod(args, method) {
      return method.apply(this, args.map(worded) as typeof args)
    },
  },
})

/** Drivers put connection strings into messages; a log must not repeat their passwords. */
const worded = (argument: unknown) => (typeof argument === 'string' ? withoutPasswords(argument) : argument)
