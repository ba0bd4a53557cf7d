import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { migrate } from '../test/support/app'
import { Postgres, Redis } from '../test/support/services'
import { bareApplication } from './bare'
import { Comparison, Figure } from './comparison'
import { MeasuredServer } from './server'

/**
 * `npm run bench`: this application against the same pages in a bare Next.js application (no platform folder: default
 * caches, a plain pool, no gate, no metrics), after `npm run build`.
 */
const launches = Number(process.env.BENCH_LAUNCHES ?? 6)
const platform = '.next/standalone'

const [postgres, redis] = [await Postgres.start(), await Redis.start()]
try {
  const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url }
  await migrate(settings, '--seed')
  const bare = bareApplication()
  // Each server that ran here since the build has added to the compiled code; an image has what the build left.
  rmSync(`${platform}/.slipway/.compiled`, { recursive: true, force: true })
  execFileSync(process.execPath, ['node_modules/@slipway/next/dist/build/warm-up.js', platform], { stdio: 'inherit' })

  const comparison = new Comparison(['static', 'isr', 'dynamic', 'api'])
  const start = (folder: string) => () => MeasuredServer.start(folder, settings)
  await comparison.launch(launches, [start(platform), start(bare)])

  const size = (folder: string) => Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]) / 1024
  const output = new Figure('standalone output MB')
  output.add([size(platform), size(bare)])
  console.log(`\nNode ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`)
  console.log(`${comparison}\n${output}`)
} finally {
  await redis.remove()
  postgres.remove()
}
process.exit(0)
