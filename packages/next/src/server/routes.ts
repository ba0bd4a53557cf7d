import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface RoutesManifest {
  staticRoutes: Array<{ page: string }>
  dynamicRoutes: Array<{ page: string; regex: string }>
}
interface PrerenderManifest {
  routes: Record<string, unknown>
  dynamicRoutes: Record<string, unknown>
}

/** What the build knows about paths. */
export interface Routes {
  /** The route a path belongs to, as a label of metrics: a fixed set, whatever is asked for. */
  labelOf: (path: string) => string
  /** Is it a page that is rendered anew for each request, or one that is rendered once and kept? */
  isRenderedEachTime: (route: string) => boolean
}

export function readRoutes(build: string): Routes {
  const manifest = <T>(name: string) => JSON.parse(readFileSync(join(build, name), 'utf8')) as T
  const { staticRoutes, dynamicRoutes } = manifest<RoutesManifest>('routes-manifest.json')
  const kept = manifest<PrerenderManifest>('prerender-manifest.json')
  const pages = Object.entries(manifest<Record<string, string>>('app-path-routes-manifest.json'))
    .filter(([file]) => file.endsWith('/page'))
    .map(([, route]) => route)
  const renderedEachTime = new Set(pages.filter((route) => !(route in kept.routes) && !(route in kept.dynamicRoutes)))

  const fixed = new Set(staticRoutes.map(({ page }) => page))
  const dynamic = dynamicRoutes.map(({ page, regex }) => ({ page, regex: new RegExp(regex) }))
  return {
    labelOf: (path) => {
      if (path.startsWith('/_next/static/')) return '/_next/static'
      if (path.startsWith('/_next/image')) return '/_next/image'
      if (fixed.has(path)) return path
      return dynamic.find(({ regex }) => regex.test(path))?.page ?? 'other'
    },
    isRenderedEachTime: (route) => renderedEachTime.has(route),
  }
}
