import { withoutPasswords } from './credentials.js'

const personal: Array<[RegExp, string]> = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[email]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[ip]'],
  [/([?&](?:token|code|key|secret|password|email)=)[^&#\s]+/gi, '$1[redacted]'],
]
const sensitive =
  /^(cookies?|set-cookie|authorization|x-forwarded-for|x-real-ip|forwarded|user|email|ip_address|data|body|password|token|secret)$/i

/** Takes personal data and secrets out of anything that leaves for error tracking, however deep it sits. */
export function scrub<T>(value: T, depth = 0): T {
  if (typeof value === 'string')
    return personal.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), withoutPasswords(value)) as T
  if (typeof value !== 'object' || value === null || depth > 12) return value
  if (Array.isArray(value)) return value.map((item) => scrub(item, depth + 1)) as T
  const entries = Object.entries(value).filter(([key]) => !sensitive.test(key))
  return Object.fromEntries(entries.map(([key, item]) => [key, scrub(item, depth + 1)])) as T
}
