import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'

/**
 * Next.js writes the address of a request from the host name and port that it listens on, and `request.url`, redirects and
 * metadata follow. Behind a proxy that would be `https://0.0.0.0:3000`.
 */
export interface PublicOrigin {
  /** What visitors use, as configured: AUTH_URL. Undefined: whatever host a request names. */
  configured: URL | undefined
  /** Further hosts of this application. */
  hosts: ReadonlySet<string>
}

export function publicOrigin(url: string | undefined, hosts = '', ofLanguages: readonly string[] = []): PublicOrigin {
  const list = [...hosts.split(','), ...ofLanguages].map((host) => host.trim().toLowerCase())
  return { configured: url ? new URL(url) : undefined, hosts: new Set(list.filter(Boolean)) }
}

/** Only a host that is ours: links and redirects must not lead where a request's header says. */
export function originOf({ headers }: IncomingMessage, { configured, hosts }: PublicOrigin, proxies: number): URL {
  const forwarded = proxies > 0 ? [headers['x-forwarded-host']].flat()[0]?.split(',').at(-1)?.trim() : undefined
  const host = (forwarded ?? headers.host ?? '').toLowerCase()
  const protocol =
    configured?.protocol ?? (proxies > 0 && /https/.test(String(headers['x-forwarded-proto'])) ? 'https:' : 'http:')
  if (configured && (host === configured.host || !hosts.has(host))) return configured
  return URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`) : new URL('http://localhost')
}

/** How Next.js keeps what it knows of a request; it is told the address here where it differs from the usual one. */
const requestMeta = Symbol.for('NextInternalRequestMeta')

export function tellOrigin(request: IncomingMessage, origin: URL, usual: URL | undefined) {
  request.headers['x-forwarded-host'] = origin.host
  request.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1)
  request.headers['x-forwarded-port'] = String(portOf(origin))
  if (origin === usual) return
  const url = origin.origin + (request.url?.startsWith('/') ? request.url : '/')
  const meta = Object.defineProperty({}, 'initURL', { enumerable: true, configurable: true, get: () => url, set: () => {} })
  Object.assign(request, { [requestMeta]: meta })
}

/**
 * Next.js asks its own server where an action belongs to another page than the one it was sent to, and for the page that an
 * action redirects to, with the headers of the visitor. Nobody else knows this path, so those are believed.
 */
const ownPath = `/${randomUUID()}`

/** Is it such a request? Its address is then as it was meant. */
export function isOwn(request: Pick<IncomingMessage, 'url'>): boolean {
  if (!request.url?.startsWith(`${ownPath}/`)) return false
  request.url = request.url.slice(ownPath.length)
  return true
}

export const portOf = ({ port, protocol }: URL) => Number(port) || (protocol === 'https:' ? 443 : 80)

/** Lets Next.js believe that it listens on the public address, while the server listens on `host` and `port`. */
export function listenElsewhere(server: Server, host: string, port: number, shown: URL | undefined) {
  const listen = server.listen.bind(server) as (port: number, host: string) => Server
  const address = server.address.bind(server)
  server.listen = ((..._: unknown[]) => {
    server.once('listening', () => {
      const real = address() as { port: number }
      // Next.js has just written the public ones; requests to itself go straight, and others read PORT.
      Object.assign(process.env, {
        PORT: String(real.port),
        __NEXT_PRIVATE_ORIGIN: `http://${loopback(host)}:${real.port}${ownPath}`,
      })
    })
    return listen(port, bindable(host))
  }) as Server['listen']
  if (shown) server.address = () => ({ ...(address() as { address: string; family: string; port: number }), port: portOf(shown) })
}

const loopback = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host)

/** `::` takes both families; where the kernel has no IPv6, that is `0.0.0.0`. */
export const bindable = (host: string) => (host === '::' && !hasIpv6() ? '0.0.0.0' : host)

/** Linux without the module has no such file; elsewhere IPv6 is always there. */
const hasIpv6 = () => process.platform !== 'linux' || existsSync('/proc/net/if_inet6')
