import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

interface PackageJson {
  name?: string
  packageManager?: string
  scripts?: Record<string, string>
  workspaces?: string[] | { packages?: string[] }
}

export const readPackage = (folder: string): PackageJson =>
  existsSync(join(folder, 'package.json')) ? (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson) : {}

/** The folder further up whose workspace the application belongs to; undefined when it stands alone. */
export function workspaceRoot(project: string): string | undefined {
  for (let folder = dirname(project); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder
    const { workspaces } = readPackage(folder)
    const patterns = Array.isArray(workspaces) ? workspaces : workspaces?.packages
    if (patterns?.some((pattern) => globSync(pattern, { cwd: folder }).includes(relative(folder, project)))) return folder
  }
  return undefined
}

export interface Manager {
  name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  /** Installs exactly what the lock file says. */
  install: string
  /** How the command gets into an image that has Node.js and npm; undefined for npm. */
  setup?: string
  /** Where it keeps what it has downloaded. */
  cache: string
}

/** By the lock file, of the workspace or of the folder itself, or by `packageManager`; npm when nothing says otherwise. */
export function managerOf(project: string): Manager {
  const root = workspaceRoot(project) ?? project
  const has = (file: string) => existsSync(join(root, file))
  const [named, version] = (readPackage(root).packageManager ?? '').split(/[@+]/)
  const exact = version ? `@${version}` : ''
  if (named === 'pnpm' || has('pnpm-lock.yaml'))
    return {
      name: 'pnpm',
      install: has('pnpm-lock.yaml') ? 'pnpm install --frozen-lockfile' : 'pnpm install',
      setup: `npm install --global pnpm${exact || '@10'}`,
      cache: '/root/.local/share/pnpm/store',
    }
  if (named === 'yarn' || has('yarn.lock')) {
    const modern = has('.yarnrc.yml') || /^[2-9]/.test(version ?? '')
    return {
      name: 'yarn',
      install: modern ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
      setup: modern
        ? `npm install --global @yarnpkg/cli-dist${exact || '@4'}`
        : `npm install --global yarn${exact || '@1'} --force`,
      cache: modern ? '/root/.yarn/berry/cache' : '/usr/local/share/.cache/yarn',
    }
  }
  if (named === 'bun' || has('bun.lock') || has('bun.lockb'))
    return {
      name: 'bun',
      install: 'bun install --frozen-lockfile',
      setup: `npm install --global bun${exact || '@1'}`,
      cache: '/root/.bun/install/cache',
    }
  return { name: 'npm', install: has('package-lock.json') ? 'npm ci' : 'npm install', cache: '/root/.npm' }
}

/** Next.js copies what a build needs out of node_modules; Yarn's Plug'n'Play has none. */
export function managerProblems(project: string): string[] {
  const found = [...new Set([project, workspaceRoot(project) ?? project])]
    .flatMap((folder) => ['.pnp.cjs', '.pnp.js'].map((file) => join(folder, file)))
    .find(existsSync)
  if (!found) return []
  return [
    `${found}: Yarn's Plug'n'Play leaves no node_modules, which the output of a build is copied from. Put "nodeLinker: node-modules" into .yarnrc.yml, then run yarn install`,
  ]
}
