import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { totalmem } from 'node:os'
import { env } from '../env.js'
import { log } from '../observe/log.js'

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

/** What is asked for, as Next.js has read it from the address and the header `Accept`. */
interface Wanted {
  width: number
  /** Empty: as the picture is. */
  mimeType: string
}
interface ImageServer {
  imageOptimizer: (
    request: IncomingMessage,
    response: unknown,
    wanted: Wanted,
    ...rest: unknown[]
  ) => Promise<{ error?: unknown }>
}
const mostWaiting = 100

const limit = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
/** Measured with sharp 0.35.5 at 3840 x 2880: 290 to 360 MB for AVIF, 100 MB for WebP. */
const avifBytesPerPixel = 32

/**
 * WebP instead of AVIF where encoding would take more than a quarter of the memory that the container may use: 512 MB are
 * enough for AVIF 2048 wide. How high the picture is, is known after it is fetched: it counts as square.
 */
export function affordable({ width, mimeType }: Wanted, accept = '', memory = limit): string {
  if (mimeType !== 'image/avif' || width * width * avifBytesPerPixel <= memory / 4) return mimeType
  return accept.includes('image/webp') ? 'image/webp' : ''
}

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
  let told = false
  server.imageOptimizer = function (this: ImageServer, request, response, wanted, ...rest) {
    const mimeType = affordable(wanted, request.headers.accept)
    return queue.run(async () => {
      const picture = await optimize.call(this, request, response, { ...wanted, mimeType }, ...rest)
      // Next.js then sends the picture as it is, and says nothing: sharp may be missing in the image, or be of another platform.
      if (picture.error && !told) log().error({ err: picture.error }, 'a picture could not be optimized and was sent as it is')
      told ||= Boolean(picture.error)
      return picture
    })
  }
}
