import { createRequire } from 'node:module'
import { env } from '../env.js'

/** At most `atOnce` pieces of work run; `mostWaiting` wait for their turn, and more are refused. */
export class Queue {
  #running = 0
  #waiting: Array<() => void> = []
  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
    private readonly refusal: () => Error,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.atOnce) this.#running++
    else if (this.#waiting.length >= this.mostWaiting) throw this.refusal()
    // A request that ends hands its place over.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}

interface ImageServer {
  imageOptimizer: (...args: unknown[]) => Promise<unknown>
}
const mostWaiting = 100

/**
 * Pictures wait here, not in memory: each one that is worked on is decoded whole, 48 MB for 4000 x 3000. Only what is in
 * no cache comes here.
 */
export function queueImages(prototype: object) {
  const { ImageError } = createRequire(import.meta.url)('next/dist/server/image-optimizer.js') as {
    ImageError: new (status: number, message: string) => Error
  }
  const busy = () => new ImageError(503, 'too many pictures are waiting')
  const queue = new Queue(env().MAX_CONCURRENT_IMAGES, mostWaiting, busy)
  const server = prototype as ImageServer
  const optimize = server.imageOptimizer
  server.imageOptimizer = function (this: ImageServer, ...args) {
    return queue.run(() => optimize.apply(this, args))
  }
}
