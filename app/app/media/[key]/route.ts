import { isKey, storage } from '@slipway/next/storage'

/** Pictures people uploaded, re-encoded by us. A key never gets other content, so browsers and CDN may keep it. */
export async function GET(_: Request, { params }: RouteContext<'/media/[key]'>) {
  const { key } = await params
  const picture = isKey(key) ? await storage().get(key) : undefined
  if (!picture) return new Response('Not found\n', { status: 404, headers: { 'cache-control': 'no-store' } })
  return new Response(new Uint8Array(picture), {
    headers: {
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })
}
