import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import autocannon from 'autocannon'
import { migrate } from '../test/support/app'
import { Postgres, Redis } from '../test/support/services'
import { bareApplication } from './bare'
import { MeasuredServer } from './server'

/**
 * `npm run bench`: this application against the same pages in a bare Next.js application (no platform folder: default
 * caches, a plain pool, no gate, no metrics), after `npm run build`. Each launch starts both anew, because V8 compiles
 * no two processes alike; within it they take turns of a second, so that both see the same disturbances. What is
 * printed are medians, and the median of the ratios of each pair of turns. The 99th percentile is that of all the turns
 * of a launch together: a second of a dynamic page has only five requests beyond it.
 */
const launches = Number(process.env.BENCH_LAUNCHES ?? 5)
const turns = Number(process.env.BENCH_TURNS ?? 6)
const routes = { static: '/about', isr: '/topics/fix', dynamic: '/', api: '/api/health' }
const platform = '.next/standalone'

const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number
const median = (values: number[]) => quantile(values, 0.5)

/** Pairs of one figure, and how to print it. */
class Figure {
  private readonly pairs: Array<[ours: number, bare: number]> = []
  constructor(
    private readonly name: string,
    private readonly digits = 0,
  ) {}

  add(ours: number, bare: number) {
    this.pairs.push([ours, bare])
  }

  toString() {
    const column = (value: number, digits = this.digits) => value.toFixed(digits).padStart(10)
    const ratio = median(this.pairs.map(([ours, bare]) => ours / bare))
    return `${this.name.padEnd(28)}${column(median(this.pairs.map(([ours]) => ours)))}${column(median(this.pairs.map(([, bare]) => bare)))}${column(ratio, 2)}x`
  }
}

async function load(server: MeasuredServer, path: string, seconds: number) {
  const before = server.cpuMs
  const latencies: number[] = []
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url: server.origin + path, connections: 20, duration: seconds }
    autocannon(options, (error, done) => (error ? reject(error) : resolve(done))).on('response', (_client, _status, _bytes, ms) =>
      latencies.push(ms),
    )
  })
  const failed = result.non2xx + result.errors
  if (failed > 0) throw new Error(`${server.origin}${path}: ${failed} requests failed`)
  return {
    rate: result.requests.average,
    latencies,
    cpuMs: (server.cpuMs - before) / result.requests.total,
  }
}

const [postgres, redis] = [await Postgres.start(), await Redis.start()]
try {
  const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url }
  await migrate(settings, '--seed')
  const bare = bareApplication()
  // Each server that ran here since the build has added to the compiled code; an image has what the build left.
  rmSync(`${platform}/.compiled`, { recursive: true, force: true })
  execFileSync(process.execPath, ['.next/warm-up.mjs', platform], { stdio: 'inherit' })

  const startUp = new Figure('start-up ms')
  const resident = new Figure('resident MB after the load')
  const figures = Object.entries(routes).map(([kind, path]) => ({
    path,
    rate: new Figure(`${kind} requests/s`),
    cpuMs: new Figure(`${kind} CPU ms a request`, 2),
    p99: new Figure(`${kind} p99 ms`, 1),
  }))

  for (let launch = 0; launch < launches; launch++) {
    const folders = launch % 2 === 0 ? [platform, bare] : [bare, platform]
    const started = [
      await MeasuredServer.start(folders[0] as string, settings),
      await MeasuredServer.start(folders[1] as string, settings),
    ]
    const servers = (launch % 2 === 0 ? started : started.toReversed()) as [MeasuredServer, MeasuredServer]
    startUp.add(servers[0].startMs, servers[1].startMs)
    for (const { path, ...measured } of figures) {
      for (const server of servers) await load(server, path, 2)
      const latencies: [ours: number[], bare: number[]] = [[], []]
      for (let turn = 0; turn < turns; turn++) {
        const first = await load(servers[turn % 2 === 0 ? 0 : 1], path, 1)
        const second = await load(servers[turn % 2 === 0 ? 1 : 0], path, 1)
        const [ours, plain] = turn % 2 === 0 ? [first, second] : [second, first]
        for (const key of ['rate', 'cpuMs'] as const) measured[key].add(ours[key], plain[key])
        latencies[0].push(...ours.latencies)
        latencies[1].push(...plain.latencies)
      }
      measured.p99.add(quantile(latencies[0], 0.99), quantile(latencies[1], 0.99))
    }
    resident.add(servers[0].residentMb, servers[1].residentMb)
    await Promise.all(servers.map((server) => server.stop()))
  }

  console.log(`\nNode ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`)
  console.log(`${launches} launches, ${turns} turns of 1 s for each route, 20 connections\n`)
  console.log(`${''.padEnd(28)}${'platform'.padStart(10)}${'bare'.padStart(10)}${'ratio'.padStart(10)}`)
  for (const { rate, cpuMs, p99 } of figures) for (const figure of [rate, cpuMs, p99]) console.log(String(figure))
  console.log(`${startUp}\n${resident}`)
  const size = (folder: string) => Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]) / 1024
  const output = new Figure('standalone output MB')
  output.add(size(platform), size(bare))
  console.log(String(output))
} finally {
  await redis.remove()
  postgres.remove()
}
process.exit(0)
