import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { NextAdapter } from 'next'
import type { Policy } from '../server/policy.js'
import { isPart, type Part } from '../variables.js'
import { type BuildDescription, descriptionFile, type Rendering, type Route } from './description.js'
import { withFrameworkOrigins } from './framework-origins.js'
import { withFrameworkStyles } from './framework-styles.js'
import { managerProblems } from './project.js'
import { proxyProblems } from './proxy-files.js'

type BuildComplete = Parameters<NonNullable<NextAdapter['onBuildComplete']>>[0]
type Outputs = BuildComplete['outputs']

/**
 * The deployment adapter: NEXT_ADAPTER_PATH names this file while Next.js builds. Next.js' own standalone output is the
 * base; beside it comes a server with everything that production wants (assemble.ts).
 */
const adapter: NextAdapter = {
  name: '@slipway/next',

  modifyConfig(config, { phase, nextVersion }) {
    if (phase !== 'phase-production-build') return config
    if (!isNewEnough(nextVersion))
      throw new Error(
        `@slipway/next needs Next.js 16.2 or newer; this is ${nextVersion}. Older versions deploy as a plain image: docs/bring-your-app.md#a-plain-image`,
      )
    if (config.output === 'export')
      throw new Error(
        "output: 'export' writes files and no server. Remove it, or serve the files from a plain image: docs/bring-your-app.md#a-plain-image",
      )
    const problems = [...proxyProblems(process.cwd(), config.pageExtensions), ...managerProblems(process.cwd())]
    if (problems.length > 0) throw new Error(problems.join('\n'))
    process.env.SLIPWAY_BUILD_ID ??= process.env.DEPLOYMENT_ID || randomUUID().slice(0, 8)
    const buildId = process.env.SLIPWAY_BUILD_ID
    return withImmutableAssets({
      ...config,
      output: 'standalone',
      poweredByHeader: false,
      generateEtags: false, // see entity-tag.ts
      // The CDN or proxy in front compresses; doing it twice costs CPU and breaks streaming through nginx.
      compress: false,
      // Skew protection: a page of an older build asks with its own id and reloads when it must.
      deploymentId: process.env.DEPLOYMENT_ID || config.deploymentId,
      generateBuildId: () => buildId,
      // Memory and Redis are caches.ts; Next.js' own would be a second copy in each process. The file system is read-only.
      cacheMaxMemorySize: 0,
      images: { ...config.images, maximumDiskCacheSize: 0 },
      experimental: { ...config.experimental, imgOptMaxInputPixels: mostPixels(config.experimental?.imgOptMaxInputPixels) },
      outputFileTracingExcludes: {
        ...config.outputFileTracingExcludes,
        '*': [...(config.outputFileTracingExcludes?.['*'] ?? []), ...unread],
      },
    })
  },

  onBuildComplete(build) {
    const description = describe(build)
    writeFileSync(join(build.distDir, descriptionFile), JSON.stringify(description, null, 2))
    // Next.js writes the standalone output after this; what comes beside it has to wait for that.
    process.on('exit', (code) => {
      if (code !== 0) return
      const { status } = spawnSync(
        process.execPath,
        [join(import.meta.dirname, 'assemble.js'), build.projectDir, build.distDir],
        {
          stdio: 'inherit',
        },
      )
      if (status !== 0) process.exitCode = status ?? 1
    })
  },
}

export default adapter

/** What Next.js and others trace but this server never reads: for the build, for edge functions, for browsers. */
const unread = [
  'node_modules/next/dist/server/capsize-font-metrics.json',
  'node_modules/next/dist/server/dev/hot-reloader-{rspack,turbopack,webpack}.js',
  'node_modules/next/dist/compiled/{@mswjs,conf,tar,watchpack}/**',
  'node_modules/next/dist/compiled/next-server/*-experimental.runtime.prod.js',
  'node_modules/sharp/**/*.d.{cts,mts}',
  'node_modules/{sonic-boom,thread-stream}/test/**',
]

/**
 * A picture above this many pixels is sent as it is: decoding one of 268 million, the default of Next.js, can take more
 * memory than a container has. 50 million are what telephones take. A number that the application sets is kept.
 */
const mostPixels = (set = 268_402_689) => (set === 268_402_689 ? 50_000_000 : set)

type Config = Parameters<NonNullable<NextAdapter['modifyConfig']>>[0]

/**
 * Files whose name is made of their content are asked for without `?dpl=`, so that browsers do not fetch again what a release
 * has not changed. Next.js takes that back for the standalone output, "which is currently using a non-adapter codepath", in
 * a step after this one; its server has no part in it but to leave `?dpl=` out, and CDN and bucket keep files of earlier
 * releases. Only Turbopack names files so; `--webpack` leaves the variable unset.
 */
