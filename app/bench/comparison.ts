import autocannon from 'autocannon'
import type { MeasuredServer } from './server'

export const routes = { static: '/about', isr: '/topics/fix', dynamic: '/', api: '/api/health' }
type Pair<T> = [ours: T, bare: T]

const turns = Number(process.env.BENCH_TURNS ?? 4)
const [warmUpSeconds, measuredSeconds] = [3, 2]

const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number
const median = (values: number[]) => quantile(values, 0.5)

/** A pair for each launch; printed as the medians and the median of the ratios, with the lowest and the highest. */
export class Figure {
  static readonly heading =
    `${''.padEnd(28)}${'platform'.padStart(10)}${'bare'.padStart(10)}${'ratio'.padStart(10)}    lowest to highest`
  readonly #pairs: Pair<number>[] = []
  constructor(
    private readonly name: string,
    private readonly digits = 0,
  ) {}

  add(pair: Pair<number>) {
    this.#pairs.push(pair)
  }

  toString() {
    const column = (value: number, digits = this.digits) => value.toFixed(digits).padStart(10)
    const ratios = this.#pairs.map(([ours, bare]) => ours / bare)
    const range = ratios.length > 1 ? `    ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}` : ''
    const [ours, bare] = [0, 1].map((side) => median(this.#pairs.map((pair) => pair[side] as number))) as Pair<number>
    return `${this.name.padEnd(28)}${column(ours)}${column(bare)}${column(median(ratios), 2)}x${range}`
  }
}

/** Requests of one server on one route, over all its turns. */
interface Load {
  requests: number
  seconds: number
  cpuMs: number
  latencies: number[]
}

async function load(server: MeasuredServer, path: string, duration: number): Promise<Load> {
  const before = server.cpuMs
  const latencies: number[] = []
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url: server.origin + path, connections: 20, duration }
    autocannon(options, (error, done) => (error ? reject(error) : resolve(done))).on('response', (_client, _status, _bytes, ms) =>
      latencies.push(ms),
    )
  })
  const failed = result.non2xx + result.errors
  if (failed > 0) throw new Error(`${server.origin}${path}: ${failed} requests failed`)
  return { requests: result.requests.total, seconds: result.duration, cpuMs: server.cpuMs - before, latencies }
}

const together = (loads: Load[]): Load => ({
  requests: loads.reduce((sum, { requests }) => sum + requests, 0),
  seconds: loads.reduce((sum, { seconds }) => sum + seconds, 0),
  cpuMs: loads.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  latencies: loads.flatMap(({ latencies }) => latencies),
})

/**
 * Two servers under the same load, in turns, so that both see the same disturbances.
 */
export class Comparison {
  readonly #figures: { path: string; rate: Figure; cpuMs: Figure; p99: Figure }[]

  constructor(kinds: (keyof typeof routes)[]) {
    this.#figures = kinds.map((kind) => ({
      path: routes[kind],
      rate: new Figure(`${kind} requests/s`),
      cpuMs: new Figure(`${kind} CPU ms a request`, 2),
      p99: new Figure(`${kind} p99 ms`, 1),
    }))
  }

  /** One launch of both. Launches differ more than turns do: V8 compiles no two processes alike. */
  async launch(servers: Pair<MeasuredServer>) {
    for (const { path, rate, cpuMs, p99 } of this.#figures) {
      for (const server of servers) await load(server, path, warmUpSeconds)
      const loads: Pair<Load[]> = [[], []]
      for (let turn = 0; turn < turns * 2; turn++) {
        const side = [0, 1, 1, 0][turn % 4] as 0 | 1
        loads[side].push(await load(servers[side], path, measuredSeconds))
      }
      const [ours, bare] = loads.map(together) as Pair<Load>
      rate.add([ours.requests / ours.seconds, bare.requests / bare.seconds])
      cpuMs.add([ours.cpuMs / ours.requests, bare.cpuMs / bare.requests])
      p99.add([quantile(ours.latencies, 0.99), quantile(bare.latencies, 0.99)])
    }
  }

  toString() {
    return this.#figures.flatMap(({ rate, cpuMs, p99 }) => [rate, cpuMs, p99].map(String)).join('\n')
  }

  static readonly method = `${turns} turns of ${measuredSeconds} s for each route, 20 connections`
}
