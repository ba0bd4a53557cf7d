import { randomBytes } from 'node:crypto'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import type { Redis, RedisLink } from './redis.js'
import { run, scripts } from './scripts.js'
import { isOutdated, type Position, parseRecord, type TagRecord, TagTable, type Verdict } from './tag-table.js'

export interface Invalidation {
  readonly tag: string
  /** Seconds for which entries are still served while they are rendered anew; null: without end; undefined: not at all. */
  readonly expireSeconds?: number | null
  /** Said again for who joined a render that the first did not stop. */
  readonly repeated?: boolean
}

export interface Timing {
  /** How often this process asks whether it has heard everything. */
  readonly heartbeatMs: number
  /** How long an answer to that is good for: the bound that docs/caching.md states. */
  readonly trustMs: number
  /** The clock of this process, in milliseconds. Next.js uses the same, which no correction of the system's clock moves. */
  readonly now: () => number
}

export const timing: Timing = {
  heartbeatMs: 1000,
  trustMs: 3000,
  now: () => performance.timeOrigin + performance.now(),
}

/** Beyond this many invalidated tags it costs less to forget every entry. */
const mostRecords = 100_000

type Reply = [epoch: Buffer, sequence: Buffer | number, mark: Buffer, time: Buffer]

/**
 * The history of invalidations that all replicas of a stack share, in Redis, and what this process knows of it. It is
 * announced on a channel, which may lose messages; so each process also asks, once a second, how far the history is. It
 * serves nothing from a cache when the last answer is older than `trustMs`, and nothing at all of a history that is gone.
 */
export class History {
  readonly #table: TagTable
  readonly #pending = new Map<string, Invalidation>()
  #confirmedAt = { local: -Infinity, wall: -Infinity }
  /** Add the offset to the clock of this process to have that of Redis: half of the round trip may be wrong with it. */
  #clock = { offset: 0, roundTrip: Number.POSITIVE_INFINITY, at: -Infinity }
  #confirming: Promise<boolean> | undefined
  #sending: Promise<unknown> = Promise.resolve()
  #scheduled: Promise<boolean> | undefined
  #timer: NodeJS.Timeout | undefined
  #channel: Redis | undefined
  #closed = false
  /** Settles when the first answer of Redis is there, or was waited for long enough. */
  readonly #started: Promise<unknown>

  constructor(
    private readonly key: string,
    private readonly link: RedisLink | undefined,
    private readonly time: Timing = timing,
  ) {
    this.#table = new TagTable(time.now)
    if (!link) {
      this.#table.advance({ epoch: 'this process', sequence: 0 }, '', [], -Infinity)
      this.#started = Promise.resolve()
      return
    }
    this.#started = this.#open(link)
    link.beforeClose.push(() => this.close())
  }

  async close() {
    this.#closed = true
    clearTimeout(this.#timer)
    if (this.#pending.size > 0) await this.#send()
    if (this.#channel?.isOpen) this.#channel.destroy()
  }

  /** Whether this process knows, as of `trustMs` ago at most, what was invalidated. */
  async isCurrent(): Promise<boolean> {
    if (!this.link) return true
    await this.#started
    return this.#isTrusted() || this.#confirm()
  }

  judge(tags: readonly string[], position: Position): Verdict {
    let verdict = this.#table.judge(tags, position, this.toRedis(this.time.now()))
    if (this.#pending.size === 0) return verdict
    for (const tag of tags) {
      if (this.#pending.has(`expire ${tag}`)) return 'expired'
      if (verdict === 'fresh' && this.#pending.has(`stale ${tag}`)) verdict = 'stale'
    }
    return verdict
  }

  /** The position that a render saw which began at `startedAt` (clock of this process). */
  positionAt(startedAt: number): Position | undefined {
    return this.#table.positionAt(startedAt)
  }

  overtaken(tags: readonly string[], position: Position): Invalidation[] {
    return this.#table.overtaken(tags, position).map((tag) => {
      const record = this.#table.record(tag) as TagRecord
      return { tag, repeated: true, ...(record.expired >= record.stale ? {} : { expireSeconds: null }) }
    })
  }

  toRedis = (local: number) => local + this.#clock.offset
  toLocal = (redis: number) => redis - this.#clock.offset

  /** True when it is recorded. Until it is, this process tries again with each heartbeat, and serves nothing that it concerns. */
  async invalidate(invalidations: readonly Invalidation[]): Promise<boolean> {
    for (const invalidation of invalidations) this.#pending.set(`${kindOf(invalidation)} ${invalidation.tag}`, invalidation)
    if (!this.link) return this.#applyHere()
    // Next.js says it to each of its caches in turn: what is said in one go is sent in one go.
    this.#scheduled ??= this.#sending.then(() => {
      this.#scheduled = undefined
      const sent = this.#send().catch(() => false)
      this.#sending = sent
      return sent
    })
    const recorded = await this.#scheduled
    if (!recorded)
      log().error(
        { tags: invalidations.map(({ tag }) => tag) },
        'redis has not recorded an invalidation: trying again until it has',
      )
    return recorded
  }

  #applyHere() {
    const { epoch, sequence } = this.#table.position as Position
    const next = sequence + 1
    const now = this.time.now()
    const records = [...this.#pending.values()].map(({ tag, expireSeconds, repeated }): [string, TagRecord] => {
      const old = this.#table.record(tag) ?? { expired: 0, stale: 0, deadline: 0, asked: 0, at: 0 }
      const passed = old.deadline > 0 && old.deadline <= now
      const base = { ...old, asked: repeated ? old.asked : next, at: now / 1000 }
      if (expireSeconds === undefined) return [tag, { ...base, expired: next, stale: 0, deadline: 0 }]
      const due = expireSeconds === null ? Number.POSITIVE_INFINITY : now + expireSeconds * 1000
      const deadline = Math.min(due, !passed && old.deadline > 0 ? old.deadline : Number.POSITIVE_INFINITY)
      const expired = passed ? Math.max(old.expired, old.stale) : old.expired
      return [tag, { ...base, expired, stale: next, deadline: Number.isFinite(deadline) ? deadline : 0 }]
    })
    this.#pending.clear()
    this.#table.advance({ epoch, sequence: next }, '', records)
    return true
  }

