import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { migrate } from '../test/support/app'
import { findDocker } from '../test/support/needs.mjs'
import { Postgres, Redis } from '../test/support/services'
import { bareApplication } from './bare'
import { Comparison } from './comparison'
import { MeasuredServer } from './server'

/**
 * The image of this application beside the same pages in a bare one, put into an image as Next.js' public Docker example
 * does it: the standalone output, `public` and the static files, for a user of its own, on the same base. Their size, and
 * what both do in a container with the memory that a staging stack gives them.
 * NODE_IMAGE chooses the base (default: the Dockerfile's). BUILD_CA is a PEM file for networks that re-sign TLS.
 */
const base = process.env.NODE_IMAGE ?? 'node:24-slim'
const docker = findDocker() ?? 'docker'
const context = '.bench/image'

if (spawnSync(docker, ['info'], { stdio: 'ignore' }).status !== 0) {
  console.log('image: not measured, no Docker engine answers')
  process.exit(0)
}

const build = (tag: string, ...args: string[]) =>
  execFileSync(docker, ['build', '-q', '-t', tag, ...args], {
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })

function buildBare(tag: string) {
  const standalone = bareApplication()
  rmSync(context, { recursive: true, force: true })
  mkdirSync(context, { recursive: true })
  cpSync(standalone, `${context}/standalone`, { recursive: true, verbatimSymlinks: true })
  cpSync('public', `${context}/public`, { recursive: true })
  writeFileSync(
    `${context}/Dockerfile`,
    `FROM ${base}
WORKDIR /app
ENV NODE_ENV=production
RUN groupadd --system --gid 1001 nodejs && useradd --system --uid 1001 --gid nodejs nextjs
COPY public ./public
COPY --chown=nextjs:nodejs standalone ./
USER nextjs
CMD ["node", "server.js"]
`,
  )
  build(tag, context)
}

const ca = process.env.BUILD_CA ?? '/etc/ssl/certs/ca-certificates.crt'
const isHere = (command: string[]) => spawnSync(docker, command, { stdio: 'ignore' }).status === 0
if (!isHere(['image', 'inspect', base]) && !isHere(['pull', base])) {
  console.log(`image: not measured, ${base} cannot be pulled; NODE_IMAGE names another base`)
  process.exit(0)
}
build(
  'slipway-bench:platform',
  '--build-arg',
  `NODE_IMAGE=${base}`,
  ...(existsSync(ca) ? ['--secret', `id=ca,src=${ca}`] : []),
  '.',
)
buildBare('slipway-bench:bare')

const megabytes = (image: string) =>
  Number(execFileSync(docker, ['image', 'inspect', '--format', '{{.Size}}', image], { encoding: 'utf8' })) / 1e6
const [ours, bare, below] = ['slipway-bench:platform', 'slipway-bench:bare', base].map(megabytes) as [number, number, number]
console.log(`image on ${base}, MB: ${ours.toFixed(1)}, bare ${bare.toFixed(1)}: ${(ours / bare).toFixed(3)}x`)
console.log(`  without the base: ${(ours - below).toFixed(1)}, bare ${(bare - below).toFixed(1)}`)

const memoryMb = 512
const launches = Number(process.env.BENCH_LAUNCHES ?? 3)
const [postgres, redis] = [await Postgres.start(), await Redis.start()]
try {
  const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url }
  await migrate(settings, '--seed')
  const comparison = new Comparison(['dynamic', 'api'])
  const start = (kind: string) => () => MeasuredServer.container(docker, `slipway-bench:${kind}`, memoryMb, settings)
  await comparison.launch(launches, [start('platform'), start('bare')])
  console.log(`\nIn containers of ${memoryMb} MB\n${comparison}`)
} finally {
  await redis.remove()
  postgres.remove()
}
process.exit(0)
