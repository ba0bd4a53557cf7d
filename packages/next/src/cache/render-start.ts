import { requestContext } from '../observe/log.js'
import { shared } from '../shared.js'
import { timing } from './history.js'

/**
 * When the render of an entry began, which Next.js does not say: it looks for the entry first, in the same request, and
 * finds none, or one that is out of date. What is invalidated after that look-up the render may not have seen.
 */
export interface Start {
  readonly at: number
  /** Tags that come from the path of the page. */
  readonly softTags: readonly string[]
  /** False: what was kept was good, and Next.js was told to render all the same. */
  readonly expected: boolean
}

type Starts = Map<string, Start>
const byRequest = shared('render-starts', () => new WeakMap<object, Starts>())
/** For what runs outside of requests. */
const others = shared('render-starts-outside', (): Starts => new Map())

function starts(): Starts {
  const request = requestContext.getStore()
  if (!request) return others
  const found = byRequest.get(request) ?? new Map()
  byRequest.set(request, found)
  return found
}

/**
 * The first look-up that leads to a render counts: a second one may have joined that render. `expected: false` is a look-up
 * that found what it wanted; Next.js may have been told to render all the same.
 */
export function beginRender(key: string, { expected, softTags = [] }: { expected: boolean; softTags?: readonly string[] }) {
  const known = starts()
  const before = known.get(key)
  // Outside of requests nothing would ever end what was begun for nothing, or in vain: there the last one counts.
  if (known === others ? !expected : before && (before.expected || !expected)) return
  if (known.size >= 1000) known.delete(known.keys().next().value as string)
  known.set(key, { at: timing.now(), softTags, expected })
}

export function endRender(key: string): Start | undefined {
  const known = starts()
  const start = known.get(key)
  known.delete(key)
  return start
}
