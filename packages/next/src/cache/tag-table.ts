/**
 * A place in the history of invalidations, as Redis ordered them. An entry keeps the position at which its render began:
 * what was invalidated up to there it has seen, what came later it may not have. No clock takes part in that.
 */
export interface Position {
  /** Names the history. When Redis loses it, another begins, and no entry of the old one counts any more. */
  readonly epoch: string
  /** Number of invalidations so far. */
  readonly sequence: number
}

export interface TagRecord {
  /** Entries that began before this position are never served. */
  readonly expired: number
  /** Entries that began before this position are served while they are rendered anew. */
  readonly stale: number
  /** From this time on (ms, clock of Redis) what is stale is expired; 0: never. */
  readonly deadline: number
  /** Position of the last invalidation that somebody asked for, which a repeated one does not move. */
  readonly asked: number
  /** When this was recorded (s, clock of Redis). */
  readonly at: number
}

/** No entry is kept for longer, and a while later no invalidation has to be. */
export const longestSeconds = 30 * 24 * 3600
export const isOutdated = ({ at }: TagRecord, redisTime: number) => at < redisTime / 1000 - longestSeconds - 24 * 3600

export type Verdict = 'fresh' | 'stale' | 'expired'

/** What one process knows of that history. */
export class TagTable {
  position: Position | undefined
  /** Redis' mark of the last invalidation: two histories of the same length are told apart by it. */
  mark = ''
  #records = new Map<string, TagRecord>()
  /** Since when (ms, clock of this process) each position is known here; the oldest are forgotten. */
  #known: Array<{ since: number; position: Position }> = []

  constructor(private readonly now: () => number) {}

  advance(position: Position, mark: string, records: Iterable<readonly [string, TagRecord]>, since = this.now()) {
    if (position.epoch !== this.position?.epoch) this.#records.clear()
    for (const [tag, record] of records) this.#records.set(tag, record)
    this.position = position
    this.mark = mark
    this.#known.push({ since, position })
    if (this.#known.length > 4096) this.#known.splice(0, 2048)
  }

  /** Nothing is known any more. */
  clear() {
    this.position = undefined
    this.mark = ''
    this.#records.clear()
  }

  /** The last position that was known here at a time; undefined when that is too long ago, or before any was. */
  positionAt(time: number): Position | undefined {
    return this.#known.findLast(({ since }) => since <= time)?.position
  }

  record(tag: string): TagRecord | undefined {
    return this.#records.get(tag)
  }

  /** True when `records` lacks something of what was known here at `before`: Redis has lost a part of its history. */
  knowsMoreThan(records: ReadonlyMap<string, TagRecord>, before: Position, redisTime: number): boolean {
    for (const [tag, record] of this.#records) {
      if (isOutdated(record, redisTime)) continue
      const other = records.get(tag)
      const covered = Math.max(other?.expired ?? 0, other?.stale ?? 0)
      for (const sequence of [record.expired, record.stale]) if (sequence <= before.sequence && sequence > covered) return true
      if (record.expired <= before.sequence && record.expired > (other?.expired ?? 0)) return true
    }
    return false
  }

  judge(tags: readonly string[], { epoch, sequence }: Position, redisTime: number): Verdict {
    if (epoch !== this.position?.epoch) return 'expired'
    let verdict: Verdict = 'fresh'
    for (const tag of tags) {
      const record = this.#records.get(tag)
      if (!record) continue
      if (sequence < record.expired) return 'expired'
      if (sequence >= record.stale) continue
      if (record.deadline > 0 && record.deadline <= redisTime) return 'expired'
      verdict = 'stale'
    }
    return verdict
  }

  /** Those of `tags` that somebody invalidated after this position. */
  overtaken(tags: readonly string[], { epoch, sequence }: Position): string[] {
    if (epoch !== this.position?.epoch) return []
    return tags.filter((tag) => sequence < (this.#records.get(tag)?.asked ?? 0))
  }
}

export const parseRecord = (text: string): TagRecord => {
  const [expired = 0, stale = 0, deadline = 0, asked = 0, at = 0] = text.split(' ').map(Number)
  return { expired, stale, deadline, asked, at }
}
