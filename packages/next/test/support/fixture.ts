import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const platform = new URL('../..', import.meta.url).pathname

/**
 * A small application of its own, outside of this package's folder tree as far as Next.js can see: with node_modules of
 * its own and the package in it as npm would install it.
 */
export class Fixture {
  private constructor(
    readonly name: string,
    readonly folder: string,
  ) {}

  /** Copies and builds it; a build of the same sources is used again. */
  static build(name: string, { variant = '', env = {} }: { variant?: string; env?: Record<string, string> } = {}): Fixture {
    const source = join(platform, 'test/apps/fixtures', `gate-${name}`)
    const folder = join(platform, '.fixtures', name + variant)
    const fixture = new Fixture(name, folder)
    const state = stateOf(source, join(platform, 'dist')) + JSON.stringify(env)
    const mark = join(folder, '.built')
    if (process.env.REUSE_BUILDS && existsSync(mark)) return fixture
    if (existsSync(mark) && readFileSync(mark, 'utf8') === state) return fixture
    fixture.copy(source)
    execFileSync(process.execPath, [fixture.command, 'build'], {
      cwd: folder,
      stdio: ['ignore', process.env.SHOW_BUILD ? 'inherit' : 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        PATH: `${folder}/node_modules/.bin:${process.env.PATH}`,
        ...env,
      },
    })
    writeFileSync(mark, state)
    return fixture
  }

  /** Copies it without building: for development. */
  static copy(name: string, variant: string): Fixture {
    const fixture = new Fixture(name, join(platform, '.fixtures', name + variant))
    fixture.copy(join(platform, 'test/apps/fixtures', `gate-${name}`))
    return fixture
  }

  get command() {
    const { bin } = JSON.parse(readFileSync(join(platform, 'package.json'), 'utf8')) as { bin: Record<string, string> }
    return join(this.folder, 'node_modules/@slipway/next', bin['slipway-next'] as string)
  }

  private copy(source: string) {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    cpSync(source, this.folder, { recursive: true })
    // Hard links: a symbolic one would lead Turbopack out of the application.
    execFileSync('cp', ['-al', join(platform, 'node_modules'), join(this.folder, 'node_modules')])
    const installed = join(this.folder, 'node_modules/@slipway/next')
    rmSync(installed, { recursive: true, force: true })
    mkdirSync(installed, { recursive: true })
    for (const part of ['dist', 'package.json']) cpSync(join(platform, part), join(installed, part), { recursive: true })
  }

  /** The built server. */
  start(env: Record<string, string | undefined> = {}) {
    return Running.start(join(this.folder, '.next/standalone'), ['server.js'], env)
  }

  /** `next dev` or `next start`. */
  next(command: 'dev' | 'start', env: Record<string, string | undefined> = {}) {
    return Running.start(this.folder, ['node_modules/next/dist/bin/next', command], {
      NODE_ENV: command === 'dev' ? 'development' : 'production',
      ...env,
    })
  }
}

function stateOf(...folders: string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders) {
    const files = execFileSync('find', [folder, '-type', 'f', '-not', '-name', '*.d.ts'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .sort()
    for (const file of files) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

export class Running {
  output = ''
  private constructor(
    readonly child: ChildProcess,
    readonly port: number,
    readonly metricsPort: number,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += chunk))
  }

  static async start(cwd: string, args: string[], env: Record<string, string | undefined>) {
    const [port, metricsPort] = [await freePort(), await freePort()]
    const child = spawn(process.execPath, args, {
      cwd,
      // `next dev` serves in a process of its own, which outlives the one that is killed.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        HOSTNAME: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        SHUTDOWN_DELAY_SECONDS: '0',
        AUTH_SECRET: 'planted-auth-secret-0123456789abcdef',
        ENCRYPTION_KEY: Buffer.alloc(32, 'planted').toString('base64'),
        DATABASE_URL: 'postgres://127.0.0.1:1/none',
        DATABASE_TLS: 'disable',
        AUTH_URL: `http://127.0.0.1:${port}`,
        ...env,
      } as NodeJS.ProcessEnv,
    })
    const running = new Running(child, port, metricsPort)
    process.on('exit', () => running.kill())
    for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
      if (await answers(port)) return running
      await sleep(50)
    }
    await running.stop()
    throw new Error(`the server did not start:\n${running.output}`)
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`
  }

  get(path: string, init?: RequestInit) {
    return fetch(this.origin + path, { redirect: 'manual', ...init })
  }

  async metric(line: RegExp): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text()
    const found = text.split('\n').filter((each) => line.test(each))
    return found.reduce((sum, each) => sum + Number(each.split(' ').at(-1)), 0)
  }

  /** It and what it started. */
  private kill() {
    try {
      process.kill(-(this.child.pid as number), 'SIGKILL')
    } catch {
      // Gone already.
    }
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.kill()
    await gone
  }
}

/** The development server drops what it was asked while it writes a tsconfig.json. */
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/api/health`, { redirect: 'manual', signal: AbortSignal.timeout(20_000) }).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  )

async function freePort() {
  for (;;) {
    const port = 22_000 + Math.floor(Math.random() * 1000)
    const server = createServer().listen(port, '127.0.0.1')
    const free = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)])
    const taken = (server.address() as AddressInfo | null)?.port
    server.close()
    if (free && taken === port) return port
  }
}
