import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, type Postgres } from './services'

export const planted = {
  AUTH_SECRET: 'planted-auth-secret-0123456789abcdef',
  ENCRYPTION_KEY: Buffer.from('planted-encryption-key-012345678').toString('base64'),
  EMAIL_API_KEY: 'planted-mail-key',
}

const standalone = new URL('../../.next/standalone/', import.meta.url).pathname

export interface Finished {
  code: number | null
  output: string
}

/** One process of the production build. */
export class App {
  output = ''
  private constructor(
    readonly port: number,
    readonly metricsPort: number,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += chunk))
  }

  /** `folder`: another build than the one that is there. */
  static async launch(settings: Record<string, string | undefined>, folder = standalone) {
    const [port, metricsPort] = [Number(settings.PORT) || (await freePort()), await freePort()]
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      SHUTDOWN_DELAY_SECONDS: '0',
      AUTH_URL: `http://127.0.0.1:${port}`,
      ...planted,
      ...settings,
    }
    const child = spawn(process.execPath, ['server.js'], {
      cwd: folder,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new App(port, metricsPort, child)
  }

  static async start(settings: Record<string, string | undefined>, folder?: string) {
    const app = await App.launch(settings, folder)
    for (let tries = 0; tries < 200; tries++) {
      if (app.child.exitCode !== null) break
      const alive = await app.get('/api/health').catch(() => undefined)
      if (alive?.ok) return app
      await sleep(50)
    }
    throw new Error(`the server did not start:\n${app.output}`)
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`
  }

  get(path: string, init?: RequestInit) {
    return fetch(this.origin + path, { redirect: 'manual', ...init })
  }

  async text(path: string, init?: RequestInit) {
    return (await this.get(path, init)).text()
  }

  async ready() {
    const response = await this.get('/api/ready')
    return {
      code: response.status,
      body: (await response.json()) as { status: string; dependencies: Record<string, { state: string }> },
    }
  }

  async metrics() {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text()
  }

  async metric(line: RegExp): Promise<number> {
    const found = (await this.metrics()).split('\n').find((text) => line.test(text))
    return found ? Number(found.split(' ').at(-1)) : 0
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.ended()
  }

  async ended(): Promise<Finished> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return { code: this.child.exitCode, output: this.output }
  }

  /** Posts a form of a page as a browser without JavaScript does. `pick` chooses among several forms. */
  async submit(path: string, fields: Record<string, string | Blob>, { cookie, pick }: { cookie?: string; pick?: string } = {}) {
    const headers: Record<string, string> = cookie ? { cookie } : {}
    const page = await this.text(path, { headers })
    const forms = [...page.matchAll(/<form[^>]*>([\s\S]*?)<\/form>/g)]
      .map(([, inner = '']) => inner)
      .filter((inner) => inner.includes('$ACTION'))
    const form = forms.find((inner) => !pick || inner.includes(pick))
    if (!form) throw new Error(`no form on ${path}: ${page.slice(0, 300)}`)
    const body = new FormData()
    for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const attribute = (name: string) => decode(input.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '')
      body.set(attribute('name'), attribute('value'))
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return this.get(path, { method: 'POST', body, headers: { ...headers, origin: this.origin } })
  }
}

const decode = (text: string) =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** Runs the migration command of the build. */
export async function migrate(settings: Record<string, string>, ...args: string[]): Promise<Finished> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...planted, ...settings }
  const child = spawn(process.execPath, ['migrate.js', ...args], { cwd: standalone, env: env as NodeJS.ProcessEnv })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  await once(child, 'exit')
  return { code: child.exitCode, output }
}

/** A person who is signed in: the cookie to send. */
export async function signedIn(postgres: Postgres, database = 'postgres', name = 'Test Person') {
  const token = randomUUID()
  const hash = createHmac('sha256', planted.AUTH_SECRET).update(token).digest('base64url')
  const [user] = await postgres.query<{ id: string }>(
    'insert into users (name, email_index, email_sealed) values ($1, $2, $3) returning id',
    [name, randomUUID(), 'sealed'],
    database,
  )
  await postgres.query(
    "insert into sessions (token_hash, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [hash, user?.id],
    database,
  )
  return { cookie: `session=${token}`, id: user?.id as string }
}

export interface SentMail {
  to: string[]
  subject: string
  text: string
}

/** Stands in for the mail provider. */
export async function mailbox(): Promise<{ url: string; mails: SentMail[]; close: () => Server }> {
  const mails: SentMail[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.headers.authorization !== `Bearer ${planted.EMAIL_API_KEY}`) return response.writeHead(401).end()
    mails.push(JSON.parse(body) as SentMail)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, mails, close: () => server.close() }
}

export const entry = (title: string) => ({
  title,
  topic: 'feature',
  summary: 'A summary that is long enough.',
  body: 'A body that is long enough to be accepted.',
})

/** Asks again until the answer is right or the time is over. */
export async function eventually<T>(withinMs: number, attempt: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const result = await attempt().catch(() => undefined)
    if (result) return result
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`)
    await sleep(50)
  }
}
