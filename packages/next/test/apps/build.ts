import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { commands } from './guide.js'

const folder = process.env.SLIPWAY_APPS_FOLDER ?? '/tmp/slipway-apps'
const tools = join(folder, '.tools')
const fixtures = new URL('fixtures/', import.meta.url).pathname

/** Package managers that a machine may lack, of the major versions that the Dockerfile of `init` takes. */
export async function prepareManagers() {
  mkdirSync(folder, { recursive: true })
  if (['pnpm', 'yarn', 'bun'].every((name) => existsSync(join(tools, 'node_modules/.bin', name)))) return
  mkdirSync(tools, { recursive: true })
  writeFileSync(join(tools, 'package.json'), '{"private":true,"allowScripts":{"bun":true}}')
  await run('npm install --no-audit --no-fund pnpm@10 yarn@1 bun@1', tools, {})
}

/** The oldest version of Node.js that this package takes, from npm. */
export async function oldestNode(): Promise<string> {
  const at = join(folder, '.node-22')
  const node = join(at, 'node_modules/node/bin/node')
  if (!existsSync(node)) {
    mkdirSync(at, { recursive: true })
    writeFileSync(join(at, 'package.json'), '{"private":true,"allowScripts":{"node":true}}')
    await run('npm install --no-audit --no-fund node@22', at, {})
  }
  return node
}

export interface Built {
  /** Where the commands left off: the application's folder. */
  folder: string
  standalone: string
  /** Seconds of each command. */
  seconds: Record<string, number>
}

export interface Kind {
  /** A folder of fixtures/, or none for what the commands make themselves. */
  fixture?: string
  /** The application's folder in it. Default: itself */
  below?: string
  /** Whose commands: the word after `sh` in docs/bring-your-app.md, or its heading. */
  guide: string
  /** What there was before the guide: the application's own install. */
  before?: string
  variables?: Record<string, string>
}

/** Brings an application on by the commands of the guide, all but the last one where that starts the server. */
export async function bring(
  name: string,
  registry: string,
  { fixture, below = '.', guide, before, variables = {} }: Kind,
): Promise<Built> {
  const root = join(folder, name)
  const cd = commands(guide).find((command) => command.startsWith('cd '))
  const made = join(root, below, cd?.slice(3) ?? '')
  // While this package alone is worked on: what was built goes on as it is, with the server of today beside it.
  if (process.env.SLIPWAY_APPS_REUSE && existsSync(join(made, '.next/slipway.json'))) {
    await run(`node ${join(process.cwd(), 'dist/build/assemble.js')} ${made} ${join(made, '.next')}`, made, {})
    return { folder: made, standalone: join(made, '.next/standalone'), seconds: {} }
  }
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  if (fixture) cpSync(join(fixtures, fixture), root, { recursive: true })
  writeFileSync(join(root, '.npmrc'), `@slipway:registry=${registry}\n`)
  const environment = { 'npm_config_@slipway:registry': registry, ...variables }
  const seconds: Record<string, number> = {}
  let at = join(root, below)
  const timed = async (command: string) => {
    const started = performance.now()
    await run(command, at, environment)
    seconds[command] = Number(((performance.now() - started) / 1000).toFixed(1))
  }
  if (before) await timed(before)
  for (const command of commands(guide)) {
    if (command.startsWith('cd ')) at = join(at, command.slice(3))
    else if (!command.startsWith('node ')) await timed(command)
  }
  return { folder: at, standalone: join(at, '.next/standalone'), seconds }
}

/** Not synchronously: the registry is served by this very process. */
async function run(command: string, cwd: string, variables: Record<string, string>) {
  const environment: Record<string, string | undefined> = {
    ...process.env,
    NODE_ENV: undefined, // of the test runner
    CI: '1',
    npm_config_yes: 'true', // npx asks before it fetches
    NEXT_TELEMETRY_DISABLED: '1',
    PATH: [join(tools, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    ...variables,
  }
  const child = spawn('bash', ['-c', command], { cwd, env: environment as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${output.slice(-6000)}`)
}
