import { readFileSync } from 'node:fs'

interface Manifest {
  staticRoutes: Array<{ page: string; regex: string }>
  dynamicRoutes: Array<{ page: string; regex: string }>
}

/** The route a path belongs to, as a label of metrics: a fixed set, whatever is asked for. */
export function routeLabels(manifestPath: string): (path: string) => string {
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest
  const fixed = new Set(manifest.staticRoutes.map(({ page }) => page))
  const dynamic = manifest.dynamicRoutes.map(({ page, regex }) => ({ page, regex: new RegExp(regex) }))
  return (path) => {
    if (path.startsWith('/_next/static/')) return '/_next/static'
    if (path.startsWith('/_next/image')) return '/_next/image'
    if (fixed.has(path)) return path
    return dynamic.find(({ regex }) => regex.test(path))?.page ?? 'other'
  }
}
