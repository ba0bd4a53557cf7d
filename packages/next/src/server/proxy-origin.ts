import { createRequire } from 'node:module'
import { requestContext } from '../observe/log.js'
import { portOf } from './public-origin.js'

/**
 * In a proxy Next.js makes `request.url` of the host name and port of its server, whatever it was told of the request, and
 * takes redirects and rewrites to those for its own. Where a request names another host of this application, or none is
 * configured, a visitor would be sent to a host that they are not on; and a redirect from `www` to the configured host, as
 * many applications have one, would become a path and lead to itself without end. Called before Next.js starts.
 */
export function tellProxies() {
  const require = createRequire(import.meta.url)
  const server = require('next/dist/server/next-server.js') as { default: { prototype: object } }
  readFromRequest(server.default.prototype, { fetchHostname: ({ hostname }) => hostname, port: portOf })
  const path = require.resolve('next/dist/server/lib/router-server.js')
  const router = require(path) as { initialize: (options: object) => unknown }
  const module = require.cache[path] as NodeJS.Module
  module.exports = {
    ...router,
    initialize: (options: object) =>
      router.initialize(readFromRequest(options, { hostname: ({ hostname }) => hostname.replace(/^\[|\]$/g, ''), port: portOf })),
  }
}

/** While a request is served, these fields are those of the address that its visitor uses. */
export function readFromRequest<Target extends object>(target: Target, fields: Record<string, (origin: URL) => unknown>): Target {
  for (const [name, partOf] of Object.entries(fields)) {
    const usual = Symbol(name)
    Object.assign(target, { [usual]: (target as Record<string, unknown>)[name] })
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: true,
      get(this: Record<symbol, unknown>) {
        const origin = requestContext.getStore()?.origin
        return origin ? partOf(origin) : this[usual]
      },
      set(this: Record<symbol, unknown>, value: unknown) {
        this[usual] = value
      },
    })
  }
  return target
}
