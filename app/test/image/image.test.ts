import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { entry, eventually, planted, signedIn } from '../support/app'
import { load } from '../support/load'
import { findChromium, findDocker } from '../support/needs.mjs'
import { freePort, Postgres, Redis } from '../support/services'

/**
 * NODE_IMAGE chooses the base (default: the Dockerfile's). BUILD_CA is a PEM file for networks that re-sign TLS.
 */
const docker = (...args: string[]) =>
  execFileSync(findDocker() as string, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] })
interface State {
  Running: boolean
  ExitCode: number
}
const folder = mkdtempSync(join(tmpdir(), 'logbook-image-'))
const actionsKey = Buffer.from('planted-actions-key-0123456789ab').toString('base64')

function build(tag: string, deployment: string) {
  writeFileSync(join(folder, 'key'), actionsKey)
  const ca = process.env.BUILD_CA ?? '/etc/ssl/certs/ca-certificates.crt'
  const args = ['build', '-q', '-t', tag, '--secret', `id=server_actions_key,src=${join(folder, 'key')}`]
  if (existsSync(ca)) args.push('--secret', `id=ca,src=${ca}`)
  if (process.env.NODE_IMAGE) args.push('--build-arg', `NODE_IMAGE=${process.env.NODE_IMAGE}`)
  args.push(
    '--build-arg',
    `DEPLOYMENT_ID=${deployment}`,
    '--build-arg',
    `VERSION=${deployment}`,
    '--build-arg',
    'REVISION=abc123',
    '--build-arg',
    'SOURCE=https://example.com/repo',
    '-f',
    'Dockerfile',
    '..',
  )
  const { status, stderr } = spawnSync(findDocker() as string, args, {
    encoding: 'utf8',
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
  })
  assert.equal(status, 0, stderr)
}

