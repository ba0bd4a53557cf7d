import { createHash, randomBytes } from 'node:crypto'
import { env } from './env'
import { shared } from './shared'

/**
 * Content-Security-Policy in two forms, both without 'unsafe-inline' for scripts:
 * a nonce where a page is rendered for each request, the hashes of its inline
 * scripts where a page is rendered once and kept.
 */
function policy(scripts: string): string {
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'none'",
    `script-src ${scripts}${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
    "style-src-attr 'unsafe-inline'", // next/image sizes its placeholder with a style attribute
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}${reportingOrigin()}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Browsers report errors straight to Sentry, when there is one. */
function reportingOrigin() {
  const { SENTRY_DSN } = env()
  return SENTRY_DSN ? ` ${new URL(SENTRY_DSN).origin}` : ''
}

/** Asking for randomness costs the same for one nonce as for hundreds. */
const pool = { bytes: Buffer.alloc(0), used: 0 }
const nonceBytes = 16

export function createNonce(): string {
  if (pool.used + nonceBytes > pool.bytes.length) Object.assign(pool, { bytes: randomBytes(nonceBytes * 256), used: 0 })
  pool.used += nonceBytes
  return pool.bytes.toString('base64', pool.used - nonceBytes, pool.used)
}

export function noncePolicy(nonce: string): string {
  const [before, after] = shared('nonce-policy', () => policy("'self' 'nonce-{}' 'strict-dynamic'").split('{}')) as [
    string,
    string,
  ]
  return before + nonce + after
}

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

export function allowInlineScripts(html: string): { 'content-security-policy': string } {
  const hashes = new Set<string>()
  for (const [, body = ''] of html.matchAll(inlineScript))
    hashes.add(`'sha256-${createHash('sha256').update(body).digest('base64')}'`)
  return { 'content-security-policy': policy(["'self'", ...hashes].join(' ')) }
}

/** For every response. In lower case, as Node.js keeps names: anything else it would translate for each response. */
export const securityHeaders = [
  { key: 'strict-transport-security', value: 'max-age=63072000; includeSubDomains; preload' },
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'cross-origin-resource-policy', value: 'same-origin' },
]

/** They say something of pages only; on everything else they would be bytes. */
export const pageHeaders = [
  { key: 'x-frame-options', value: 'DENY' },
  { key: 'referrer-policy', value: 'strict-origin-when-cross-origin' },
  { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()' },
  { key: 'cross-origin-opener-policy', value: 'same-origin' },
]
