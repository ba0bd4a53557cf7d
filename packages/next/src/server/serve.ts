import http, { type RequestListener } from 'node:http'
import { join } from 'node:path'
import { type BuildDescription, readDescription } from '../build/description.js'
import { installCaches } from '../cache/caches.js'
import { checkEnvironment, EnvironmentError } from '../env.js'
import { captureConsole } from '../observe/console.js'
import { log } from '../observe/log.js'
import { serveMetrics } from '../observe/metrics.js'
import { onRequestError } from '../observe/on-request-error.js'
import { startObserving } from '../observe/start.js'
import { shared } from '../shared.js'
import { gatedServer } from './gate.js'
import { protect } from './protection.js'
import { tellProxies } from './proxy-origin.js'
import { listenElsewhere, portOf, publicOrigin } from './public-origin.js'
import { createRoutes } from './routes.js'
import { fillInDatabase, fillInSecrets } from './secrets.js'
import { takeOverSignals, withDrainDelay } from './shutdown.js'

/** Checks the environment, then starts Next.js' standalone server behind the gate. */
async function start() {
  // Whatever the shell says: what a build for production lacks must not be made up for with what is for development.
  Object.assign(process.env, { NODE_ENV: 'production' })
  const build = readBuild()
  // First of all: the caches keep nothing under a key that does not say which build it is of.
  process.env.SLIPWAY_BUILD_ID = build.buildId
  fillInSecrets()
  const settings = checkEnvironment(build.uses)
  const { PORT, HOSTNAME, KEEP_ALIVE_TIMEOUT, AUTH_URL, ALLOWED_HOSTS } = settings
  const origin = publicOrigin(process.env.AUTH_URL ? AUTH_URL : undefined, ALLOWED_HOSTS, build.hosts)
  // Next.js reads these three from the environment, and takes the first two for the address that visitors use.
  const shown = origin.configured ?? new URL(`http://localhost:${PORT}`)
  Object.assign(process.env, {
    PORT: String(portOf(shown)),
    HOSTNAME: shown.hostname,
    KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE_TIMEOUT),
  })
  await fillInDatabase(settings).catch((error: unknown) =>
    log().error({ err: error }, 'the password of the database could not be read: DATABASE_URL goes without it'),
  )

  process.on('unhandledRejection', (error) => log().error({ err: error }, 'unhandled rejection'))
  captureConsole()
  takeOverSignals()
  serveMetrics()
  shared('parts', () => build.uses)
  shared('on-request-error', () => onRequestError) // called by what assemble.ts puts around the application's instrumentation
  await startObserving()
  installCaches(build)
  tellProxies()

  protect(build)
  const routes = shared('routes', () => createRoutes(build))
  const createServer = http.createServer
  // The standalone server has no hook in front of its request handler; this is the only call it makes.
  http.createServer = ((listener: RequestListener) => {
    http.createServer = createServer
    const server = withDrainDelay(gatedServer(listener, routes, origin))
    listenElsewhere(server, HOSTNAME, PORT, shown)
    return server
  }) as typeof http.createServer

  await import(join(import.meta.dirname, '..', 'next-server.js'))
}

function readBuild(): BuildDescription {
  const build = readDescription(import.meta.dirname)
  if (!build.buildId || build.buildId === 'development')
    throw new EnvironmentError([
      `slipway.json names no build (${build.buildId || 'empty'}): build with \`npx slipway-next build\``,
    ])
  return build
}

try {
  await start()
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error
  console.error(error.message)
  process.exit(78) // EX_CONFIG: restarting will not help
}
