import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { env } from '../env.js'
import { log } from '../observe/log.js'
import { lifecycle } from './lifecycle.js'

/**
 * What happens at SIGTERM, so that no request is lost:
 *
 * 1. `/api/ready` fails and responses say `Connection: close`, while everything
 *    is served for SHUTDOWN_DELAY_SECONDS: routing needs that long to notice.
 * 2. Next.js' own handler closes the port, lets running requests and `after()`
 *    work finish, and exits.
 * 3. On that exit, telemetry is flushed and pools are closed.
 *
 * Exit code 0: everything finished. 1: SHUTDOWN_GRACE_SECONDS was not enough.
 */
export function takeOverSignals() {
  const signals = ['SIGTERM', 'SIGINT'] as const
  const nextHandlers = new Map<NodeJS.Signals, Array<(signal: NodeJS.Signals) => void>>()
  const exit = process.exit.bind(process)

  // Next.js registers its handlers while it starts; they become step 2 instead.
  const on = process.on.bind(process) as (event: string, listener: (...args: never[]) => void) => NodeJS.Process
  process.on = ((event: string, listener: (...args: never[]) => void) => {
    if (!signals.includes(event as (typeof signals)[number])) return on(event, listener)
    nextHandlers.set(event as NodeJS.Signals, [...(nextHandlers.get(event as NodeJS.Signals) ?? []), listener as never])
    return process
  }) as typeof process.on

  for (const signal of signals) on(signal, () => void drain(signal))

  async function drain(signal: NodeJS.Signals) {
    if (lifecycle.draining) return
    lifecycle.draining = true
    const { SHUTDOWN_DELAY_SECONDS, SHUTDOWN_GRACE_SECONDS } = env()
    log().info({ signal, delaySeconds: SHUTDOWN_DELAY_SECONDS, graceSeconds: SHUTDOWN_GRACE_SECONDS }, 'shutting down')
    await sleep(SHUTDOWN_DELAY_SECONDS * 1000)

    setTimeout(() => {
      log().error('requests were still running when the grace period ended')
      exit(1)
    }, SHUTDOWN_GRACE_SECONDS * 1000).unref()
    const handlers = nextHandlers.get(signal) ?? []
    if (handlers.length === 0) await close()

    process.exit = (() => void close()) as typeof process.exit
    for (const handler of handlers) handler(signal)
  }

  let closing = false
  async function close() {
    if (closing) return
    closing = true
    await Promise.race([Promise.allSettled(lifecycle.closers.map((closer) => closer())), sleep(3000)])
    log().info('stopped')
    exit(0)
  }
}

/**
 * Closing cuts every connection that looks idle, also one whose next request is
 * already on its way. Those get another second to deliver it; the answer says
 * `Connection: close`, so each delivers one at most. A connection that never
 * delivered any does not look idle to Node.js, and would hold up the end.
 */
export function withDrainDelay(server: Server): Server {
  const fresh = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    fresh.add(socket)
    socket.once('close', () => fresh.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage) => fresh.delete(socket))

  const closeIdle = server.closeIdleConnections.bind(server)
  server.closeIdleConnections = () =>
    void setTimeout(() => {
      closeIdle()
      for (const socket of fresh) socket.destroy()
    }, 1000)
  return server
}
