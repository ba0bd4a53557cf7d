import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Variable, variables } from '../variables.js'

const nowhere = '127.0.0.1:1'

/** Runs the server in `folder`, just built, until it has answered: so V8's compiled code is kept beside it (server.ts). */
async function warmUp(folder: string) {
  const port = await freePort()
  const server = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ...required(),
      DATABASE_URL: `postgres://${nowhere}/none`,
      REDIS_URL: `redis://${nowhere}`,
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: '0',
      SHUTDOWN_DELAY_SECONDS: '0',
      LOG_LEVEL: 'silent',
    } as NodeJS.ProcessEnv,
  })
  const ended = once(server, 'exit')
  const running = () => server.exitCode === null
  while (running() && !(await answers(port, '/api/health'))) await sleep(20)
  if (running()) await answers(port, '/no-such-page')
  if (running()) server.kill('SIGTERM')
  const [code] = await ended
  if (code !== 0) throw new Error(`the server that was built ended with ${code} when it was tried`)
}

/** Something of the right form for each variable that the server insists on. */
const required = () =>
  Object.fromEntries(
    Object.entries<Variable>(variables)
      .filter(([, variable]) => variable.required)
      .map(([name, { development, example }]) => [name, development ?? example]),
  )

const answers = (port: number, path: string) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } }).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  )

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

await warmUp(process.argv[2] as string)
