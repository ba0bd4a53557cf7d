import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { register } from 'prom-client'

describe('the gate', () => {
  let server: Server
  let origin: string
  const waiting: Array<() => void> = []

  before(async () => {
    Object.assign(process.env, { MAX_CONCURRENT_REQUESTS: '2', LOG_LEVEL: 'silent' })
    const { gatedServer } = await import('../src/server/gate.js')
    const { requestContext } = await import('../src/observe/log.js')
    server = gatedServer(
      (request, response) => {
        const answer = () => response.end(requestContext.getStore()?.requestId ?? 'none')
        if (request.url?.startsWith('/policy')) return response.end(request.headers['content-security-policy'] ?? 'none')
        if (request.url === '/page') response.setHeader('content-type', 'text/html; charset=utf-8')
        if (request.url === '/kept') response.setHeader('cache-control', 's-maxage=31536000, stale-while-revalidate=99')
        if (request.url === '/slow') waiting.push(answer)
        else answer()
      },
      {
        labelOf: (path) => path,
        isRenderedEachTime: (route) => route === '/policy/of/mine',
        renderingOf: () => undefined,
        basePath: '',
        owns: () => false,
      },
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  })
  after(() => server.close())

  it('gives each request an id, for logs and for the answer', async () => {
    const response = await fetch(`${origin}/`)
    assert.match(response.headers.get('x-request-id') as string, /^[\w-]{36}$/)
    assert.equal(await response.text(), response.headers.get('x-request-id'))
    assert.notEqual((await fetch(`${origin}/`)).headers.get('x-request-id'), response.headers.get('x-request-id'))
  })

  it('keeps an id that came from in front, unless it is implausible', async () => {
    const asked = async (id: string) =>
      (await fetch(`${origin}/`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    assert.equal(await asked('Root=1-abc-def'), 'Root=1-abc-def')
    assert.notEqual(await asked('<script>alert(1)</script>'), '<script>alert(1)</script>')
    assert.notEqual(await asked('x'.repeat(500)), 'x'.repeat(500))
  })

  it('sets the security headers on every answer, also when it turns away', async () => {
    const { headers } = await fetch(`${origin}/`)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.match(headers.get('strict-transport-security') as string, /^max-age=63072000/)
    assert.equal(headers.has('x-frame-options'), false, 'only pages can be framed')
    const page = (await fetch(`${origin}/page`)).headers
    for (const name of ['x-frame-options', 'referrer-policy', 'permissions-policy', 'cross-origin-opener-policy'])
      assert.ok(page.has(name), name)
  })

  it('gives what is rendered for one visitor a nonce, the same to page and browser, and another each time', async () => {
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(origin + path, init)
      const [told, page] = [response.headers.get('content-security-policy'), await response.text()]
      const [, nonce] = page.match(/^script-src ('nonce-[\w+/]{24}')$/) ?? []
      assert.ok(nonce && told?.includes(`; script-src 'self' ${nonce} 'strict-dynamic'; `), `${page} | ${told}`)
      return nonce
    }
    const mine = [await ask('/policy/of/mine'), await ask('/policy/of/mine')]
    assert.notEqual(mine[0], mine[1])
    await ask('/policy/of/kept', { method: 'POST' })
  })

  it('lets nobody choose the nonce, least of all of a page that is kept', async () => {
    const headers = { 'content-security-policy': "script-src 'nonce-chosen'" }
    assert.equal(await (await fetch(`${origin}/policy/of/kept`, { headers })).text(), 'none')
    assert.doesNotMatch(await (await fetch(`${origin}/policy/of/mine`, { headers })).text(), /chosen/)
  })

  it('turns away more than it can serve, never health, and recovers', async () => {
    const slow = [fetch(`${origin}/slow`), fetch(`${origin}/slow`)]
    while (waiting.length < 2) await new Promise(setImmediate)
    const refused = await fetch(`${origin}/`)
    assert.deepEqual(
      [refused.status, refused.headers.get('retry-after'), refused.headers.get('cache-control')],
      [503, '2', 'no-store'],
    )
    assert.equal((await fetch(`${origin}/api/ready`)).status, 200)
    for (const answer of waiting.splice(0)) answer()
    await Promise.all(slow)
    assert.equal((await fetch(`${origin}/`)).status, 200)
  })

  it('lets no browser and no CDN keep a page for longer than CACHE_TTL', async () => {
    assert.equal((await fetch(`${origin}/kept`)).headers.get('cache-control'), 'public, max-age=0, s-maxage=300')
  })

  it('counts by route, method and status', async () => {
    const text = await register.metrics()
    assert.match(text, /http_requests_total\{route="\/",method="GET",status="503"\} 1/)
    assert.match(text, /http_request_duration_seconds_count\{route="\/slow",method="GET"\} 2/)
    assert.match(text, /http_requests_shed_total 1/)
  })
})
