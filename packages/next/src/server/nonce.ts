import { randomBytes } from 'node:crypto'

/** 144 bits, of which CSP asks for 128, fill 24 characters. Made in hundreds: that costs little more than one. */
const nonces = { text: '', used: 0 }

export function createNonce(): string {
  if (nonces.used === nonces.text.length) Object.assign(nonces, { text: randomBytes(18 * 256).toString('base64'), used: 0 })
  nonces.used += 24
  return nonces.text.slice(nonces.used - 24, nonces.used)
}
