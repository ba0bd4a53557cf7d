import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { Keys } from '../../src/cache/keys.js'
import { RedisServer } from '../support/redis.js'
import { Replica } from './replica.js'

/**
 * The rules of the cache as a model, and random histories held against it.
 *
 * State: a database with one number for each tag; replicas, each with a memory, a clock and a line to Redis; one Redis. A
 * page shows the numbers of its tags, read at some time during its render. A write counts a tag's number up, and then
 * invalidates the tag: at once, or so that pages are stale and expire later.
 *
 * Rules, for a page that is asked for at time t on replica r:
 *  1. It shows every write whose invalidation was recorded before t - trust, on whatever replica.
 *  2. It shows every write that r itself invalidated before t, recorded or not.
 *  3. A stale page is shown until it is rendered anew; after its time to expire, as by rule 1, it is not shown.
 *  4. When all faults are over, and trust has passed, every replica shows every write.
 *
 * Anything may happen meanwhile: lines cut or deaf, Redis killed, brought back empty or from an old snapshot, its keys
 * evicted by a name or by the server's own choice, writes refused or hanging, replicas killed, clocks apart by an hour.
 */
const trustMs = 60
const replicaCount = 3
const pages: Record<string, readonly string[]> = { p0: ['a'], p1: ['a', 'b'], p2: ['b', 'c'], p3: ['c'] }
const tags = ['a', 'b', 'c'] as const
type Tag = (typeof tags)[number]
type Numbers = Record<Tag, number>

interface Write {
  readonly tag: Tag
  readonly number: number
  readonly replica: number
  /** The replica may have been restarted since. */
  readonly boot: number
  readonly expireMs: number
  readonly asked: number
  recorded?: number
}

const replica = fc.nat(replicaCount - 1)
const operation = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      replica,
      page: fc.constantFrom(...Object.keys(pages)),
      renderMs: fc.nat(25),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      replica,
      tag: fc.constantFrom(...tags),
      expireMs: fc.constantFrom(0, 0, 40, 1e9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'mend' as const, 'deafen' as const, 'restart' as const),
      replica,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'evict-tags' as const,
        'evict-page' as const,
        'kill-subscribers' as const,
        'flush' as const,
        'snapshot' as const,
        'restart-redis' as const,
        'squeeze' as const,
        'hang' as const,
        'refuse' as const,
        'allow' as const,
      ),
      page: fc.constantFrom(...Object.keys(pages)),
      how: fc.nat(2),
    }),
  },
)
const history = fc.array(fc.record({ operation, pauseMs: fc.constantFrom(0, 0, 1, 3, 10, 40) }), {
  minLength: 20,
  maxLength: 120,
})

describe('random histories of the cache', function () {
  this.timeout(600_000)
  let redis: RedisServer
  const seen = { histories: 0, reads: 0, cached: 0, stale: 0, writes: 0, recorded: 0 }

  before(async () => {
    redis = await RedisServer.start()
  })
  after(async () => {
    console.log(`      ${JSON.stringify(seen)}`)
    await redis.remove()
  })

  it('never show what was invalidated longer ago than the bound', async () => {
    const runs = Number(process.env.CACHE_HISTORIES ?? 60)
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const run = await Run.start(redis)
        try {
          for (const { operation: step, pauseMs } of steps) {
            run.begin(step)
            if (pauseMs > 0) await sleep(pauseMs)
          }
          await run.settle()
        } finally {
          await run.end()
        }
        seen.histories++
        for (const [name, count] of Object.entries(run.seen)) seen[name as keyof typeof seen] += count
        assert.deepEqual(run.broken, [])
      }),
      {
        numRuns: runs,
        endOnFailure: process.env.CI !== undefined,
        ...(process.env.CACHE_SEED ? { seed: Number(process.env.CACHE_SEED) } : {}),
      },
    )
    assert.ok(seen.cached > seen.reads / 10, 'the cache was in use')
    assert.ok(seen.recorded > seen.writes / 3, 'invalidations were recorded')
  })
})

