import { readFileSync, writeFileSync } from 'node:fs'
import { collectDefaultMetrics, register } from 'prom-client'
import { labelValues, paths, redis } from '../contract.js'
import { metrics } from '../observe/metrics.js'
import { type Variable, variables } from '../variables.js'

/**
 * `npm run contract` writes contract.json: what the application understands and emits, as data. Whatever runs it is held to
 * this file. `--check` fails when it is out of date.
 */
const file = new URL('../../contract.json', import.meta.url)

interface Described {
  name: string
  type: string
  labelNames?: string[]
}

const kind = (metric: object) => metric.constructor.name.toLowerCase()

function ownMetrics() {
  const declared = labelValues as Partial<Record<string, Record<string, readonly string[]>>>
  return Object.entries(metrics).map(([key, metric]) => {
    const { labelNames = [], name } = metric as unknown as Described
    const labels = Object.fromEntries(labelNames.map((label) => [label, declared[key]?.[label] ?? null]))
    return [name, { type: kind(metric), labels }] as const
  })
}

/** Those of prom-client: about the process, and about Node.js. */
async function defaultMetrics() {
  register.clear()
  collectDefaultMetrics()
  const found = (await register.getMetricsAsJSON()) as unknown as Described[]
  register.clear()
  return found.map(({ name, type }) => [name, { type, labels: {} }] as const)
}

const variable = ({ secret, required, default: fallback }: Variable) => ({
  ...(secret && { secret }),
  ...(required && { required }),
  ...(fallback !== undefined && { default: fallback }),
})

const contract = {
  variables: Object.fromEntries(
    Object.entries(variables as Record<string, Variable>)
      // From the machine that writes this, not from the table.
      .map(([name, row]) => [name, variable(name === 'RELEASE' ? { ...row, default: 'unknown' } : row)]),
  ),
  metrics: Object.fromEntries([...ownMetrics(), ...(await defaultMetrics())]),
  paths,
  redis,
}

const text = `${JSON.stringify(contract, null, 2)}\n`
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('contract.json is out of date: run `npm run contract`')
    process.exit(1)
  }
} else writeFileSync(file, text)
