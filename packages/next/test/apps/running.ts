import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** `node server.js` in a folder: what the image runs. */
export class Running {
  output = ''
  private constructor(
    readonly port: number,
    readonly metricsPort: number,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += chunk))
  }

  static async start(folder: string, settings: Record<string, string> = {}, node = process.execPath) {
    const [port, metricsPort] = [await freePort(), await freePort()]
    const child = spawn(node, ['server.js'], {
      cwd: folder,
      // Nothing of the shell's: an application that needs none of this package's variables must start without them.
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        HOSTNAME: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        SHUTDOWN_DELAY_SECONDS: '0',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const running = new Running(port, metricsPort, child)
    for (let tries = 0; tries < 400 && child.exitCode === null; tries++) {
      if ((await running.get('/api/health').catch(() => undefined))?.ok) return running
      await sleep(50)
    }
    child.kill('SIGKILL')
    throw new Error(`the server did not start:\n${running.output}`)
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`
  }

  get(path: string, init?: RequestInit) {
    return fetch(this.origin + path, { redirect: 'manual', ...init })
  }

  async metrics() {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text()
  }

  async stop() {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM')
      await once(this.child, 'exit')
    }
    return this.child.exitCode
  }
}

export interface Visit {
  page: Page
  /** What the browser refused or reported: blocked scripts, errors of React, files that are missing. */
  complaints: string[]
}

export async function visit(browser: Browser, url: string): Promise<Visit> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // Browsers ask for an icon by themselves; not every application has one.
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url, { waitUntil: 'networkidle' })
  return { page, complaints }
}
