import { env } from '../env.js'
import { shared } from '../shared.js'
import { type Policy, type PolicyWriter, policyWriter } from './policy.js'

export interface Header {
  key: string
  value: string
}

/** The headers of this application's responses, worked out once. */
export interface Protection {
  /** For every response, where the application said nothing. */
  always: readonly Header[]
  /** For pages, where the application said nothing. */
  pages: readonly Header[]
  policy: PolicyWriter
}

/** In lower case, as Node.js keeps names: anything else it would translate for each response. */
export const securityHeaders: readonly Header[] = [
  { key: 'strict-transport-security', value: 'max-age=63072000' },
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'cross-origin-resource-policy', value: 'same-origin' },
]

const pageHeaders: readonly Header[] = [
  { key: 'referrer-policy', value: 'strict-origin-when-cross-origin' },
  { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()' },
  { key: 'cross-origin-opener-policy', value: 'same-origin' },
]

/** Who may frame pages is in the policy; the older header knows only "nobody" and "this site". */
export function headersOfPages(policy: Policy = {}): readonly Header[] {
  const ancestors = policy['frame-ancestors'] ?? []
  if (ancestors.length === 0) return [{ key: 'x-frame-options', value: 'DENY' }, ...pageHeaders]
  return ancestors.join() === "'self'" ? [{ key: 'x-frame-options', value: 'SAMEORIGIN' }, ...pageHeaders] : pageHeaders
}

export interface ProtectionSettings {
  policy?: Policy
  basePath?: string
  development?: boolean
}

/** Fixes the headers for this process; called before the first request. */
export function protect({ policy = {}, basePath = '', development = false }: ProtectionSettings): Protection {
  const { SENTRY_DSN } = env()
  const made: Protection = {
    always: securityHeaders,
    pages: headersOfPages(policy),
    policy: policyWriter({
      policy,
      development,
      connect: SENTRY_DSN ? [new URL(SENTRY_DSN).origin] : [],
      reportUri: `${basePath}/api/csp`,
    }),
  }
  Object.assign(protection(), made)
  return made
}

/** Before `protect` was called: the strictest. */
export const protection = () =>
  shared('protection', (): Protection => ({ always: securityHeaders, pages: headersOfPages(), policy: policyWriter({}) }))
