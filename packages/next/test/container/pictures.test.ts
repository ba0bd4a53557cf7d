import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { findDocker } from '../../../../app/test/support/needs.mjs'
import { dockerfile } from '../../src/build/dockerfile.js'
import { Fixture } from '../support/fixture.js'

const docker = (...args: string[]) =>
  execFileSync(findDocker() as string, args, { encoding: 'utf8', env: { ...process.env, DOCKER_BUILDKIT: '1' } }).trim()
const has = (image: string) => spawnSync(findDocker() as string, ['image', 'inspect', image], { stdio: 'ignore' }).status === 0
const base = process.env.NODE_IMAGE ?? (has('slipway-bed/node:latest') ? 'slipway-bed/node:latest' : 'node:24-slim')
const memoryMb = 512
const image = 'slipway-next-pictures'

/** What the Dockerfile of `slipway-next init` says of the image that runs, around a build from outside of it. */
const runtime = () => {
  const whole = dockerfile({
    manager: { name: 'npm', install: 'npm ci', cache: '/root/.npm' },
    folder: '',
    publicVariables: [],
  })
  return `ARG NODE_IMAGE\nARG BASE\n${whole.slice(whole.lastIndexOf('# BASE=stripped'))}`.replaceAll(
    'COPY --from=build /standalone',
    'COPY standalone',
  )
}

/** Noise on a gradient: it compresses as a photograph does, not as a drawing. */
async function picture(format: 'jpeg' | 'png') {
  const [width, height] = [4000, 3000]
  const pixels = Buffer.alloc(width * height * 3)
  for (let index = 0; index < pixels.length; index++) pixels[index] = ((index / width) & 127) + ((index * 2654435761) >>> 26)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    [format]()
    .toBuffer()
}

describe(`pictures in a container of ${memoryMb} MB`, function () {
  this.timeout(600_000)
  let container = ''
  const port = 22_900 + Math.floor(Math.random() * 90)

  before(async function () {
    if (!findDocker() || spawnSync(findDocker() as string, ['info'], { stdio: 'ignore' }).status !== 0) return this.skip()
    const built = Fixture.build('variants')
    const context = join(built.folder, '.image')
    rmSync(context, { recursive: true, force: true })
    mkdirSync(context)
    cpSync(join(built.folder, '.next/standalone'), join(context, 'standalone'), { recursive: true, verbatimSymlinks: true })
    for (const format of ['jpeg', 'png'] as const)
      writeFileSync(join(context, `standalone/public/large.${format}`), await picture(format))
    writeFileSync(join(context, 'Dockerfile'), runtime())
    docker('build', '-q', '-t', image, '--build-arg', `NODE_IMAGE=${base}`, '--build-arg', 'BASE=stripped', context)
    rmSync(context, { recursive: true })
    const limits = ['--memory', `${memoryMb}m`, '--memory-swap', `${memoryMb}m`, '--read-only', '--tmpfs', '/tmp']
    const settings = { PORT: port, METRICS_PORT: 0, LOG_LEVEL: 'warn', ...JSON.parse(process.env.PICTURE_SETTINGS ?? '{}') }
    const env = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    container = docker('run', '-d', '--network', 'host', ...limits, ...env, image)
    for (let tries = 0; tries < 200 && !(await alive()); tries++) await sleep(100)
  })
  after(() => {
    if (container) docker('rm', '-f', container)
    if (!process.env.KEEP && has(image)) docker('rmi', '-f', image)
  })

  const ask = (path: string, accept = '*/*') => fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } })
  const alive = () =>
    ask('/api/health').then(
      ({ ok }) => ok,
      () => false,
    )
  const peakMb = () =>
    Number(
      /VmHWM:\s+(\d+)/.exec(docker('exec', container, 'node', '-p', "require('fs').readFileSync('/proc/1/status', 'utf8')"))?.[1],
    ) / 1024

  it('is at most 220 MB, has no shell, is found healthy and knows time zones', async () => {
    const size = Number(docker('image', 'inspect', '--format', '{{.Size}}', image)) / 1e6
    console.log(`      image ${size.toFixed(0)} MB`)
    assert.ok(size <= 220, `${size} MB`)
    assert.throws(() => docker('exec', container, 'sh', '-c', 'true'))
    const local = "new Date(0).toLocaleString('de', { timeZone: 'Europe/Berlin' }) + ' ' + require('os').userInfo().username"
    assert.equal(docker('exec', container, 'node', '-p', local), '1.1.1970, 01:00:00 app')
    let health = ''
    for (let tries = 0; tries < 60 && health !== 'healthy'; tries++) {
      await sleep(500)
      health = docker('inspect', '--format', '{{.State.Health.Status}}', container)
    }
    assert.equal(health, 'healthy')
  })

  for (const format of ['jpeg', 'png'])
    it(`one ${format} of 4000 x 3000 in 16 forms at once: each is answered, and pages meanwhile`, async () => {
      const forms = [640, 750, 828, 1080, 1200, 1920, 2048, 3840].flatMap((width) => [
        // The largest as AVIF would need more memory than there is.
        { width, accept: 'image/avif,image/webp,image/png,*/*', type: width > 2048 ? 'image/webp' : 'image/avif' },
        { width, accept: 'image/webp,*/*', type: 'image/webp' },
      ])
      let left = forms.length
      const pictures = forms.map(async ({ width, accept }) => {
        const response = await ask(`/_next/image?url=%2Flarge.${format}&w=${width}&q=75`, accept)
        const { length } = new Uint8Array(await response.arrayBuffer())
        left--
        return [response.status, response.headers.get('content-type'), length > 1000]
      })
      let slowest = 0
      while (left > 0) {
        const started = performance.now()
        assert.equal((await ask('/board')).status, 200)
        slowest = Math.max(slowest, performance.now() - started)
        await sleep(100)
      }
      assert.deepEqual(
        await Promise.all(pictures),
        forms.map(({ type }) => [200, type, true]),
      )
      const { OOMKilled, Running } = JSON.parse(docker('inspect', '--format', '{{json .State}}', container))
      assert.deepEqual([OOMKilled, Running], [false, true], docker('logs', '--tail', '20', container))
      const peak = peakMb()
      console.log(`      peak resident ${peak.toFixed(0)} MB, slowest page meanwhile ${slowest.toFixed(0)} ms`)
      assert.ok(peak < memoryMb * 0.9, `${peak.toFixed(0)} MB`)
    })
})
