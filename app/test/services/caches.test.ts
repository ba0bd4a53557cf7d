import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import type { BuildDescription } from '../../../packages/next/src/build/description'
import { config } from '../../proxy.vercel'
import { App, migrate } from '../support/app'
import { Postgres, Redis } from '../support/services'

const build = new URL('../../.next/standalone/', import.meta.url).pathname

describe('cached pages', () => {
  let postgres: Postgres
  let redis: Redis
  let a: App
  let b: App

  before(async function () {
    this.timeout(60_000)
    ;[postgres, redis] = [await Postgres.start(), await Redis.start()]
    const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url }
    await migrate(settings, '--seed')
    ;[a, b] = await Promise.all([App.start(settings), App.start(settings)])
  })

  after(async () => {
    await Promise.all([a?.stop(), b?.stop()])
    await redis?.remove()
    postgres?.remove()
  })

  it('are rendered once for all replicas: pages, and what functions with `use cache` return', async () => {
    const first = await a.get('/topics/security')
    assert.equal(first.headers.get('x-nextjs-cache'), 'MISS')
    const second = await b.get('/topics/security')
    assert.equal(second.headers.get('x-nextjs-cache'), 'HIT')
    assert.equal(await second.text(), await first.text())
    assert.equal(await b.metric(/cache_requests_total\{cache="page",result="redis"\}/), 1)
    assert.equal(await b.metric(/cache_requests_total\{cache="data"/), 0)
    assert.equal(existsSync(`${build}.next/cache`), false, 'nothing is kept on disk')
  })

  it('are sent once to who has them: the same tag from every replica, 304 without a body', async () => {
    const tag = (await a.get('/about')).headers.get('etag') as string
    assert.match(tag, /^"[\w-]{22}"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await b.get('/about', { headers: { 'if-none-match': known } })
      assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', tag], known)
      assert.match(again.headers.get('cache-control') as string, /^public, max-age=0, s-maxage=\d+$/)
    }
    const changed = await b.get('/about', { headers: { 'if-none-match': '"other"' } })
    assert.equal(changed.status, 200)
    assert.match(await changed.text(), /<h1/)
  })

  it('have no tag in the form that navigation within the site asks for', async () => {
    const tag = (await a.get('/about')).headers.get('etag') as string
    const headers = { rsc: '1', 'if-none-match': tag }
    // Next.js sends who does not name the form in the address to where it is named.
    const { pathname, search } = new URL((await a.get('/about', { headers })).headers.get('location') as string, a.origin)
    const response = await a.get(pathname + search, { headers })
    assert.deepEqual([response.status, response.headers.get('etag')], [200, null])
    assert.equal(response.headers.get('content-type'), 'text/x-component')
  })

  it('bring a policy with the hashes of their own scripts, whatever nonce a visitor suggests', async () => {
    const evil = { 'content-security-policy': "script-src 'nonce-chosen'" }
    for (const app of [a, b]) {
      const response = await app.get('/topics/fix', { headers: evil })
      assert.match(response.headers.get('content-security-policy') as string, /script-src 'self' 'sha256-/)
      assert.doesNotMatch(await response.text(), /chosen/)
    }
  })

  it('are all pages that the proxy leaves alone, where it stands in for the server', () => {
    const { routes } = JSON.parse(readFileSync(`${build}.slipway/slipway.json`, 'utf8')) as BuildDescription
    const matcher = new RegExp(`^${config.matcher[0]}$`) // of what both languages have
    assert.ok(routes.length > 10)
    for (const { route, kind, rendering } of routes)
      assert.equal(
        matcher.test(route.replace(/\[\w+\]/g, 'some')),
        kind === 'page' && rendering === 'dynamic',
        `${route} in the matcher of proxy.vercel.ts`,
      )
  })
})
