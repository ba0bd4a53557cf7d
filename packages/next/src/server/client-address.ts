import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { log } from '../observe/log.js'

/**
 * The address of a visitor as the outermost proxy that is ours saw it. Each proxy appends the address it was called
 * from to `X-Forwarded-For`; whatever stands before is the visitor's own claim. So with one proxy the last entry counts,
 * with a CDN before a load balancer the last but one, and without a proxy none of them.
 */
export function addressSeen(forwardedFor: string | string[] | undefined, peer: string | undefined, proxies: number): string {
  const direct = normalize(peer ?? '') ?? 'unknown'
  if (proxies === 0) return direct
  const entries = [forwardedFor].flat().join(',').split(',')
  const seen = entries.at(-proxies)
  // Fewer entries than proxies: somebody came past one of them. Nothing that such a caller says counts.
  return (seen && normalize(seen)) || direct
}

/** Without port, brackets and zone; IPv4 in IPv6 as IPv4, so that one visitor has one name. */
function normalize(text: string): string | undefined {
  let address = text.trim()
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(address)
  if (bracketed) address = bracketed[1] as string
  else if (/^[\d.]+:\d+$/.test(address)) address = address.slice(0, address.indexOf(':'))
  address = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(address) === 0 ? undefined : address.toLowerCase()
}

/** What limits are counted by: one household or one server has a whole /64 of IPv6. */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::') as [string, string?]
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

export const clientAddressOf = ({ headers, socket }: IncomingMessage, proxies: number) =>
  addressSeen(headers['x-forwarded-for'], socket.remoteAddress, proxies)

const privateAddress = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd]|fe80:)/i
let warned = false

/** A proxy stands in front that nobody told of: then all visitors have its address, and no limit may count by that. */
export function proxiesUnknown({ headers, socket }: IncomingMessage, proxies: number): boolean {
  if (proxies > 0 || headers['x-forwarded-for'] === undefined) return false
  if (!privateAddress.test((socket.remoteAddress ?? '').replace(/^::ffff:/, ''))) return false
  if (!warned) log().warn('X-Forwarded-For is ignored: set TRUSTED_PROXIES to the number of proxies in front of this server')
  warned = true
  return true
}

/**
 * The visitor's address, in a Route Handler, a Server Action or the proxy. The server has written it there: whatever the
 * visitor sent in this header is gone.
 *
 * @example clientAddress(await headers())
 */
export const clientAddress = (headers: { get: (name: string) => string | null }): string =>
  // Vercel writes the header itself and has no server of ours in front.
  headers.get('x-real-ip') ?? headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'unknown'
