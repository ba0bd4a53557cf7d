import * as z from 'zod'
import type { Routes } from '../server/routes.js'
import { shared } from '../shared.js'
import { metrics } from './metrics.js'

const sample = z.object({
  name: z.enum(['LCP', 'INP', 'CLS', 'FCP', 'TTFB']),
  value: z.number().min(0).max(120_000),
  path: z.string().max(500),
})

/** Anybody may post here: names come from a fixed set, paths become routes, values are bounded. */
export function recordVital(body: string): boolean {
  if (body.length > 1000) return false
  const parsed = sample.safeParse(parse(body))
  if (!parsed.success) return false
  const { name, value, path } = parsed.data
  const route = shared<Pick<Routes, 'labelOf'>>('routes', () => ({ labelOf: () => 'other' })).labelOf(path)
  if (name === 'CLS') metrics.vitalShift.observe({ route }, Math.min(value, 10))
  else metrics.vitalSeconds.observe({ metric: name, route }, value / 1000)
  return true
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
