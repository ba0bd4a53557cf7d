import { randomUUID } from 'node:crypto'
import { storage } from './storage.js'

const largestBytes = 5 * 1024 * 1024
const largestPixels = 40_000_000

export class UploadRefused extends Error {}

/**
 * Stores a picture somebody sent. What it is, is decided by decoding it, not by
 * its name or type; encoding it again drops location, comments and anything
 * hidden behind the picture.
 */
export async function storePicture(file: File): Promise<{ key: string; width: number; height: number }> {
  if (file.size > largestBytes) throw new UploadRefused('The picture is larger than 5 MB.')
  const { default: sharp } = await import('sharp')
  let picture: { data: Buffer; info: { width: number; height: number } }
  try {
    const image = sharp(Buffer.from(await file.arrayBuffer()), { limitInputPixels: largestPixels })
    const { format } = await image.metadata()
    if (!format || !['jpeg', 'png', 'webp', 'avif', 'heif', 'gif'].includes(format)) throw new Error('not an accepted format')
    picture = await image
      .rotate()
      .resize({ width: 2000, height: 2000, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true })
  } catch {
    throw new UploadRefused('This file is not a picture we can read. JPEG, PNG, WebP and AVIF work.')
  }
  const key = `${randomUUID()}.webp`
  await storage().put(key, picture.data, 'image/webp')
  return { key, width: picture.info.width, height: picture.info.height }
}
