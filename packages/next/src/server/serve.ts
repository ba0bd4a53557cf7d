import { existsSync, readFileSync } from 'node:fs'
import http, { type RequestListener } from 'node:http'
import { join } from 'node:path'
import { installCaches } from '../cache/caches.js'
import { EnvironmentError, env } from '../env.js'
import { captureConsole } from '../observe/console.js'
import { log } from '../observe/log.js'
import { serveMetrics } from '../observe/metrics.js'
import { shared } from '../shared.js'
import { gatedServer } from './gate.js'
import { readRoutes } from './routes.js'
import { patient, takeOverSignals } from './shutdown.js'

/** Checks the environment, then starts Next.js' standalone server behind the gate. */
async function start() {
  // Whatever the shell says: what a build for production lacks must not be made up for with what is for development.
  Object.assign(process.env, { NODE_ENV: 'production' })
  const { PORT, HOSTNAME, KEEP_ALIVE_TIMEOUT } = env()
  const build = join(import.meta.dirname, '.next')
  // First of all: the caches keep nothing under a key that does not say which build it is of.
  process.env.SLIPWAY_BUILD_ID = readBuildId(build)
  // Next.js reads these three from the environment.
  Object.assign(process.env, { PORT: String(PORT), HOSTNAME, KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE_TIMEOUT) })

  process.on('unhandledRejection', (error) => log().error({ err: error }, 'unhandled rejection'))
  captureConsole()
  takeOverSignals()
  serveMetrics()
  installCaches()

  const routes = shared('routes', () => readRoutes(build))
  const createServer = http.createServer
  // The standalone server has no hook in front of its request handler; this is the only call it makes.
  http.createServer = ((listener: RequestListener) => {
    http.createServer = createServer
    return patient(gatedServer(listener, routes))
  }) as typeof http.createServer

  const next = ['next-server.js', 'next-server.cjs'].map((name) => join(import.meta.dirname, name)).find(existsSync)
  await import(next as string)
}

function readBuildId(build: string): string {
  const file = join(build, 'BUILD_ID')
  const id = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (id === '' || id === 'development')
    throw new EnvironmentError([`${file} does not name a build (${id || 'missing or empty'}): build with \`npm run build\``])
  return id
}

try {
  await start()
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error
  console.error(error.message)
  process.exit(78) // EX_CONFIG: restarting will not help
}
