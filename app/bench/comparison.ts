import autocannon from 'autocannon'
import type { MeasuredServer } from './server'

const routes = { static: '/about', isr: '/topics/fix', dynamic: '/', api: '/api/health' }
type Pair<T> = [ours: T, bare: T]

const turns = Number(process.env.BENCH_TURNS ?? 3)
const [warmUpSeconds, measuredSeconds] = [12, 4]
/** At first all connections ask at the same moment, and wait several times as long as they will from then on. */
const settlingSeconds = 1

const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number
const median = (values: number[]) => quantile(values, 0.5)

const heading = `${''.padEnd(28)}${'platform'.padStart(10)}${'bare'.padStart(10)}${'ratio'.padStart(10)}    lowest to highest`

/** A pair for each launch; printed as the medians and the median of the ratios, with the lowest and the highest. */
export class Figure {
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

async function load(server: MeasuredServer, path: string): Promise<Load> {
  const latencies: number[] = []
  let [began, ended, cpuMs] = [Number.POSITIVE_INFINITY, 0, 0]
  setTimeout(() => {
    ;[began, cpuMs] = [performance.now(), server.cpuMs]
  }, settlingSeconds * 1000)
  await request(server, path, settlingSeconds + measuredSeconds, (milliseconds) => {
    ended = performance.now()
    if (ended > began) latencies.push(milliseconds)
  })
  return { requests: latencies.length, seconds: (ended - began) / 1000, cpuMs: server.cpuMs - cpuMs, latencies }
}

async function request(
  server: MeasuredServer,
  path: string,
  duration: number,
  answered: (milliseconds: number) => void = () => {},
) {
  const { non2xx, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url: server.origin + path, connections: 20, duration }
    autocannon(options, (error, done) => (error ? reject(error) : resolve(done))).on(
      'response',
      (_client, _status, _bytes, milliseconds) => answered(milliseconds),
    )
  })
  if (non2xx + errors > 0) throw new Error(`${server.origin}${path}: ${non2xx + errors} requests failed`)
}

const together = (loads: Load[]): Load => ({
  requests: loads.reduce((sum, { requests }) => sum + requests, 0),
  seconds: loads.reduce((sum, { seconds }) => sum + seconds, 0),
  cpuMs: loads.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  latencies: loads.flatMap(({ latencies }) => latencies),
})

interface Route {
  path: string
  rate: Figure
  cpuMs: Figure
  p99: Figure
}

/** Two servers under the same load, in turns, so that both see the same disturbances. */
export class Comparison {
  readonly #startUp = new Figure('start-up ms')
  readonly #resident = new Figure('resident MB after the load')
  readonly #routes: Route[]
  #launches = 0

  constructor(kinds: (keyof typeof routes)[]) {
    this.#routes = kinds.map((kind) => ({
      path: routes[kind],
      rate: new Figure(`${kind} requests/s`),
      cpuMs: new Figure(`${kind} CPU ms a request`, 2),
      p99: new Figure(`${kind} p99 ms`, 1),
    }))
  }

  /** Launches differ more than turns do: V8 compiles no two processes alike. The first is another one each time. */
  async launch(times: number, start: Pair<() => Promise<MeasuredServer>>) {
    while (this.#launches < times) {
      console.error(`launch ${this.#launches + 1} of ${times}`)
      await this.#launchOnce(start)
    }
  }

  async #launchOnce(start: Pair<() => Promise<MeasuredServer>>) {
    const servers: MeasuredServer[] = []
    try {
      for (const side of this.#launches++ % 2 === 0 ? [0, 1] : [1, 0]) servers[side] = await start[side as 0 | 1]()
      const [ours, bare] = servers as Pair<MeasuredServer>
      this.#startUp.add([ours.startMs, bare.startMs])
      for (const route of this.#routes) await this.#loadBoth([ours, bare], route)
      this.#resident.add([ours.residentMb, bare.residentMb])
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()))
    }
  }

  /**
   * Warm first: V8 needs some 15,000 requests of a route to compile all that it will, and answers a third more then.
   * The 99th percentile is that of all turns together: a second of a dynamic page has only few requests beyond it.
   */
  async #loadBoth(servers: Pair<MeasuredServer>, { path, rate, cpuMs, p99 }: Route) {
    await Promise.all(servers.map((server) => request(server, path, warmUpSeconds)))
    const loads: Pair<Load[]> = [[], []]
    for (let turn = 0; turn < turns * 2; turn++) {
      const side = [0, 1, 1, 0][turn % 4] as 0 | 1
      loads[side].push(await load(servers[side], path))
    }
    const [ours, bare] = loads.map(together) as Pair<Load>
    rate.add([ours.requests / ours.seconds, bare.requests / bare.seconds])
    cpuMs.add([ours.cpuMs / ours.requests, bare.cpuMs / bare.requests])
    p99.add([quantile(ours.latencies, 0.99), quantile(bare.latencies, 0.99)])
  }

  toString() {
    const method = `${this.#launches} launches, ${turns} turns of ${measuredSeconds} s for each route, 20 connections`
    const figures = this.#routes.flatMap(({ rate, cpuMs, p99 }) => [rate, cpuMs, p99])
    return [method, '', heading, ...figures, this.#startUp, this.#resident].join('\n')
  }
}