function withImmutableAssets(config: Config): Config {
  if (!process.env.TURBOPACK || !config.deploymentId || config.supportsImmutableAssets === false) return config
  return Object.defineProperty(config, 'supportsImmutableAssets', {
    enumerable: true,
    configurable: true,
    get: () => true,
    set: () => {},
  })
}

function isNewEnough(version: string) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 16 || (major === 16 && minor >= 2)
}

export function describe(build: BuildComplete): BuildDescription {
  const { config, outputs } = build
  const { basePath } = config
  const below = (path: string) => (basePath && path.startsWith(basePath) ? path.slice(basePath.length) || '/' : path)
  const prerendered: Record<string, Rendering> = {}
  for (const page of outputs.prerenders)
    if (page.routeType === 'page' && page.response !== 'empty') prerendered[below(page.pathname)] = renderingOf(page)
  for (const { pathname, filePath } of outputs.staticFiles)
    if (filePath.endsWith('.html')) prerendered[below(pathname)] = 'static'
  return {
    buildId: build.buildId,
    nextVersion: build.nextVersion,
    basePath,
    // The default comes first.
    locales: [...new Set([config.i18n?.defaultLocale ?? [], config.i18n?.locales ?? []].flat())],
    hosts: (config.i18n?.domains ?? []).map(({ domain }) => domain),
    appFolder: relative(config.outputFileTracingRoot ?? build.projectDir, build.projectDir) || '.',
    distDir: relative(build.projectDir, build.distDir),
    routes: [...routesOf(build, below)],
    prerendered,
    uses: partsUsed(join(build.distDir, 'server')),
    middleware: outputs.middleware !== undefined,
    // withSlipway leaves it there; without that, the application has none of its own.
    policy: withFrameworkStyles(withFrameworkOrigins(JSON.parse(config.env?.SLIPWAY_POLICY ?? '{}') as Policy, config), {
      project: build.projectDir,
      inlineCss: config.experimental?.inlineCss,
    }),
  }
}

function* routesOf({ outputs, routing }: BuildComplete, below: (path: string) => string): Generator<Route> {
  const seen = new Set<string>()
  const regexOf = (route: string) =>
    routing.dynamicRoutes
      .filter(({ source, destination }) => source === route && !destination?.includes('/_next/data/'))
      .map(({ sourceRegex }) => sourceRegex)
      .at(-1)
  const groups = [
    ['page', outputs.pages],
    ['page', outputs.appPages],
    ['api', outputs.pagesApi],
    ['api', outputs.appRoutes],
    ['page', outputs.staticFiles.filter(({ filePath }) => filePath.endsWith('.html'))],
  ] as const
  for (const [kind, list] of groups)
    for (const { pathname } of list) {
      const route = below(pathname)
      if (seen.has(route) || /\.rsc$|^\/_next\/data\/|\/_error$/.test(route)) continue
      seen.add(route)
      yield {
        route,
        kind,
        rendering: renderingOfRoute(route, outputs, below),
        regex: route.includes('[') ? regexOf(route) : undefined,
      }
    }
}

/** Of the path itself, or, where the route has parameters, of paths that the build did not know. */
function renderingOfRoute(route: string, { prerenders, staticFiles }: Outputs, below: (path: string) => string): Rendering {
  // The page of an unknown path is kept as 404.html.
  if (route === '/_not-found') return staticFiles.some(({ pathname }) => below(pathname) === '/404') ? 'static' : 'dynamic'
  if (staticFiles.some(({ filePath, pathname }) => filePath.endsWith('.html') && below(pathname) === route)) return 'static'
  const primary = prerenders.find(({ pathname, routeType }) => routeType && below(pathname) === route)
  if (primary) return renderingOf(primary)
  // A route with parameters of which some are prerendered keeps the others too, once they have been asked for.
  return prerenders.some((page) => page.route === route && page.routeType) ? 'static' : 'dynamic'
}

/** What is rendered on demand and then kept ('blocking') is static to its second visitor. */
const renderingOf = ({ compute, config }: Outputs['prerenders'][number]): Rendering =>
  compute === 'resuming'
    ? 'partial'
    : compute === 'blocking' && config.renderingMode === 'PARTIALLY_STATIC'
      ? 'partial'
      : 'static'

/** Parts leave a mark where they need settings (`needs` in env.ts); what is in the build's code is used. */
function partsUsed(folder: string): Part[] {
  const used = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue
    for (const [, part = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/slipway:part:(\w+)/g)) used.add(part)
  }
  return [...used].filter(isPart).sort()
}
