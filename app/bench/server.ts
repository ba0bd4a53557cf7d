import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { planted } from '../test/support/app'
import { freePort } from '../test/support/services'

/**
 * V8 gives memory back when a server was idle for eight seconds, which here each is by turns, and then needs a quarter
 * more processor time for the first seconds: more than all that is to be measured. Under steady load it never happens.
 */
const steady = '--no-memory-reducer'

/** A server of either kind, measured from outside. */
export class MeasuredServer {
  private constructor(
    readonly origin: string,
    readonly startMs: number,
    private readonly pid: number,
    readonly stop: () => Promise<unknown>,
  ) {}

  /** Started, and first answered. */
  static async start(folder: string, settings: Record<string, string>): Promise<MeasuredServer> {
    const env = await environment(settings)
    const began = performance.now()
    const child = spawn(process.execPath, [steady, 'server.js'], {
      cwd: folder,
      stdio: 'ignore',
      env: { PATH: process.env.PATH, ...env } as NodeJS.ProcessEnv,
    })
    const origin = `http://127.0.0.1:${env.PORT}`
    await untilAlive(origin, () => child.exitCode === null)
    return new MeasuredServer(
      origin,
      performance.now() - began,
      child.pid as number,
      () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')),
    )
  }

  /** In a container that may have so much memory, started as its image says: so V8 gives memory back here. */
  static async container(docker: string, image: string, memoryMb: number, settings: Record<string, string>) {
    const ask = (...args: string[]) => execFileSync(docker, args, { encoding: 'utf8' }).trim()
    const env = await environment(settings)
    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    const began = performance.now()
    // With the network of this machine: the database and the cache are processes of it.
    const id = ask('run', '--detach', '--network', 'host', '--memory', `${memoryMb}m`, ...variables, image)
    const state = (field: string) => ask('inspect', '--format', `{{.State.${field}}}`, id)
    const origin = `http://127.0.0.1:${env.PORT}`
    await untilAlive(origin, () => state('Running') === 'true')
    const startMs = performance.now() - began
    return new MeasuredServer(origin, startMs, Number(state('Pid')), async () => ask('rm', '--force', id))
  }

  /** Processor time used so far: unlike throughput it does not depend on who else uses the machine. */
  get cpuMs() {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  get residentMb() {
    return Number(readFileSync(`/proc/${this.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024
  }
}

const environment = async (settings: Record<string, string>) => ({
  NODE_ENV: 'production',
  HOSTNAME: '127.0.0.1',
  PORT: String(await freePort()),
  METRICS_PORT: String(await freePort()),
  SHUTDOWN_DELAY_SECONDS: '0',
  MAX_CONCURRENT_REQUESTS: '1000',
  ...planted,
  ...settings,
})

async function untilAlive(origin: string, running: () => boolean) {
  const answers = () =>
    fetch(`${origin}/api/health`).then(
      (response) => response.ok,
      () => false,
    )
  while (!(await answers())) {
    if (!running()) throw new Error(`the server at ${origin} ended before it answered`)
    await sleep(5)
  }
}
