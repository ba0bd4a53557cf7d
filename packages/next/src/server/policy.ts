import { createHash } from 'node:crypto'

/**
 * The Content-Security-Policy of the platform, before an application widens it. Scripts never get 'unsafe-inline': a
 * nonce allows what is rendered for a request, hashes allow what is cached. docs/content-security-policy.md explains it.
 */
const defaults = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  // next/image and React set style attributes, which cannot run anything.
  'style-src-attr': ["'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'media-src': ["'self'"],
  'frame-src': [],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
} as const

export type Directive = Exclude<keyof typeof defaults, 'default-src'>

/**
 * Sources an application adds, by directive.
 *
 * @example { 'script-src': ['https://js.stripe.com'], 'frame-src': ['https://js.stripe.com'] }
 * @default {}
 */
export type Policy = Partial<Record<Directive, readonly string[]>>

const keyword =
  /^'(self|none|unsafe-eval|wasm-unsafe-eval|unsafe-inline|unsafe-hashes|report-sample|sha(256|384|512)-[\w+/-]+={0,2})'$/
const scheme = /^(https|wss|data|blob|mediastream):$/
const host = /^((https?|wss?):\/\/)?(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:(\d{1,5}|\*))?(\/[^\s;,'"]*)?$/i

/** Everything that is wrong with a policy, each with what to do. */
export function policyProblems(policy: Policy): string[] {
  const problems: string[] = []
  for (const [directive, sources] of Object.entries(policy)) {
    if (!(directive in defaults) || directive === 'default-src') {
      const known = Object.keys(defaults).filter((name) => name !== 'default-src')
      problems.push(`policy.${directive}: not a directive that can be widened; those are ${known.join(', ')}`)
      continue
    }
    if (!Array.isArray(sources) || sources.some((source) => typeof source !== 'string')) {
      problems.push(`policy.${directive}: expected a list of sources, for example ['https://cdn.example.com']`)
      continue
    }
    for (const source of sources as string[]) {
      const problem = sourceProblem(directive as Directive, source)
      if (problem) problems.push(`policy.${directive}: ${source} ${problem}`)
    }
  }
  return problems
}

function sourceProblem(directive: Directive, source: string): string | undefined {
  if (directive === 'script-src') {
    if (source === "'unsafe-inline'")
      return "would allow every injected script, and browsers ignore it beside a nonce: give inlineScript('...') for each script of your own"
    if (source === '*' || source === 'https:' || source === 'data:' || source === 'blob:')
      return 'would allow a script from anywhere: name the hosts'
  }
  if (source === '*') return undefined
  if (keyword.test(source) || scheme.test(source) || host.test(source)) return undefined
  return 'is not a source: expected an origin like https://cdn.example.com, a scheme like data:, or a quoted keyword'
}

/** The source that allows one inline script or style of your own, by its exact text. */
export const inlineScript = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export interface PolicySettings {
  policy?: Policy
  /** What Next.js' development server needs besides: evaluation, a socket, its overlay's styles. */
  development?: boolean
  /** Origins that the platform itself talks to from browsers, such as error tracking. */
  connect?: readonly string[]
  /** Where browsers report violations. */
  reportUri?: string
}

/** Writes the header for a response, given what allows its scripts. */
export type PolicyWriter = (scripts: string) => string

export function policyWriter({ policy = {}, development = false, connect = [], reportUri }: PolicySettings): PolicyWriter {
  const extra: Policy = development
    ? { 'script-src': ["'unsafe-eval'"], 'style-src': ["'unsafe-inline'"], 'connect-src': ['ws:'] }
    : {}
  const written = Object.entries(defaults).map(([name, base]) => {
    const directive = name as Directive
    const added = [...(policy[directive] ?? []), ...(extra[directive] ?? []), ...(name === 'connect-src' ? connect : [])]
    // 'none' stands alone or not at all.
    const sources = new Set([...base, ...added].filter((source, _, all) => source !== "'none'" || all.length === 1))
    if (sources.size === 0) return ''
    return [name, ...sources].join(' ') + (name === 'script-src' ? '{}' : '')
  })
  if (reportUri) written.push(`report-uri ${reportUri}`)
  const [before = '', after = ''] = written.filter(Boolean).join('; ').split('{}')
  return (scripts) => (scripts ? `${before} ${scripts}${after}` : before + after)
}

/** The nonce in the policy of a request's header: Next.js reads it from there, and so the last one to set it decides. */
export const nonceIn = (policy: unknown): string | undefined =>
  typeof policy === 'string' ? /'nonce-([\w+/-]+={0,2})'/.exec(policy)?.[1] : undefined

const inlineScripts = /<script(?=[\s>])(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/gi

/**
 * Hashes of the inline scripts that Next.js and React emitted while they rendered a page with `nonce`. Nobody can know
 * the nonce of a render beforehand, so a script that came with the content does not carry it, and stays blocked.
 */
export function hashesOf(html: string, isFrameworks: (text: string) => boolean, nonce?: string): string {
  const counts = (attributes: string, text: string) =>
    (nonce !== undefined && attributes.includes(`nonce="${nonce}"`)) || isFrameworks(text)
  const found = new Set<string>()
  for (const [, attributes = '', text = ''] of html.matchAll(inlineScripts))
    if (counts(attributes, text)) found.add(inlineScript(text))
  return [...found].join(' ')
}

/** A cached page is for everybody: it keeps no nonce. */
export const withoutNonce = (html: string, nonce: string) => html.replaceAll(` nonce="${nonce}"`, '')