describe('the image', function () {
  this.timeout(600_000)
  const old = 'logbook-test:old'
  const next = 'logbook-test:next'
  const locked = [
    '--network',
    'host',
    '--read-only',
    '--tmpfs',
    '/tmp',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
    '--memory',
    '512m',
  ]
  const running: string[] = []
  let postgres: Postgres
  let redis: Redis
  let settings: Record<string, string>

  const flags = (extra: Record<string, string> = {}) =>
    Object.entries({ ...settings, ...extra }).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  function run(image: string, port: number, extra: Record<string, string> = {}) {
    const id = docker(
      'run',
      '-d',
      ...locked,
      ...flags({ PORT: String(port), METRICS_PORT: '0', AUTH_URL: `http://127.0.0.1:${port}`, ...extra }),
      image,
    ).trim()
    running.push(id)
    return id
  }
  const ready = (port: number) => eventually(30_000, async () => (await fetch(`http://127.0.0.1:${port}/api/ready`)).ok)

  before(async () => {
    if (spawnSync(findDocker() as string, ['info'], { stdio: 'ignore' }).status !== 0) {
      console.error('Skipped. The Docker engine does not answer.')
      process.exit(3)
    }
    ;[postgres, redis] = [await Postgres.start(), await Redis.start()]
    settings = {
      DATABASE_URL: postgres.url(),
      REDIS_URL: redis.url,
      AUTH_SECRET: planted.AUTH_SECRET,
      ENCRYPTION_KEY: planted.ENCRYPTION_KEY,
      SHUTDOWN_DELAY_SECONDS: '1',
    }
    build(old, 'release-1')
    build(next, 'release-2')
  })
  afterEach(() => {
    for (const id of running.splice(0)) spawnSync(findDocker() as string, ['rm', '-f', id])
  })
  after(async () => {
    await redis?.remove()
    postgres?.remove()
  })

  it('migrates with its own command, needing only the database', () => {
    const { DATABASE_URL } = settings as { DATABASE_URL: string }
    assert.match(
      docker('run', '--rm', ...locked, '-e', `DATABASE_URL=${DATABASE_URL}`, next, 'node', 'migrate.js', '--seed'),
      /migrations applied/,
    )
  })

  it('runs read-only, without root or capabilities, in 512 MB, and is found healthy', async () => {
    const port = await freePort()
    const id = run(next, port)
    await ready(port)
    assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /Search answers while you type/)
    const status = docker('exec', id, 'node', '-e', "console.log(require('fs').readFileSync('/proc/1/status','utf8'))")
    assert.match(status, /^Uid:\s+1001/m)
    assert.match(status, /^CapEff:\s+0+$/m)
    assert.throws(() => docker('exec', id, 'node', '-e', "require('fs').writeFileSync('/app/x','x')"), /EROFS|Read-only/)
    assert.equal(
      await eventually(40_000, async () => docker('inspect', id, '--format', '{{.State.Health.Status}}').trim() === 'healthy'),
      true,
    )
    const stats = docker('stats', '--no-stream', '--format', '{{.MemUsage}}', id)
    console.log(`      memory ${stats.trim()}`)
  })

  it('finds the compiled code that the build left, as the user it runs as', () => {
    const read = `const { enableCompileCache, getCompileCacheDir } = require('node:module')
      const { readdirSync, readFileSync } = require('node:fs')
      enableCompileCache('/app/.slipway/.compiled')
      const files = readdirSync(getCompileCacheDir())
      for (const file of files) readFileSync(getCompileCacheDir() + '/' + file)
      console.log(files.length)`
    const files = Number(docker('run', '--rm', '--read-only', next, 'node', '-e', read))
    assert.ok(files > 50, `${files} files`)
  })

  it('may write to /tmp where nobody mounts one over a read-only root', () => {
    const write = "require('fs').writeFileSync('/tmp/x', 'x'); console.log(process.getuid())"
    assert.equal(docker('run', '--rm', '--read-only', '--cap-drop', 'ALL', next, 'node', '-e', write).trim(), '1001')
  })

  it('stops on SIGTERM as process 1, with exit code 0', async () => {
    const port = await freePort()
    const id = run(next, port)
    await ready(port)
    docker('stop', '-t', '30', id)
    assert.equal(docker('inspect', id, '--format', '{{.State.ExitCode}}').trim(), '0')
  })

  it('loses no request of 200 connections when a container is stopped, once routing has moved', async () => {
    const ports = [await freePort(), await freePort()]
    // All 200 are one visitor's, who may otherwise have a hundred open.
    const more = { SHUTDOWN_DELAY_SECONDS: '4', MAX_REQUESTS_PER_ADDRESS: '0' }
    const [old] = ports.map((port) => run(next, port, more))
    await Promise.all(ports.map(ready))
    let routed = ports
    const stop = load(200, async () => {
      const response = await fetch(`http://127.0.0.1:${routed[Math.floor(Math.random() * routed.length)]}/topics/fix`)
      await response.arrayBuffer()
      return response.status
    })
    await sleep(2000)
    docker('kill', '--signal', 'TERM', old as string)
    // What a load balancer does: it asks for readiness, and stops routing to those that say no.
    await eventually(4000, async () => (await fetch(`http://127.0.0.1:${ports[0]}/api/ready`)).status === 503)
    routed = ports.slice(1)
    // Not waited for by stopping all else: the requests are made by this very process.
    const code = await eventually(15_000, async () => {
      const { Running, ExitCode } = JSON.parse(docker('inspect', '--format', '{{json .State}}', old as string)) as State
      return !Running && [ExitCode]
    })
    await sleep(500)
    const answers = await stop()
    console.log(`      answers ${JSON.stringify([...answers])}`)
    assert.deepEqual([...answers.keys()], [200])
    assert.deepEqual(code, [0], docker('logs', '--tail', '20', old as string))
  })

  it('refuses a wrong environment with the list and exit code 78', () => {
    const { status, stderr } = spawnSync(findDocker() as string, ['run', '--rm', ...locked, next], { encoding: 'utf8' })
    assert.equal(status, 78)
    for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'ENCRYPTION_KEY']) assert.match(stderr, new RegExp(name))
  })

  it('says what it is', () => {
    const { Labels, User, StopSignal, Cmd } = JSON.parse(docker('inspect', next, '--format', '{{json .Config}}')) as {
      Labels: Record<string, string>
      User: string
      StopSignal: string
      Cmd: string[]
    }
    assert.deepEqual(
      [Labels['org.opencontainers.image.revision'], Labels['org.opencontainers.image.version']],
      ['abc123', 'release-2'],
    )
    assert.deepEqual([User, StopSignal, Cmd], ['1001:1001', 'SIGTERM', ['node', '--max-semi-space-size=32', 'server.js']])
  })

  it('lists what it is made of, and nothing that only built it', () => {
    const { spdxVersion, packages } = JSON.parse(docker('run', '--rm', ...locked, next, 'cat', 'sbom.spdx.json')) as {
      spdxVersion: string
      packages: Array<{ name: string; versionInfo: string }>
    }
    const locks = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages as Record<string, { version: string }>
    const listed = new Map(packages.map(({ name, versionInfo }) => [name, versionInfo]))
    assert.equal(spdxVersion, 'SPDX-2.3')
    for (const name of ['next', 'react', 'pg', '@redis/client', 'pino'])
      assert.equal(listed.get(name), locks[`node_modules/${name}`]?.version, name)
    for (const name of ['esbuild', 'mocha', 'playwright-core']) assert.equal(listed.has(name), false, name)
  })

  it('has no build secret in a layer, beyond the manifest where Next.js needs it', () => {
    const tree = join(folder, 'tree')
    spawnSync('sh', [
      '-c',
      `mkdir -p ${tree} && ${findDocker()} save ${next} | tar -x -C ${tree} && cd ${tree} && for f in $(find . -name layer.tar) $(find blobs -type f 2>/dev/null); do mkdir -p out && tar -x -C out -f $f app 2>/dev/null; done`,
    ])
    assert.ok(existsSync(join(tree, 'out/app/server.js')))
    const holding = spawnSync('grep', ['-rlF', actionsKey, join(tree, 'out')], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .map((path) => path.replace(/.*\/out\//, ''))
    assert.deepEqual(
      holding.filter((path) => !/server-reference-manifest\.js(on)?$/.test(path)),
      [],
    )
    const history = docker('history', '--no-trunc', next)
    assert.ok(!history.includes(actionsKey))
    assert.equal(
      readdirSync(join(tree, 'out/app')).some((name) => /^\.env|node_modules\/esbuild/.test(name)),
      false,
    )
    assert.match(readFileSync(join(tree, 'out/app/.next/BUILD_ID'), 'utf8'), /^release-2$/)
  })

  it('a page of the last release saves its form with this one, and then reloads into it', async function () {
    if (!findChromium()) this.skip()
    const port = await freePort()
    const first = run(old, port)
    await ready(port)
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
    try {
      const context = await browser.newContext({ baseURL: `http://127.0.0.1:${port}` })
      const { cookie } = await signedIn(postgres)
      await context.addCookies([{ name: 'session', value: cookie.split('=')[1] as string, url: `http://127.0.0.1:${port}` }])
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      await page.goto('/write', { waitUntil: 'networkidle' })
      docker('stop', '-t', '30', first)
      run(next, port)
      await ready(port)
      for (const [name, value] of Object.entries(entry('Across two releases')))
        if (name !== 'topic') await page.locator(`[name=${name}]`).fill(value)
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.waitForURL('**/entries/across-two-releases-*')
      assert.equal(await page.locator('h1').textContent(), 'Across two releases')
      const about = await page.goto('/about')
      assert.match((await about?.text()) ?? '', /data-dpl-id="release-2"/)
    } finally {
      await browser.close()
    }
  })

  it('starts nothing else: one process', async () => {
    const port = await freePort()
    const id = run(next, port)
    await ready(port)
    const processes = docker('top', id, '-o', 'pid').trim().split('\n').length - 1
    assert.equal(processes, 1)
  })
})
