import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingHttpHeaders, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { register } from 'prom-client'

describe('the gate', () => {
  let server: Server
  let origin: string
  const waiting: Array<() => void> = []
  let seen: IncomingHttpHeaders = {}
  const html = { 'content-type': 'text/html; charset=utf-8' }
  const answerWith =
    (headers: OutgoingHttpHeaders, status = 200) =>
    (response: ServerResponse) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string)
      response.statusCode = status
      response.end('<p>')
    }
  const cached = { ...html, 'x-slipway-script-hashes': "'sha256-AAAA'", etag: '"shell"' }
  const generated = { 'cache-control': 's-maxage=31536000, stale-while-revalidate=99' }
  /** What Next.js answers for each kind of response. */
  const handlers: Record<string, (response: ServerResponse) => void> = {
    '/page': answerWith(html),
    '/by-write-head': (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'),
    '/by-list': (response) => response.writeHead(200, 'OK', ['Content-Type', 'text/html']).end('<p>'),
    '/drawing': answerWith({ 'content-type': 'image/svg+xml' }),
    '/cached': answerWith({
      ...cached,
      ...generated,
      'x-nextjs-cache': 'HIT',
      'x-slipway-cache-control': generated['cache-control'],
    }),
    '/outdated': answerWith({
      ...cached,
      ...generated,
      'x-slipway-cache-control': generated['cache-control'],
      'x-slipway-outdated': '1',
    }),
    '/tagged': answerWith({
      ...cached,
      ...generated,
      'x-slipway-cache-control': generated['cache-control'],
      'x-slipway-edge-tags': 'pages,a1',
    }),
    '/many-tags': answerWith({
      ...cached,
      ...generated,
      'x-slipway-cache-control': generated['cache-control'],
      'x-slipway-edge-tags': 'too many',
    }),
    '/cached-by-application': answerWith({
      ...cached,
      'cache-control': 's-maxage=7200',
      'x-slipway-cache-control': 's-maxage=60',
    }),
    '/route-by-application': answerWith({ 'content-type': 'application/json', 'cache-control': 's-maxage=7200' }),
    '/pages-router-by-application': answerWith({ ...html, 'x-nextjs-cache': 'HIT', 'cache-control': 's-maxage=7200' }),
    '/pages-router-for-a-while': answerWith({
      ...html,
      'x-nextjs-cache': 'HIT',
      'cache-control': 's-maxage=60, stale-while-revalidate=99',
    }),
    '/pages-router': answerWith({ ...html, 'cache-control': 's-maxage=31536000' }),
    '/partial': answerWith({ ...cached, 'x-nextjs-postponed': '1', 'cache-control': 'private, no-store' }),
    '/draft': answerWith({ ...html, 'x-nextjs-cache': 'HIT', 'cache-control': 'private, no-cache, no-store' }),
    '/own-policy': answerWith({ ...html, 'content-security-policy': "default-src 'self'" }),
    '/own-headers': answerWith({
      ...html,
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(self)',
    }),
    '/late': (response) => {
      response.writeHead(201).end()
      response.statusCode = 500
    },
    '/wrong': (response) => {
      noteFault(new Error('Invalid Server Actions request.'))
      answerWith({}, 500)(response)
    },
  }
  let noteFault: (error: unknown) => boolean

  before(async () => {
    Object.assign(process.env, { MAX_CONCURRENT_REQUESTS: '2', MAX_REQUESTS_PER_ADDRESS: '6', LOG_LEVEL: 'silent' })
    const { gatedServer } = await import('../src/server/gate.js')
    const { requestContext } = await import('../src/observe/log.js')
    noteFault = (await import('../src/server/client-fault.js')).noteFault
    server = gatedServer(
      (request, response) => {
        const answer = () => response.end(requestContext.getStore()?.requestId ?? 'none')
        seen = request.headers
        if (request.url === '/slow') waiting.push(answer)
        else if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
        else (handlers[request.url as string] ?? answer)(response)
      },
      { labelOf: (path) => path, basePath: '', owns: (path) => path === '/api/ready' },
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

  const policyOf = async (path: string, init?: RequestInit) =>
    (await fetch(origin + path, init)).headers.get('content-security-policy')
  const scripts = async (path: string) => /script-src ([^;]*)/.exec((await policyOf(path)) ?? '')?.[1]

  it('gives each request a nonce, the same to page and browser, and another each time', async () => {
    const nonces = new Set<string>()
    for (const path of ['/page', '/page', '/draft']) {
      const sources = await scripts(path)
      const [, nonce] = /^'self' 'nonce-([\w+/]{24})'$/.exec(sources ?? '') ?? []
      assert.equal(seen['content-security-policy'], `script-src 'nonce-${nonce}'`)
      nonces.add(nonce as string)
    }
    assert.equal(nonces.size, 3)
  })

  it('lets nobody choose the nonce', async () => {
    const headers = { 'content-security-policy': "script-src 'nonce-chosen'" }
    assert.doesNotMatch((await policyOf('/page', { headers })) as string, /chosen/)
    assert.doesNotMatch(seen['content-security-policy'] as string, /chosen/)
  })

  it('lets no document leave without a policy, however it was written', async () => {
    for (const path of ['/page', '/by-write-head', '/by-list', '/drawing', '/cached', '/pages-router', '/partial', '/draft'])
      assert.match((await policyOf(path)) ?? '', /^default-src 'none'; script-src 'self'/, path)
    assert.equal(await policyOf('/'), null, 'what is no document would only carry bytes')
  })

  it('allows a cached page by its hashes, what is resumed by both, and gives no cache a nonce', async () => {
    assert.equal(await scripts('/cached'), "'self' 'sha256-AAAA'")
    assert.match((await scripts('/partial')) as string, /^'self' 'sha256-AAAA' 'nonce-[\w+/]{24}'$/)
    assert.equal(await scripts('/pages-router'), "'self'")
    for (const path of ['/cached', '/partial']) {
      const { headers } = await fetch(origin + path)
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('x-slipway')),
        [],
        'nothing internal leaves',
      )
    }
  })

  it('gives a page that is resumed no tag: only its shell would be named by it', async () => {
    const response = await fetch(`${origin}/partial`, { headers: { 'if-none-match': '"shell"' } })
    assert.deepEqual([response.status, response.headers.get('etag')], [200, null])
    assert.equal((await fetch(`${origin}/cached`, { headers: { 'if-none-match': '"shell"' } })).status, 304)
  })

  it('leaves standing what the application said, and never sets a second policy', async () => {
    assert.equal(await policyOf('/own-policy'), "default-src 'self'")
    const { headers } = await fetch(`${origin}/own-headers`)
    assert.deepEqual(
      ['x-frame-options', 'referrer-policy', 'permissions-policy'].map((name) => headers.get(name)),
      ['SAMEORIGIN', 'no-referrer', 'camera=(self)'],
    )
    assert.match(headers.get('content-security-policy') as string, /frame-ancestors 'self'/)
  })

  it('lets no browser and no CDN keep a page for longer than CACHE_TTL, unless the application said so', async () => {
    const cacheControl = async (path: string) => (await fetch(origin + path)).headers.get('cache-control')
    assert.equal(await cacheControl('/cached'), 'public, max-age=0, s-maxage=300')
    assert.equal(await cacheControl('/cached-by-application'), 's-maxage=7200')
    assert.equal(await cacheControl('/outdated'), 'public, max-age=0, s-maxage=0')
    assert.equal(await cacheControl('/many-tags'), 'public, max-age=0, s-maxage=60')
    assert.equal(await cacheControl('/route-by-application'), 's-maxage=7200')
    assert.equal(await cacheControl('/pages-router-by-application'), 's-maxage=7200')
    assert.equal(await cacheControl('/pages-router-for-a-while'), 'public, max-age=0, s-maxage=60')
  })

  it('tells CloudFront the tags of a page, and nothing of its own marks', async () => {
    const { headers } = await fetch(`${origin}/tagged`)
    assert.equal(headers.get('x-amz-meta-cache-tag'), 'pages,a1')
    assert.equal((await fetch(`${origin}/many-tags`)).headers.get('x-amz-meta-cache-tag'), null)
    for (const path of ['/tagged', '/many-tags', '/outdated'])
      for (const name of (await fetch(origin + path)).headers.keys()) assert.doesNotMatch(name, /^x-slipway/)
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

  it('is not filled by bodies that do not come, nor by streams that say nothing', async () => {
    const { port } = server.address() as { port: number }
    const halves = Array.from({ length: 2 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.write('POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf')
      return socket
    })
    while (waiting.length < 2) await new Promise(setImmediate)
    const stop = new AbortController()
    const streams = await Promise.all([1, 2].map(() => fetch(`${origin}/events`, { signal: stop.signal })))
    await new Promise((resolve) => setTimeout(resolve, 1100))
    assert.equal((await fetch(`${origin}/`)).status, 200)
    for (const socket of halves) socket.destroy()
    stop.abort()
    assert.deepEqual(
      streams.map(({ status }) => status),
      [200, 200],
    )
    waiting.length = 0
  })

  it('does not give all its room to one address', async () => {
    const stop = new AbortController()
    const ask = () => fetch(`${origin}/events`, { signal: stop.signal }).then(({ status }) => status)
    const answers: number[] = []
    // In pairs, with time to fall silent, so that none is turned away for the work.
    for (let pair = 0; pair < 3; pair++) {
      answers.push(...(await Promise.all([ask(), ask()])))
      await new Promise((resolve) => setTimeout(resolve, 1050))
    }
    assert.deepEqual(answers, Array(6).fill(200))
    assert.equal(await ask(), 429)
    stop.abort()
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal((await fetch(`${origin}/`)).status, 200)
  })

  const raw = (lines: string[]) =>
    new Promise<number>((resolve, reject) => {
      const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
      socket.once('data', (data) => resolve(Number(String(data).split(' ')[1])))
      socket.once('error', reject)
      socket.end(`${[...lines, 'Host: a', 'Connection: close'].join('\r\n')}\r\n\r\n`)
    })

  it('refuses what is malformed as such, counts it apart, and bothers nobody', async () => {
    assert.equal(await raw(['GET /%FF HTTP/1.1']), 400)
    assert.equal(await raw(['GET /entries/%00 HTTP/1.1']), 400)
    assert.equal(await raw(['TRACE / HTTP/1.1']), 405)
    assert.equal(await raw(['GET / HTTP/1.1', 'Next-Router-State-Tree: junk']), 400)
    assert.equal(await raw(['POST / HTTP/1.1', 'Content-Type: multipart/form-data', 'Content-Length: 0']), 400)
    assert.equal(await raw(['GET / HTTP/1.1', 'Origin: nonsense']), 400)
    assert.equal((await fetch(`${origin}/wrong`)).status, 403, "what Next.js throws about a request is the sender's fault")
    assert.equal(await raw(['GET /%C3%A9?x=%FF HTTP/1.1']), 200)
    const text = await register.metrics()
    assert.match(text, /http_requests_refused_total\{reason="path"\} 2/)
    assert.match(text, /http_requests_refused_total\{reason="origin"\} 2/)
    assert.doesNotMatch(text, /status="500"/)
  })

  it('counts what the client got, whatever Next.js sets afterwards', async () => {
    await fetch(`${origin}/late`)
    const metrics = await register.metrics()
    assert.match(metrics, /http_requests_total\{route="[^"]*",method="GET",status="201"\} 1/)
  })

  it('closes what asks for a protocol that nobody here speaks', async function () {
    this.timeout(10_000)
    const { port } = new URL(origin)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await once(socket, 'close')
  })

  it('logs what strangers repeat once, as a warning, and counts each', async () => {
    const { judgeWarning } = await import('../src/server/client-fault.js')
    const image = '⨯ internal image response failed for /nope.png 404'
    assert.deepEqual([judgeWarning(image), judgeWarning(image)], ['known', 'repeated'])
    const action = 'Failed to find Server Action "00". This request might be from an older or newer deployment.'
    assert.deepEqual([judgeWarning(action), judgeWarning(action)], ['known', 'repeated'])
    assert.equal(judgeWarning('the database is away'), undefined)
    assert.match(await register.metrics(), /http_requests_refused_total\{reason="image"\} 2/)
  })

  it('takes reports of what browsers blocked, counts them, and takes nothing else', async () => {
    const report = {
      'csp-report': {
        'document-uri': `${origin}/page?token=1`,
        'effective-directive': 'img-src',
        'blocked-uri': 'https://images.example.com/a.png?b',
      },
    }
    const post = (body: string) =>
      fetch(`${origin}/api/csp`, { method: 'POST', body, headers: { 'content-type': 'application/csp-report' } })
    assert.equal((await post(JSON.stringify(report))).status, 204)
    assert.equal((await post('{"csp-report":{"effective-directive":"anything"}}')).status, 400)
    assert.equal((await post('x'.repeat(20_000))).status, 413)
    assert.equal((await fetch(`${origin}/api/csp`)).status, 405)
    assert.match(await register.metrics(), /csp_violations_total\{directive="img-src"\} 1/)
  })

  it('counts by route, method and status', async () => {
    const text = await register.metrics()
    assert.match(text, /http_requests_total\{route="\/",method="GET",status="503"\} 1/)
    assert.match(text, /http_request_duration_seconds_count\{route="\/slow",method="GET"\} 2/)
    assert.match(text, /http_requests_shed_total [1-9]/)
  })
})
