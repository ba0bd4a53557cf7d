import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A real server, Redis or Valkey: whichever is installed. */
export class RedisServer {
  #child: ReturnType<typeof spawn> | undefined
  readonly #folder = mkdtempSync(join(tmpdir(), 'slipway-redis-'))
  private constructor(readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort())
    await server.up()
    return server
  }

  async up() {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder]
    this.#child = spawn(process.env.REDIS_SERVER ?? 'redis-server', settings, { stdio: 'ignore' })
    for (let tries = 0; tries < 200; tries++) {
      if (this.cli('ping').includes('PONG')) return
      await sleep(10)
    }
    throw new Error('Redis did not start')
  }

  /** As a crash would: what was not saved is gone. */
  async kill() {
    this.#child?.kill('SIGKILL')
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
  }

  async restart() {
    await this.kill()
    await this.up()
  }

  freeze = () => this.#child?.kill('SIGSTOP')
  thaw = () => this.#child?.kill('SIGCONT')

  cli(...args: string[]): string {
    try {
      return execFileSync('redis-cli', ['-p', String(this.port), ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    } catch (error) {
      return String((error as { stdout?: string }).stdout ?? '')
    }
  }

  async remove() {
    this.thaw()
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The network between one replica and Redis. */
export class Line {
  /** Cut: connections end, and no new one begins. */
  #cut = false
  /** Deaf: what Redis says to subscribers is lost, and nobody is notified. */
  deaf = false
  readonly #sockets = new Set<Socket>()
  private constructor(
    readonly port: number,
    readonly server: Server,
  ) {}

  static async to(target: number): Promise<Line> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const line = new Line((server.address() as { port: number }).port, server)
    server.on('connection', (near: Socket) => line.#join(near, target))
    return line
  }

  #join(near: Socket, target: number) {
    if (this.#cut) return near.destroy()
    const far = connect(target, '127.0.0.1')
    let subscriber = false
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (data) => {
      if (/subscribe/i.test(data.toString('latin1'))) subscriber = true
      far.write(data)
    })
    far.on('data', (data) => {
      if (!(this.deaf && subscriber)) near.write(data)
    })
  }

  cut() {
    this.#cut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend() {
    this.#cut = false
    this.deaf = false
  }

  close() {
    this.cut()
    this.server.close()
  }
}
