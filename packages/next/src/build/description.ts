import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '../server/policy.js'
import type { Part } from '../variables.js'

/** How a page or route gets its answer: kept, a kept shell with parts made for each request, or all of it for each request. */
export type Rendering = 'static' | 'partial' | 'dynamic'

export interface Route {
  /** As Next.js names it: `/entries/[slug]`. */
  route: string
  kind: 'page' | 'api'
  /** Of paths that the build has not prerendered. */
  rendering: Rendering
  /** What paths of a dynamic route look like, below the base path. */
  regex?: string
}

/** What a build tells the server that runs it. The adapter writes it from Next.js' typed outputs. */
export interface BuildDescription {
  buildId: string
  nextVersion: string
  basePath: string
  locales: string[]
  /** Hosts that have a language of their own: `i18n.domains`. */
  hosts: string[]
  /** Where the application is in the output: `.`, or `apps/web` in a workspace. */
  appFolder: string
  distDir: string
  routes: Route[]
  /** Paths that the build prerendered. */
  prerendered: Record<string, Rendering>
  /** Parts of this package that the application's code uses, and so must be configured. */
  uses: Part[]
  middleware: boolean
  /** Sources that the application adds to the Content-Security-Policy. */
  policy: Policy
}

export const descriptionFile = 'slipway.json'

export const readDescription = (folder: string) =>
  JSON.parse(readFileSync(join(folder, descriptionFile), 'utf8')) as BuildDescription
