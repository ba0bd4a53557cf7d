import type { BuildDescription, Rendering } from '../build/description.js'

/** What the build knows about paths. */
export interface Routes {
  /** The route a path belongs to, as a label of metrics: a fixed set, whatever is asked for. */
  labelOf: (path: string) => string
  /** Is it a page that is rendered anew for each request, or one that is rendered once and kept? */
  isRenderedEachTime: (route: string) => boolean
  /** How the page of a path is rendered; undefined for what is no page that the build knows. By path: one route may have both. */
  renderingOf: (path: string) => Rendering | undefined
  basePath: string
  /** Has the application a route of its own at this path, below its base path? */
  owns: (path: string) => boolean
}

/** From what the adapter was told when the application was built. Paths are as they arrive: with base path, locale, trailing slash. */
export function createRoutes(build: Pick<BuildDescription, 'basePath' | 'locales' | 'routes' | 'prerendered'>): Routes {
  const { basePath, locales, prerendered } = build
  // The Pages Router with locales calls its first page /index.
  const routes = new Map(build.routes.map((route) => [route.route === '/index' ? '/' : route.route, route]))
  const dynamic = build.routes.flatMap(({ route, regex }) => (regex ? [{ route, regex: new RegExp(regex) }] : []))
  const locale = new Set(locales)

  const split = (path: string) => {
    let rest = basePath && (path === basePath || path.startsWith(`${basePath}/`)) ? path.slice(basePath.length) : path
    const [, first = ''] = locales.length > 0 ? rest.split('/', 2) : []
    const named = locale.has(first) ? first : undefined
    if (named) rest = rest.slice(named.length + 1)
    if (rest.length > 1 && rest.endsWith('/')) rest = rest.slice(0, -1)
    return { named, rest: rest || '/' }
  }
  const bare = (path: string) => split(path).rest
  /** As the build has it where there are locales: always with one in front, the default where the path names none. */
  const withLocale = (path: string) => {
    const { named = locales[0], rest } = split(path)
    return named === undefined ? [] : [`/${named}${rest === '/' ? '' : rest}`]
  }
  const dataRequest = /^\/_next\/data\/[^/]+(\/.*)\.json$/

  const labelOf = (path: string): string => {
    const rest = bare(path)
    if (rest.startsWith('/_next/static/')) return '/_next/static'
    if (rest.startsWith('/_next/image')) return '/_next/image'
    const page = dataRequest.exec(rest)?.[1]
    if (page) return labelOf(page === '/index' ? '/' : page)
    if (routes.has(rest)) return rest
    const full = [rest, ...withLocale(path)].map((each) => basePath + each)
    return dynamic.find(({ regex }) => full.some((each) => regex.test(each)))?.route ?? 'other'
  }

  return {
    basePath,
    labelOf,
    isRenderedEachTime: (route) => {
      const found = routes.get(route)
      return found?.kind === 'page' && found.rendering === 'dynamic'
    },
    renderingOf: (path) => {
      const known = [bare(path), ...withLocale(path)].map((each) => prerendered[each]).find((each) => each !== undefined)
      if (known) return known
      const found = routes.get(labelOf(path))
      return found?.kind === 'page' ? found.rendering : undefined
    },
    owns: (path) => routes.has(bare(path)),
  }
}
