import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { needs } from '../env.js'

const encryptionKey = () => Buffer.from(needs('slipway:part:secrets').ENCRYPTION_KEY as string, 'base64')

/** AES-256-GCM with a fresh nonce: nonce, tag and ciphertext in one base64url string. */
export function seal(text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

export function unseal(text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(), bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** Finds a sealed value again without unsealing every row. */
export const blindIndex = (text: string) => createHmac('sha256', encryptionKey()).update(`index:${text}`).digest('base64url')

export const randomToken = () => randomBytes(32).toString('base64url')

/** Tokens are stored as hashes keyed with AUTH_SECRET: a copy of the database signs nobody in. */
export const tokenHash = (token: string) =>
  createHmac('sha256', needs('slipway:part:secrets').AUTH_SECRET as string)
    .update(token)
    .digest('base64url')

export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left as Buffer, right as Buffer)
}