class Run {
  readonly seen = { reads: 0, cached: 0, stale: 0, writes: 0, recorded: 0 }
  readonly broken: string[] = []
  readonly #database: Numbers = { a: 0, b: 0, c: 0 }
  readonly #writes: Write[] = []
  readonly #running = new Set<Promise<unknown>>()
  readonly #boots = Array.from({ length: replicaCount }, () => 0)
  #snapshot = false

  private constructor(
    private readonly redis: RedisServer,
    private readonly keys: Keys,
    private readonly replicas: readonly Replica[],
  ) {}

  static async start(redis: RedisServer): Promise<Run> {
    const stack = `slipway:${randomUUID()}`
    const keys = { stack, entries: `${stack}::build` }
    const clocks = [0, 3_600_000, -3_600_000]
    const replicas = await Promise.all(clocks.map((clockMs) => Replica.start({ keys, redisPort: redis.port, clockMs, trustMs })))
    return new Run(redis, keys, replicas)
  }

  begin(step: typeof operation extends fc.Arbitrary<infer T> ? T : never) {
    const running = this.#perform(step).catch((error: Error) => this.broken.push(`${step.kind} failed: ${error.stack}`))
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running))
  }

  async #perform(step: typeof operation extends fc.Arbitrary<infer T> ? T : never): Promise<unknown> {
    switch (step.kind) {
      case 'read':
        return this.#read(step.replica, step.page, step.renderMs)
      case 'write':
        return this.#write(step.replica, step.tag, step.expireMs)
      case 'cut':
        return this.#at(step.replica).line.cut()
      case 'mend':
        return this.#at(step.replica).line.mend()
      case 'deafen':
        this.#at(step.replica).line.deaf = true
        return
      case 'restart':
        this.#boots[step.replica] = (this.#boots[step.replica] ?? 0) + 1
        return this.#at(step.replica).restart()
      case 'evict-tags':
        return this.redis.cli('del', `${this.keys.stack}:tags`)
      case 'evict-page':
        return this.redis.cli('del', `${this.keys.entries}:page:${step.page}`)
      case 'kill-subscribers':
        return this.redis.cli('client', 'kill', 'type', 'pubsub')
      case 'flush':
        return this.redis.cli('flushall')
      case 'snapshot':
        this.#snapshot = true
        return this.redis.cli('save')
      case 'restart-redis':
        return this.redis.restart()
      case 'squeeze':
        return this.#squeeze(step.how)
      case 'hang':
        return this.redis.cli('client', 'pause', String(200 * (step.how + 1)), 'write')
      case 'refuse':
        if (step.how === 0) return this.redis.cli('config', 'set', 'maxmemory', '1')
        if (step.how === 1) return this.redis.cli('replicaof', '127.0.0.1', '1')
        return this.redis.cli('acl', 'setuser', 'default', '-hset')
      case 'allow':
        return this.#allow()
    }
  }

  #at = (index: number) => this.replicas[index] as Replica

  /** Less memory than there are keys for: the server itself chooses what goes, by each policy that a target sets or a user may. */
  async #squeeze(how: number) {
    this.redis.cli('config', 'set', 'maxmemory-policy', ['allkeys-lru', 'allkeys-random', 'volatile-ttl'][how] as string)
    const used = Number(/used_memory:(\d+)/.exec(this.redis.cli('info', 'memory'))?.[1])
    this.redis.cli('config', 'set', 'maxmemory', String(used - 1500))
    await sleep(15)
    this.redis.cli('config', 'set', 'maxmemory', '0')
  }

  #allow() {
    this.redis.cli('config', 'set', 'maxmemory', '0')
    this.redis.cli('config', 'set', 'maxmemory-policy', 'noeviction')
    this.redis.cli('client', 'unpause')
    this.redis.cli('replicaof', 'no', 'one')
    this.redis.cli('acl', 'setuser', 'default', '+@all')
  }

  async #write(index: number, tag: Tag, expireMs: number) {
    this.seen.writes++
    const number = ++this.#database[tag]
    const boot = this.#boots[index] as number
    const asked = performance.now()
    const write: Write = { tag, number, replica: index, boot, expireMs, asked }
    this.#writes.push(write)
    const { history: told } = this.#at(index).store
    const recorded = await told.invalidate([{ tag, expireSeconds: expireMs === 0 ? undefined : expireMs / 1000 }])
    if (!recorded) return
    this.seen.recorded++
    write.recorded = performance.now()
  }

  async #read(index: number, page: string, renderMs: number) {
    this.seen.reads++
    const at = this.#at(index)
    const boot = this.#boots[index] as number
    const askedAt = performance.now()
    const found = await at.get<Numbers>(page)
    if (!found) return this.#render(at, page, renderMs)
    this.seen.cached++
    if (found.stale) this.seen.stale++
    this.#check(found.value, { index, boot, page, askedAt })
    if (found.stale) await this.#render(at, page, renderMs)
  }

  async #render(at: Replica, page: string, renderMs: number) {
    const startedAt = at.time.now()
    const shown: Partial<Numbers> = {}
    for (const tag of pages[page] as Tag[]) {
      await sleep(renderMs / 2)
      shown[tag] = this.#database[tag]
    }
    await sleep(renderMs / 2)
    await at.set(page, shown, { tags: pages[page] as string[], startedAt })
  }

  #check(shown: Numbers, { index, boot, page, askedAt }: { index: number; boot: number; page: string; askedAt: number }) {
    for (const write of this.#writes) {
      if (!(pages[page] as readonly string[]).includes(write.tag) || shown[write.tag] >= write.number) continue
      // What a clock takes part in may be late by the time that it takes to ask Redis for its own.
      const due = write.expireMs === 0 ? 0 : write.expireMs + 25
      const heard = write.recorded !== undefined && write.recorded + due < askedAt - trustMs
      const own =
        write.expireMs === 0 &&
        write.replica === index &&
        write.boot === boot &&
        boot === this.#boots[index] &&
        write.asked < askedAt
      if (heard || own)
        this.broken.push(
          `${page} on ${index} showed ${write.tag}=${shown[write.tag]}, asked ${Math.round(askedAt)}, after ${JSON.stringify(write)}`,
        )
    }
  }

  /** The end of all faults: rule 4. */
  async settle() {
    await Promise.all(this.#running)
    this.#allow()
    for (const each of this.replicas) each.line.mend()
    const useful = async (each: Replica) => {
      await each.set('probe', 1, { tags: [] })
      return (await each.get('probe')) !== undefined
    }
    for (const deadline = Date.now() + 8000; ; await sleep(20)) {
      if ((await Promise.all(this.replicas.map(useful))).every(Boolean)) break
      if (Date.now() > deadline) return void this.broken.push('not in use again 8 s after the last fault')
    }
    // Said to nobody by who was killed before it could: nobody can know.
    const lost = (write: Write) => write.recorded === undefined && write.boot !== this.#boots[write.replica]
    await sleep(trustMs + 40)
    for (const [index, at] of this.replicas.entries())
      for (const page of Object.keys(pages)) {
        const found = await at.get<Numbers>(page)
        if (!found || found.stale) continue
        for (const write of this.#writes)
          if ((pages[page] as readonly string[]).includes(write.tag) && found.value[write.tag] < write.number && !lost(write))
            this.broken.push(
              `in the end, ${page} on ${index} showed ${JSON.stringify(found.value)} after ${JSON.stringify(write)}`,
            )
      }
  }

  async end() {
    for (const each of this.replicas) each.stop()
    this.#allow()
    if (this.#snapshot) {
      this.redis.cli('flushall')
      this.redis.cli('save')
    }
  }
}
