import { createHash, randomBytes } from 'node:crypto'
import { env } from '../env.js'
import { shared } from '../shared.js'

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

/** 144 bits, of which CSP asks for 128, fill 24 characters. Made in hundreds: that costs little more than one. */
const nonces = { text: '', used: 0 }

export function createNonce(): string {
  if (nonces.used === nonces.text.length) Object.assign(nonces, { text: randomBytes(18 * 256).toString('base64'), used: 0 })
  nonces.used += 24
  return nonces.text.slice(nonces.used - 24, nonces.used)
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
