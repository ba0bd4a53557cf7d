import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const extensionsOf = (given: string[] | undefined) => given ?? ['tsx', 'ts', 'jsx', 'js']

/** Next.js runs one proxy. Where two files claim to be it, one of them, perhaps the one that checks sign-in, would be silent. */
export function proxyProblems(folder: string, pageExtensions?: string[]): string[] {
  const found = ['', 'src/'].flatMap((below) =>
    ['proxy', 'middleware'].flatMap((name) =>
      extensionsOf(pageExtensions)
        .flatMap((extension) => [extension, `vercel.${extension}`])
        .map((extension) => `${below}${name}.${extension}`)
        .filter((file) => existsSync(join(folder, file))),
    ),
  )
  if (found.length < 2) return []
  return [
    `${found.join(' and ')}: only one of them would run. Keep one; on Vercel it wraps its function: export const proxy = withPolicy(yours), from @slipway/next/proxy`,
  ]
}
