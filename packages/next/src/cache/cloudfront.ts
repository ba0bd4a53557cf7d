import { randomUUID } from 'node:crypto'
import type { CloudFrontClient, CreateInvalidationCommandInput } from '@aws-sdk/client-cloudfront'
import { env } from '../env.js'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'
import { onClose } from '../server/lifecycle.js'
import { shared } from '../shared.js'
import { edgeTag, everyPage } from './edge-tags.js'
import { stackKey } from './keys.js'
import { askRedis } from './redis.js'

/** From here on one tag for all pages costs less than one for each. */
const manyTags = 10

export interface EdgeInvalidationOptions {
  readonly distributionId: string
  readonly pathsPerDay: number
  readonly send: (input: CreateInvalidationCommandInput) => Promise<unknown>
  /** Counts paths of the day, for all replicas. Undefined: nobody could be asked, each replica counts for itself. */
  readonly count?: (day: string, paths: number) => Promise<number | undefined>
  /**
   * Longer than another replica may go on serving what was invalidated (docs/caching.md): CloudFront must not ask one that
   * has not heard of it.
   */
  readonly delayMs?: number
  /** From one request to the next. */
  readonly intervalMs?: number
}

interface Batch {
  readonly items: readonly string[]
  /** Chosen once: CloudFront takes a request that is repeated for the same. */
  readonly reference: string
  attempts: number
}

const mostAttempts = 5

export class EdgeInvalidation {
  readonly #tags = new Set<string>()
  #unsent: Batch | undefined
  #timer: NodeJS.Timeout | undefined
  #sentAt = -Infinity
  #day = ''
  #counted = 0
  #overLimitOn = ''

  constructor(private readonly options: EdgeInvalidationOptions) {}

  add(tags: Iterable<string>) {
    for (const tag of tags) this.#tags.add(edgeTag(tag))
    this.#schedule()
  }

  /** Everything that waits, now. */
  async flush() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const unsent = this.#unsent
    this.#unsent = undefined
    if (unsent) await this.#send(unsent)
    if (!this.#unsent && this.#tags.size > 0) await this.#begin()
  }

  #schedule() {
    if (this.#timer || (this.#tags.size === 0 && !this.#unsent)) return
    const { delayMs = 5000, intervalMs = 60_000 } = this.options
    const wait = Math.max(delayMs, this.#sentAt + intervalMs - performance.now())
    this.#timer = setTimeout(() => void this.flush(), wait).unref()
  }

  async #begin() {
    const tags = [...this.#tags]
    this.#tags.clear()
    const items = (tags.length > manyTags ? [everyPage] : tags).map((tag) => `#${tag}`)
    this.#sentAt = performance.now()
    if (await this.#isWithinLimit(items.length)) await this.#send({ items, reference: randomUUID(), attempts: 0 })
  }

  async #send(batch: Batch) {
    const { distributionId: DistributionId, send } = this.options
    const { items, reference: CallerReference } = batch
    this.#sentAt = performance.now()
    try {
      await send({
        DistributionId,
        InvalidationBatch: { CallerReference, Paths: { Quantity: items.length, Items: [...items] } },
      })
      metrics.cdnInvalidations.inc({ result: 'sent' }, items.length)
    } catch (error) {
      metrics.cdnInvalidations.inc({ result: 'failed' }, items.length)
      const again = ++batch.attempts < mostAttempts
      if (again) this.#unsent = batch
      log().error(
        { err: error },
        `CloudFront has not taken an invalidation: pages there are as late as the distribution allows${again ? '; trying again in a minute' : ''}`,
      )
    }
    this.#schedule()
  }

  async #isWithinLimit(paths: number): Promise<boolean> {
    const { count, pathsPerDay } = this.options
    const day = new Date().toISOString().slice(0, 10)
    if (day !== this.#day) [this.#day, this.#counted] = [day, 0]
    this.#counted += paths
    const counted = Math.max(this.#counted, (await count?.(day, paths)) ?? 0)
    if (counted <= pathsPerDay) return true
    metrics.cdnInvalidations.inc({ result: 'over_limit' }, paths)
    if (this.#overLimitOn !== day)
      log().warn(
        { pathsPerDay },
        'CLOUDFRONT_INVALIDATION_PATHS_PER_DAY is reached: until midnight UTC pages at CloudFront are as late as the distribution allows',
      )
    this.#overLimitOn = day
    return false
  }
}

/** Undefined without CLOUDFRONT_DISTRIBUTION_ID. */
export const edgeInvalidation = (): EdgeInvalidation | undefined =>
  shared('edge-invalidation', () => {
    const { CLOUDFRONT_DISTRIBUTION_ID: distributionId, CLOUDFRONT_INVALIDATION_PATHS_PER_DAY: pathsPerDay } = env()
    if (!distributionId) return { edge: undefined }
    let client: Promise<{ send: EdgeInvalidationOptions['send'] }> | undefined
    const edge = new EdgeInvalidation({
      distributionId,
      pathsPerDay,
      count: countTogether,
      send: async (input) => {
        client ??= import('../data/aws-cloudfront.js').then((sdk) => {
          // One for the whole world, signed for this region.
          const made: CloudFrontClient = new sdk.CloudFrontClient({ region: 'us-east-1' })
          return { send: (given) => made.send(new sdk.CreateInvalidationCommand(given)) }
        })
        return (await client).send(input)
      },
    })
    onClose(() => edge.flush())
    return { edge }
  }).edge

export const countTogether = (day: string, paths: number) =>
  askRedis(async (client) => {
    const key = `${stackKey()}:edge-invalidations:${day}`
    const [counted] = await client
      .multi()
      .incrBy(key, paths)
      .expire(key, 2 * 24 * 3600)
      .exec()
    return Number(counted)
  })
