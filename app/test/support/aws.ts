import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { onPath } from './needs.mjs'
import { freePort } from './services'

const home = resolve('node_modules/.cache/moto')

/** S3 and Secrets Manager as moto stands in for them: https://docs.getmoto.org */
export class Aws {
  readonly region = 'eu-central-1'
  private constructor(
    readonly endpoint: string,
    private readonly child: ChildProcess,
  ) {}

  /** A sentence where it cannot be had. It is installed once, for this folder alone. */
  static async start(): Promise<Aws | string> {
    const server = find() ?? install()
    if (!server) return 'moto (S3, Secrets Manager): install Python 3 with pip, and let it reach a package index'
    const port = await freePort()
    const child = spawn(server, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
    const aws = new Aws(`http://127.0.0.1:${port}`, child)
    for (let tries = 0; tries < 200; tries++) {
      if (await fetch(`${aws.endpoint}/moto-api/data.json`).catch(() => undefined)) return aws
      await new Promise((later) => setTimeout(later, 100))
    }
    child.kill()
    return 'moto: installed, but it does not answer'
  }

  /** For the SDK in a process of its own. moto takes any key. */
  get environment() {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }
  }

  async remove() {
    this.child.kill()
    if (this.child.exitCode === null) await once(this.child, 'exit')
  }
}

const find = () => [join(home, 'bin', 'moto_server'), ...onPath('moto_server')].find((path) => existsSync(path))

function install() {
  const ran = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore', timeout: 240_000 }).status === 0
  return ran('python3', '-m', 'venv', home) && ran(join(home, 'bin', 'pip'), 'install', '-q', 'moto[server]') ? find() : undefined
}
