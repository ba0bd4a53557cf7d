/**
 * The password of every URL in a text, as drivers put them into messages: up to the last @ of the word, because a password
 * that was never encoded may hold any of the signs which end one. A port is none.
 */
const password = /(\w+:\/\/[^:/?#@\s]*:)(?!\d{1,5}[/?#])\S+@/g

export const withoutPasswords = (text: string) => text.replace(password, '$1[redacted]@')

/** Deeper than pino writes. */
const deepest = 8

/** The same in every text of what will be written as JSON: `new URL` keeps its input beside the message, a driver its options. */
export function withoutPasswordsWithin(value: unknown, depth = 0, copies = new Map<object, unknown>()): unknown {
  if (typeof value === 'string') return withoutPasswords(value)
  if (typeof value !== 'object' || value === null) return value
  if (copies.has(value)) return copies.get(value)
  if (depth > deepest) return '[Object]'
  if ('toJSON' in value && typeof value.toJSON === 'function') return withoutPasswordsWithin(value.toJSON(), depth + 1, copies)
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
  copies.set(value, copy)
  for (const [key, item] of Object.entries(value)) Object.assign(copy, { [key]: withoutPasswordsWithin(item, depth + 1, copies) })
  return copy
}
