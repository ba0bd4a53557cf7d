import type { NextConfig } from 'next'
import type { Directive, Policy } from '../server/policy.js'

const files: readonly Directive[] = ['script-src', 'style-src', 'font-src', 'img-src', 'media-src', 'connect-src']

/** Other origins that browsers are sent to by the configuration itself: `assetPrefix` for files, `images.path` for pictures. */
export function withFrameworkOrigins(
  policy: Policy,
  { assetPrefix, images }: Pick<NextConfig, 'assetPrefix' | 'images'>,
): Policy {
  const widened: Record<string, readonly string[]> = { ...policy }
  const add = (directives: readonly Directive[], address: string | undefined) => {
    const source = sourceOf(address)
    if (source) for (const name of directives) widened[name] = [...new Set([...(widened[name] ?? []), source])]
  }
  add(files, assetPrefix)
  add(['img-src'], images?.path)
  return widened
}

/** Of what names a host; a path is on this site. `//cdn.example.com` has the scheme of the page, as a source without one. */
function sourceOf(address = ''): string | undefined {
  if (!/^(https?:)?\/\//.test(address) || !URL.canParse(address, 'https://localhost')) return undefined
  const { origin, host } = new URL(address, 'https://localhost')
  return address.startsWith('//') ? host : origin
}
