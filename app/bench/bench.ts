import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { migrate, planted } from '../test/support/app'
import { freePort, Postgres, Redis } from '../test/support/services'

/**
 * `npm run bench`: this application against the same pages in a bare Next.js
 * application (no platform folder: default caches, `pg` without a pool of ours,
 * no gate, no metrics), on the same machine, taking turns so that both see the
 * same disturbances. Build first; the bare one is built here, once.
 */
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const routes = { static: '/about', isr: '/topics/fix', dynamic: '/', api: '/api/health' }
const bare = '.next/bench-bare'

interface Side {
  name: string
  folder: string
  entry: string
}
const sides: [Side, Side] = [
  { name: 'platform', folder: '.next/standalone', entry: 'server.js' },
  { name: 'bare', folder: `${bare}/.next/standalone`, entry: 'server.js' },
]

/** The same pages and components; what they import from the platform is replaced by the plainest thing that works. */
function makeBare() {
  rmSync(bare, { recursive: true, force: true })
  mkdirSync(`${bare}/platform`, { recursive: true })
  for (const part of ['app', 'ui', 'logbook', 'db', 'public', 'tsconfig.json', 'package.json'])
    cpSync(part, `${bare}/${part}`, { recursive: true })
  for (const gone of [
    'app/write',
    'app/account',
    'app/sign-in',
    'app/entries/[slug]/edit',
    'app/media',
    'app/api/ready',
    'app/api/vitals',
    'app/status',
    'app/feed.xml',
    'logbook/write.ts',
    'logbook/sessions.ts',
    'logbook/sign-in.ts',
    'ui/entry-form.tsx',
    'ui/sign-in-form.tsx',
    'db/seed.ts',
  ])
    rmSync(`${bare}/${gone}`, { recursive: true, force: true })
  const plain: Record<string, string> = {
    'env.ts': `export const env = () => ({ CACHE_TTL: 300, AUTH_URL: 'http://localhost:3000', SENTRY_DSN: undefined as string | undefined })`,
    'database.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from '../db/schema'
let database: ReturnType<typeof drizzle<typeof schema>> | undefined
export const read = <T>(run: (database: ReturnType<typeof drizzle<typeof schema>>) => Promise<T>, _?: unknown) =>
  run((database ??= drizzle(process.env.DATABASE_URL as string, { schema, casing: 'snake_case' })))`,
    'read-your-writes.ts': `export { read as readForVisitor } from './database'`,
    'browser-errors.ts': `export const reportError = (error: unknown) => console.error(error)`,
  }
  for (const [name, text] of Object.entries(plain)) writeFileSync(`${bare}/platform/${name}`, text)
  writeFileSync(
    `${bare}/next.config.ts`,
    `export default { output: 'standalone', typedRoutes: true, outputFileTracingRoot: '${process.cwd()}/${bare}', turbopack: { root: '${process.cwd()}/${bare}' }, serverExternalPackages: ['pg'], experimental: { useCache: true }, typescript: { ignoreBuildErrors: true } }`,
  )
  execFileSync('cp', ['-al', 'node_modules', `${bare}/node_modules`])
  // Its own binary: with this folder's, two copies of React would meet.
  execFileSync('node_modules/.bin/next', ['build'], { cwd: bare, stdio: 'inherit' })
  cpSync(`${bare}/.next/static`, `${bare}/.next/standalone/.next/static`, { recursive: true })
}

async function start(side: Side, settings: Record<string, string>) {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [side.entry], {
    cwd: side.folder,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(await freePort()),
      SHUTDOWN_DELAY_SECONDS: '0',
      LOG_LEVEL: 'info',
      MAX_CONCURRENT_REQUESTS: '1000',
      ...planted,
      ...settings,
    } as NodeJS.ProcessEnv,
  })
  const origin = `http://127.0.0.1:${port}`
  while (
    !(await fetch(origin + routes.api).then(
      (response) => response.ok,
      () => false,
    ))
  )
    await sleep(5)
  return {
    origin,
    child,
    startMs: performance.now() - began,
    stop: () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')),
  }
}

/** Processor time used so far: unlike throughput it does not depend on who else uses the machine. */
function cpuMs(pid: number) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
const residentMb = (pid: number) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

const [postgres, redis] = [await Postgres.start(), await Redis.start()]
try {
  const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url }
  await migrate(settings, '--seed')
  if (!existsSync(`${bare}/.next/standalone/server.js`)) makeBare()

  const started: Record<string, number[]> = { platform: [], bare: [] }
  for (let round = 0; round < 5; round++)
    for (const side of sides) {
      const server = await start(side, settings)
      started[side.name]?.push(server.startMs)
      await server.stop()
    }

  const servers = { platform: await start(sides[0], settings), bare: await start(sides[1], settings) }
  const rate: Record<string, { platform: number[]; bare: number[] }> = {}
  const cost: Record<string, { platform: number[]; bare: number[] }> = {}
  const slow: Record<string, { platform: number[]; bare: number[] }> = {}
  for (const [kind, path] of Object.entries(routes)) {
    rate[kind] = { platform: [], bare: [] }
    slow[kind] = { platform: [], bare: [] }
    cost[kind] = { platform: [], bare: [] }
    for (let round = -1; round < rounds; round++)
      for (const name of ['platform', 'bare'] as const) {
        const before = cpuMs(servers[name].child.pid as number)
        const result = await autocannon({ url: servers[name].origin + path, connections: 20, duration: round < 0 ? 2 : seconds })
        if (result.non2xx > 0 || result.errors > 0)
          throw new Error(`${name} ${path}: ${result.non2xx} refused, ${result.errors} errors`)
        if (round < 0) continue // warming up
        rate[kind][name].push(result.requests.average)
        slow[kind]?.[name].push(result.latency.p99)
        cost[kind]?.[name].push((cpuMs(servers[name].child.pid as number) - before) / result.requests.total)
      }
  }

  const line = (what: string, platform: number, plain: number, digits = 0) =>
    console.log(
      `${what.padEnd(28)}${platform.toFixed(digits).padStart(10)}${plain.toFixed(digits).padStart(10)}${(platform / plain).toFixed(2).padStart(9)}x`,
    )
  console.log(`\n${''.padEnd(28)}${'platform'.padStart(10)}${'bare'.padStart(10)}${'ratio'.padStart(10)}`)
  for (const kind of Object.keys(routes)) {
    line(`${kind} requests/s`, median(rate[kind]?.platform ?? []), median(rate[kind]?.bare ?? []))
    line(`${kind} CPU ms a request`, median(cost[kind]?.platform ?? []), median(cost[kind]?.bare ?? []), 2)
    line(`${kind} p99 ms`, median(slow[kind]?.platform ?? []), median(slow[kind]?.bare ?? []))
  }
  line('start-up ms', median(started.platform ?? []), median(started.bare ?? []))
  line(
    'resident MB after the load',
    residentMb(servers.platform.child.pid as number),
    residentMb(servers.bare.child.pid as number),
  )
  const size = (folder: string) => Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0])
  line('standalone output MB', size(sides[0].folder), size(sides[1].folder))
  await Promise.all([servers.platform.stop(), servers.bare.stop()])
} finally {
  await redis.remove()
  postgres.remove()
}
process.exit(0)
