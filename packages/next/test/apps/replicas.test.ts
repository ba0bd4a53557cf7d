import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from '../../../../app/test/support/services.js'
import { type Built, bring } from './build.js'
import { serveThisPackage } from './registry.js'
import { Running } from './running.js'

/** What docs/caching.md guarantees, of a real application: two replicas, one Redis, and a source that counts up. */
describe('the caches of an application on two replicas', function () {
  this.timeout(600_000)
  let built: Built
  let redis: Redis
  let source: Server
  let a: Running
  let b: Running
  const running: Running[] = []
  /** What the source answers, and how long it takes. */
  const state = { version: 1, delayMs: 0, asked: 0 }
  /** A message has arrived. */
  const heard = () => sleep(100)

  const start = async (more: Record<string, string> = {}) => {
    const { port } = source.address() as AddressInfo
    const settings = { REDIS_URL: redis.url, UPSTREAM: `http://127.0.0.1:${port}`, GREETING: 'hello', ...more }
    const server = await Running.start(built.standalone, settings)
    running.push(server)
    return server
  }

  before(async () => {
    const registry = await serveThisPackage()
    const left = '/tmp/slipway-apps/replicas'
    // For who works on the cache: the application as the last run built it.
    built =
      process.env.SLIPWAY_APPS_REUSE && existsSync(left)
        ? { folder: left, standalone: `${left}/.next/standalone`, seconds: {} }
        : await bring('replicas', registry.url, { fixture: 'replicas', guide: 'npm', before: 'npm install --no-audit --no-fund' })
    registry.close()
    redis = await Redis.start()
    source = createServer(async ({ url = '' }, response) => {
      state.asked++
      const { version } = state
      await sleep(state.delayMs)
      response.end(`${url.slice(1)}-${version}`)
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => source.once('listening', listening))
    ;[a, b] = await Promise.all([start(), start()])
  })
  after(async () => {
    for (const server of running) server.child.kill('SIGKILL')
    source?.close()
    await redis?.remove()
  })

  async function look(server: Running, path: string) {
    const response = await server.get(path)
    const text = await response.text()
    return { shown: text.match(/\[(?:<!-- -->)?([\w-]+)/)?.[1], cache: response.headers.get('x-nextjs-cache') }
  }
  const shown = async (server: Running, path: string) => (await look(server, path)).shown
  const revalidate = (server: Running, query: string) => server.get(`/revalidate?${query}`, { method: 'POST' })

  /** updateTag, in a server action, as a browser without JavaScript sends it. */
  async function update(server: Running, tag: string) {
    const page = await (await server.get('/act')).text()
    const form = new FormData()
    for (const [input] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const attribute = (name: string) => input.match(new RegExp(` ${name}="([^"]*)"`))?.[1]?.replaceAll('&quot;', '"') ?? ''
      form.set(attribute('name'), attribute('value'))
    }
    form.set('tag', tag)
    const { status } = await server.get('/act', { method: 'POST', body: form, headers: { origin: server.origin } })
    assert.ok(status < 400, `the action answered ${status}`)
    await heard()
  }

  /** Both replicas have it, in memory. */
  async function warm(path: string) {
    const first = await shown(a, path)
    assert.equal(await shown(b, path), first)
    state.version++
    return first
  }
  const both = async (path: string) => [await shown(a, path), await shown(b, path)]
  const now = (id: string) => [`${id}-${state.version}`, `${id}-${state.version}`]

  for (const kind of ['cached', 'fetched'] as const)
    describe(kind === 'cached' ? 'with `use cache`' : 'with cached fetches', () => {
      const id = (name: string) => `${kind}-${name}`
      const at = (name: string) => `/${kind}/${id(name)}`

      it('is rendered once for both', async () => {
        state.asked = 0
        assert.deepEqual([(await look(a, at('once'))).cache, (await look(b, at('once'))).cache, state.asked], ['MISS', 'HIT', 1])
      })

      it('updateTag on one is heard by the other', async () => {
        await warm(at('update'))
        await update(a, id('update'))
        assert.deepEqual(await both(at('update')), now(id('update')))
      })

      it('updateTag is heard after revalidateTag(tag, "max"), and is not undone by it', async () => {
        await warm(at('max'))
        await revalidate(a, `tag=${id('max')}&profile=max`)
        await heard()
        await update(a, id('max'))
        assert.deepEqual(await both(at('max')), now(id('max')))
        await warm(at('undone'))
        await update(a, id('undone'))
        await revalidate(b, `tag=${id('undone')}&profile=max`)
        await heard()
        assert.deepEqual(await both(at('undone')), now(id('undone')))
      })

      it('revalidateTag(tag, "max") serves what is kept once more, and then what is new, on both', async () => {
        const old = await warm(at('stale'))
        await revalidate(a, `tag=${id('stale')}&profile=max`)
        await heard()
        assert.deepEqual(await look(b, at('stale')), { shown: old, cache: 'STALE' })
        await sleep(700)
        assert.deepEqual(await both(at('stale')), now(id('stale')))
        assert.equal((await look(a, at('stale'))).cache, 'HIT')
      })

      it('revalidateTag(tag, { expire }) serves nothing old after that', async () => {
        await warm(at('expire'))
        await revalidate(a, `tag=${id('expire')}&profile=1`)
        await sleep(1300)
        assert.deepEqual(await both(at('expire')), now(id('expire')))
      })

      it('revalidatePath on one is heard by the other', async () => {
        await warm(at('path'))
        await revalidate(a, `path=${at('path')}`)
        await heard()
        assert.deepEqual(await both(at('path')), now(id('path')))
      })

      it('a render that was overtaken by the other’s updateTag is not kept, nor what joined it', async () => {
        await warm(at('slow'))
        await update(a, id('slow'))
        state.delayMs = 1000
        const slow = shown(a, at('slow'))
        await sleep(300)
        state.version++
        await update(b, id('slow'))
        const joined = shown(a, at('slow'))
        await slow
        state.delayMs = 0
        await joined
        await heard()
        assert.deepEqual(await both(at('slow')), now(id('slow')))
      })

      it('nothing old comes back when Redis evicts what was invalidated', async () => {
        await warm(at('evicted'))
        await update(a, id('evicted'))
        for (const key of redis.cli('keys', '*:tags').split('\n').filter(Boolean)) redis.cli('del', key)
        assert.equal(await shown(await start(), at('evicted')), `${id('evicted')}-${state.version}`)
        await sleep(1200)
        assert.deepEqual(await both(at('evicted')), now(id('evicted')))
      })
    })

  it('time-based revalidation does not run backwards', async () => {
    await warm('/timed/x')
    await sleep(2300)
    await look(b, '/timed/x')
    await sleep(700)
    assert.deepEqual(await both('/timed/x'), now('x'))
  })

  it('another environment, another stack, other variables: nobody is shown what others rendered', async () => {
    assert.equal(await shown(a, '/greeting/x'), 'hello')
    for (const [CACHE_NAMESPACE, GREETING] of [
      ['shop-staging/1', 'staging'],
      ['shop-prod/1', 'production'],
      ['shop-prod/2', 'later'],
    ] as const)
      assert.equal(await shown(await start({ CACHE_NAMESPACE, GREETING }), '/greeting/x'), GREETING)
    assert.equal(await shown(await start({ AUTH_URL: 'https://other.example.com', GREETING: 'other' }), '/greeting/x'), 'other')
  })

  it('a Redis that refuses writes is noticed: readiness, metric, log', async () => {
    redis.cli('config', 'set', 'maxmemory', '1')
    await sleep(1500)
    const ready = await a.get('/api/ready')
    const { status, dependencies } = (await ready.json()) as { status: string; dependencies: { cache: { state: string } } }
    assert.deepEqual([ready.status, status, dependencies.cache.state], [200, 'degraded', 'degraded'])
    assert.match(await a.metrics(), /^cache_up 0$/m)
    assert.match(await a.metrics(), /^cache_errors_total\{reason="OOM"\} \d+$/m)
    assert.match(a.output, /redis refuses/)
    redis.cli('config', 'set', 'maxmemory', '0')
    await sleep(11_500)
    assert.match(await a.metrics(), /^cache_up 1$/m)
    assert.equal(((await (await a.get('/api/ready')).json()) as { status: string }).status, 'ready')
  })
})
