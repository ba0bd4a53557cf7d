import { readdir } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'

/** What Next.js emits below .next/static; a browser refuses a script or a stylesheet of another type. */
const types: Record<string, string> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** As the server answers for the same file: names carry a hash, so an answer never changes. */
export const staticHeaders = (file: string) => ({
  ContentType: types[extname(file).toLowerCase()] ?? 'application/octet-stream',
  CacheControl: 'public, max-age=31536000, immutable',
})

/** Paths relative to `folder`. Source maps are for error tracking, never for the public. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