  async #send(): Promise<boolean> {
    const batch = [...this.#pending]
    if (batch.length === 0) return true
    metrics.cachePending.set(batch.length)
    const args = batch.flatMap(([, { tag, expireSeconds, repeated }]) => [
      tag,
      expireSeconds === undefined ? 'expire' : 'stale',
      typeof expireSeconds === 'number' ? String(expireSeconds) : '',
      repeated ? 'repeat' : '',
    ])
    type Recorded = [...Reply, heard: number, tags: Buffer]
    const reply = await this.link?.ask(
      (client) => run<Recorded>(client, scripts.invalidate, this.key, name(), name(), String(mostRecords), ...args),
      { evenIfSilent: true },
    )
    if (!reply) return false
    const [epoch, sequence, mark, , heard, tags] = reply
    this.#hear({ epoch: String(epoch), sequence: Number(sequence), mark: String(mark), tags: JSON.parse(String(tags)) })
    // Unless the next lines find out, nothing is served from here on that this process might have missed.
    if (!this.#covers(String(epoch), Number(sequence))) await this.#confirm()
    for (const [id, invalidation] of batch) if (this.#pending.get(id) === invalidation) this.#pending.delete(id)
    metrics.cachePending.set(this.#pending.size)
    if (!heard) log().warn('redis does not let this user publish: other replicas learn of invalidations a moment later')
    return true
  }

  async #open(link: RedisLink) {
    const channel = link.client.duplicate({ commandOptions: {} })
    this.#channel = channel
    channel.on('error', () => {})
    // The subscription comes back with the connection; what was said meanwhile does not.
    channel.on('ready', () => void this.#confirm())
    const subscribed = channel
      .connect()
      .then(() => channel.subscribe(this.key, (message) => this.#hear(JSON.parse(String(message)))))
      .catch((error: Error) =>
        log().warn({ err: error }, 'redis does not let this process listen: it asks once a second instead'),
      )
    const first = new Promise<void>((resolve) => {
      if (link.client.isReady) resolve()
      else link.client.once('ready', () => resolve())
    }).then(() => this.#confirm())
    this.#beat()
    await Promise.race([Promise.all([first, subscribed]), new Promise((resolve) => setTimeout(resolve, 500).unref())])
  }

  #beat() {
    if (this.#closed) return
    this.#timer = setTimeout(async () => {
      const current = await this.#confirm()
      if (current && this.#pending.size > 0) await this.#send()
      this.#beat()
    }, this.time.heartbeatMs)
    this.#timer.unref()
  }

  #isTrusted() {
    const { local, wall } = this.#confirmedAt
    // Two clocks: one stands still while a virtual machine is suspended, the other can be set.
    return this.time.now() - local < this.time.trustMs && Math.abs(Date.now() - wall) < this.time.trustMs
  }

  #distrust() {
    this.#confirmedAt = { local: -Infinity, wall: -Infinity }
  }

  #covers(epoch: string, sequence: number) {
    const position = this.#table.position
    return position?.epoch === epoch && position.sequence >= sequence
  }

  #hear({ epoch, sequence, mark, tags }: { epoch: string; sequence: number; mark: string; tags: Array<[string, string]> }) {
    const known = this.#table.position
    if (this.#covers(epoch, sequence)) return
    if (known?.epoch === epoch && known.sequence === sequence - 1) {
      // An empty list is an object to who wrote this.
      this.#table.advance(
        { epoch, sequence },
        mark,
        Array.isArray(tags) ? tags.map(([tag, text]) => [tag, parseRecord(text)]) : [],
      )
      return
    }
    this.#distrust()
    void this.#confirm()
  }

  #confirm(): Promise<boolean> {
    this.#confirming ??= this.#askPosition().finally(() => {
      this.#confirming = undefined
    })
    return this.#confirming
  }

  async #askPosition(): Promise<boolean> {
    const { link } = this
    if (!link?.client.isReady) return false
    const before = this.#table.position
    const markBefore = this.#table.mark
    const sent = { local: this.time.now(), wall: Date.now() }
    const reply = await link.ask((client) => run<Reply>(client, scripts.confirm, this.key, name()), { evenIfSilent: true })
    if (!reply) {
      if (!link.trouble) link.isAway()
      return false
    }
    const [epoch, sequence, mark, time] = reply.map(String) as [string, string, string, string]
    this.#compareClocks(sent.local, Number(time))
    const reached = Number(sequence)
    if (before?.epoch === epoch && (reached < before.sequence || (reached === before.sequence && mark !== markBefore)))
      return this.#forget(epoch, 'it went back')
    if (before && before.epoch !== epoch && isOlder(epoch, before.epoch)) return this.#forget(epoch, 'an older one came back')
    if (before?.epoch !== epoch || reached !== before.sequence) {
      if (!this.#covers(epoch, reached) && !(await this.#catchUp(link))) return false
      if (!this.#covers(epoch, reached)) return false
    }
    this.#confirmedAt = sent
    link.works()
    return true
  }

  /** Quick answers tell most; a slow one counts where the clocks have moved apart, and where there has been no other lately. */
  #compareClocks(sent: number, redisTime: number) {
    const received = this.time.now()
    const answer = { offset: redisTime - (sent + received) / 2, roundTrip: received - sent, at: received }
    const { offset, roundTrip, at } = this.#clock
    const moved = Math.abs(answer.offset - offset) > (answer.roundTrip + roundTrip) / 2 + 1
    if (moved || answer.roundTrip <= roundTrip * 1.5 || received - at > 60_000) this.#clock = answer
  }

  async #catchUp(link: RedisLink): Promise<boolean> {
    const before = this.#table.position
    const fields = await link.ask((client) => client.hGetAll(this.key), { evenIfSilent: true })
    if (!fields) return false
    const { epoch, sequence, mark } = Object.fromEntries(
      ['epoch', 'sequence', 'mark'].map((field) => [field, fields[field] && String(fields[field])]),
    )
    if (!epoch) return false
    const records = new Map<string, TagRecord>()
    const outdated: string[] = []
    const redisTime = this.toRedis(this.time.now())
    for (const [field, value] of Object.entries(fields)) {
      if (!field.startsWith('t:')) continue
      const record = parseRecord(String(value))
      if (isOutdated(record, redisTime)) outdated.push(field, String(value))
      else records.set(field.slice(2), record)
    }
    if (before?.epoch === epoch && this.#table.knowsMoreThan(records, before, redisTime))
      return this.#forget(epoch, 'it has gaps')
    if (before && before.epoch !== epoch)
      log().warn('redis has lost what was invalidated (restarted, flushed or evicted): every cached entry is forgotten')
    if (!this.#covers(epoch, Number(sequence))) this.#table.advance({ epoch, sequence: Number(sequence) }, String(mark), records)
    if (outdated.length > 0) void link.ask((client) => run(client, scripts.prune, this.key, ...outdated))
    return true
  }

  /** What Redis has is not the history that this process knows: a failover lost a part. Nobody may rely on what was kept. */
  async #forget(epoch: string, why: string): Promise<boolean> {
    this.#distrust()
    log().warn({ why }, 'redis has lost a part of what was invalidated: every cached entry is forgotten')
    const done = await this.link?.ask((client) => run<number>(client, scripts.forget, this.key, name(), epoch), {
      evenIfSilent: true,
    })
    // Only now: what this process knows is the reason that nobody may rely on the other.
    if (done !== undefined) this.#table.clear()
    return false
  }
}

const name = () => randomBytes(6).toString('hex')
const kindOf = ({ expireSeconds }: Invalidation) => (expireSeconds === undefined ? 'expire' : 'stale')
const isOlder = (epoch: string, other: string) => Number(epoch.split('-')[0]) < Number(other.split('-')[0])
