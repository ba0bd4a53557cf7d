import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.js'
import { addressGroup } from './client-address.js'

interface Limits {
  /** Requests that are worked on at once. */
  concurrent: number
  /** Open requests of one address; 0: no limit. */
  perAddress: number
}
interface Open {
  request: IncomingMessage
  response: Answer
}

export type Refusal = 'busy' | 'address'

/** Streams count as silent after this: events at once, pages while they wait for data only much later. */
const silentAfterMs = { events: 1000, other: 10_000 }
/** What is silent or unread takes memory too, and so is bounded as well. */
const openPerConcurrent = 10

/**
 * Which requests may be worked on. A request whose body is still on its way and a stream that says nothing take no
 * work, so they do not keep others out; one address cannot take all the room.
 */
export class Admission {
  #open = new Set<Open>()
  #byAddress = new Map<string, number>()
  constructor(private readonly limits: Limits) {}

  get open() {
    return this.#open.size
  }

  /** Undefined: come in, and call the function when the answer is out. */
  refusal(address: string | undefined): Refusal | undefined {
    const { concurrent, perAddress } = this.limits
    if (address && perAddress > 0 && (this.#byAddress.get(addressGroup(address)) ?? 0) >= perAddress) return 'address'
    if (this.#open.size < concurrent) return undefined
    if (this.#open.size >= concurrent * openPerConcurrent) return 'busy'
    return this.#worked() >= concurrent ? 'busy' : undefined
  }

  enter(request: IncomingMessage, response: Answer, address: string | undefined): () => void {
    const entry = { request, response }
    const group = address && this.limits.perAddress > 0 ? addressGroup(address) : undefined
    this.#open.add(entry)
    if (group) this.#byAddress.set(group, (this.#byAddress.get(group) ?? 0) + 1)
    return () => {
      this.#open.delete(entry)
      if (!group) return
      const left = (this.#byAddress.get(group) ?? 1) - 1
      if (left > 0) this.#byAddress.set(group, left)
      else this.#byAddress.delete(group)
    }
  }

  #worked(): number {
    const now = performance.now()
    let count = 0
    for (const { request, response } of this.#open) {
      if (!request.complete && hasBody(request) && !response.headersSent) continue
      if (response.headersSent && now - response.lastWrite > patience(response)) continue
      count++
    }
    return count
  }
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

const patience = (response: Answer) =>
  String(response.getHeader('content-type')).startsWith('text/event-stream') ? silentAfterMs.events : silentAfterMs.other
