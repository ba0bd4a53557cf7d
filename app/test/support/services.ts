import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findPostgres, findRedis } from './needs.mjs'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function folder(name: string) {
  const path = mkdtempSync(join(tmpdir(), `logbook-${name}-`))
  chmodSync(path, 0o777)
  return path
}

/** PostgreSQL refuses to run as root; Debian's package has a user for it. */
function asPostgres(tool: string, args: string[]) {
  const command = `${findPostgres()}${tool}`
  const [file, rest] = userInfo().uid === 0 ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args]
  const { status, stderr } = spawnSync(file as string, rest as string[], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${tool} failed: ${stderr}`)
}

export class Postgres {
  private constructor(
    readonly port: number,
    private readonly data: string,
  ) {}

  /** `settings` as in postgresql.conf: `ssl=on`. */
  static async start(...settings: string[]) {
    const data = join(folder('postgres'), 'data')
    asPostgres('initdb', ['-D', data, '-U', 'shop', '-A', 'trust', '--no-sync'])
    return Postgres.run(data, settings)
  }

  private static async run(data: string, settings: string[]) {
    const postgres = new Postgres(await freePort(), data)
    postgres.up(settings)
    return postgres
  }

  /** A line of pg_hba.conf, before the one that trusts everybody. */
  async allow(line: string) {
    const rest = 'host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n'
    writeFileSync(join(this.data, 'pg_hba.conf'), `${line}\n${rest}`)
    await this.query('select pg_reload_conf()')
  }

  up(settings: string[] = []) {
    const options = `${settings.map((setting) => `-c ${setting} `).join('')}-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200`
    asPostgres('pg_ctl', ['-D', this.data, '-o', options, '-l', `${this.data}.log`, '-w', 'start'])
  }

  down(mode: 'fast' | 'immediate' = 'fast') {
    asPostgres('pg_ctl', ['-D', this.data, '-m', mode, '-w', 'stop'])
  }

  /** A streaming read replica of this server. */
  async replica(...settings: string[]) {
    const data = join(folder('replica'), 'data')
    asPostgres('pg_basebackup', [
      '-h',
      '127.0.0.1',
      '-p',
      String(this.port),
      '-U',
      'shop',
      '-D',
      data,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
    ])
    return Postgres.run(data, settings)
  }

  url(database = 'postgres', user = 'shop', host = '127.0.0.1') {
    return `postgres://${user}@${host}:${this.port}/${database}`
  }

  async query<T extends object>(text: string, values: unknown[] = [], database = 'postgres'): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.url(database) })
    await client.connect()
    try {
      return (await client.query(text, values)).rows as T[]
    } finally {
      await client.end()
    }
  }

  remove() {
    try {
      this.down('immediate')
    } catch {}
    rmSync(join(this.data, '..'), { recursive: true, force: true })
  }
}

export interface Certificate {
  ca: string
  certificate: string
  key: string
}

/** A certificate for `localhost`, and for nothing else, signed by an authority that was made for it. */
export function makeCertificate(): Certificate {
  const at = (name: string) => join(path, name)
  const path = folder('tls')
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const key = (name: string) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at(name)]
  openssl('req', '-x509', ...key('ca.key'), '-subj', '/CN=test authority', '-days', '1', '-out', at('ca.pem'))
  openssl('req', ...key('server.key'), '-subj', '/CN=localhost', '-out', at('server.csr'))
  writeFileSync(at('san'), 'subjectAltName=DNS:localhost\n')
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('san'), '-days', '1']
  openssl('x509', '-req', '-in', at('server.csr'), ...signing, '-out', at('server.pem'))
  // PostgreSQL takes only a key that nobody but its own user may read.
  if (userInfo().uid === 0) execFileSync('chown', ['postgres', at('server.key')])
  chmodSync(at('server.key'), 0o600)
  return { ca: at('ca.pem'), certificate: at('server.pem'), key: at('server.key') }
}

export class Redis {
  private child: ReturnType<typeof spawn> | undefined
  private readonly folder = folder('redis')
  private constructor(
    readonly port: number,
    private readonly client: string[] = [],
  ) {}

  /** Over TLS alone, with a password. */
  static async startTls({ ca, certificate, key }: Certificate, password: string) {
    const redis = new Redis(await freePort(), ['--tls', '--cacert', ca, '-a', password, '--no-auth-warning'])
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', ca]
    await redis.up(
      '--port',
      '0',
      '--tls-port',
      String(redis.port),
      '--tls-auth-clients',
      'no',
      ...files,
      '--requirepass',
      password,
    )
    return redis
  }

  static async start(...args: string[]) {
    const redis = new Redis(await freePort())
    await redis.up(...args)
    return redis
  }

  async up(...args: string[]) {
    this.child = spawn(
      findRedis() as string,
      ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.folder, ...args],
      { stdio: 'ignore' },
    )
    for (let tries = 0; tries < 100; tries++) {
      if (this.cli('ping').includes('PONG') || this.cli('ping').includes('NOAUTH')) return
      await sleep(50)
    }
    throw new Error('Redis did not start')
  }

  cli(...args: string[]) {
    try {
      return execFileSync('redis-cli', ['-p', String(this.port), ...this.client, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    } catch (error) {
      return String((error as { stdout?: string }).stdout ?? '')
    }
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`
  }

  /** As a crash would. */
  async kill() {
    const child = this.child
    if (!child || child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** It still holds its connections and its data, and answers nobody. */
  freeze() {
    this.child?.kill('SIGSTOP')
  }

  thaw() {
    this.child?.kill('SIGCONT')
  }

  async remove() {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
