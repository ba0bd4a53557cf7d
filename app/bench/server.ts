import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { planted } from '../test/support/app'
import { freePort } from '../test/support/services'

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
    const port = await freePort()
    const began = performance.now()
    const child = spawn(process.execPath, ['server.js'], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        HOSTNAME: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: String(await freePort()),
        SHUTDOWN_DELAY_SECONDS: '0',
        MAX_CONCURRENT_REQUESTS: '1000',
        ...planted,
        ...settings,
      } as NodeJS.ProcessEnv,
    })
    const origin = `http://127.0.0.1:${port}`
    const alive = () =>
      fetch(`${origin}/api/health`).then(
        (response) => response.ok,
        () => false,
      )
    while (!(await alive())) {
      if (child.exitCode !== null) throw new Error(`the server in ${folder} ended with ${child.exitCode}`)
      await sleep(5)
    }
    return new MeasuredServer(
      origin,
      performance.now() - began,
      child.pid as number,
      () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')),
    )
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
