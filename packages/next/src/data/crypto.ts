import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { needs } from '../env.js'

/** The one in use first; after it the one that is accepted besides, while a rotation goes on. */
function encryptionKeys(): [Buffer, ...Buffer[]] {
  const { ENCRYPTION_KEY, ENCRYPTION_KEY_FALLBACK } = needs('slipway:part:secrets')
  return [ENCRYPTION_KEY as string, ENCRYPTION_KEY_FALLBACK].flatMap((key) => (key ? [Buffer.from(key, 'base64')] : [])) as [
    Buffer,
    ...Buffer[],
  ]
}

function authSecrets(): [string, ...string[]] {
  const { AUTH_SECRET, AUTH_SECRET_FALLBACK } = needs('slipway:part:secrets')
  return [AUTH_SECRET as string, ...(AUTH_SECRET_FALLBACK ? [AUTH_SECRET_FALLBACK] : [])]
}

/** AES-256-GCM with a fresh nonce: nonce, tag and ciphertext in one base64url string. */
export function seal(text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', encryptionKeys()[0], nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

export function unseal(text: string): string {
  const [key, fallback] = encryptionKeys()
  try {
    return unsealWith(key, text)
  } catch (error) {
    if (fallback === undefined) throw error
    return unsealWith(fallback, text)
  }
}

/** The same value under the key in use: to go through what was sealed with the previous one. */
export function reseal(text: string): string {
  try {
    unsealWith(encryptionKeys()[0], text)
    return text
  } catch {
    return seal(unseal(text))
  }
}

function unsealWith(key: Buffer, text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** Finds a sealed value again without unsealing every row. */
export const blindIndex = (text: string) => blindIndexes(text)[0]

/** The same by every key that is accepted, the one in use first: to look for rows, of which some may be from before. */
export const blindIndexes = (text: string) =>
  encryptionKeys().map((key) => createHmac('sha256', key).update(`index:${text}`).digest('base64url')) as [string, ...string[]]

export const randomToken = () => randomBytes(32).toString('base64url')

/** Tokens are stored as hashes keyed with AUTH_SECRET: a copy of the database signs nobody in. */
export const tokenHash = (token: string) => tokenHashes(token)[0]

/** The same by every secret that is accepted, the one in use first: a session from before a rotation is found by it. */
export const tokenHashes = (token: string) =>
  authSecrets().map((secret) => createHmac('sha256', secret).update(token).digest('base64url')) as [string, ...string[]]

export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left as Buffer, right as Buffer)
}
