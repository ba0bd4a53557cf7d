import assert from 'node:assert/strict'
import type { Browser, BrowserContext } from 'playwright-core'
import { chromiumPath, launch, visit } from '../support/browser'
import { Fixture, type Running } from '../support/fixture'

interface Kind {
  fixture?: string
  status?: number
  heading: RegExp
  /** In the policy's words: something on the page is meant to be blocked. */
  blocked?: RegExp
  counter?: false
  cookies?: Record<string, string>
  /** What the page does, besides running. */
  shows?: Record<string, RegExp>
  globals?: Record<string, unknown>
}

/** Kinds of pages that Next.js has and few applications use together, by address. */
const kinds: Record<string, Kind> = {
  '/': { heading: /variants/, globals: { instrumented: true } },
  '/board': { heading: /board/, shows: { '#team': /Mozilla/ } },
  '/photos': { heading: /photos/ },
  '/photos/7': { heading: /photo 7/ },
  '/deals': { heading: /deals/ },
  '/later': { heading: /later/ },
  '/act': { heading: /act/ },
  '/members': { heading: /401|Unauthorized|logged/i, status: 401 },
  '/members?forbidden': { heading: /forbidden/, status: 403, cookies: { who: 'guest' } },
  '/members?admin': { heading: /members/, cookies: { who: 'admin' } },
  '/broken': { heading: /everything failed/, status: 500, counter: false, cookies: { name: 'ada' } },
  '/broken?well': { heading: /broken/ },
  '/caught': { heading: /caught/, status: 500 },
  '/search?q=tea': { heading: /search/, shows: { '#found': /tea/ } },
  '/scripts': { heading: /scripts/, globals: { early: true, before: true, after: true, lazy: true, late: true } },
  '/scripts/dynamic': { heading: /nonce/, globals: { early: 'with nonce', after: true, late: 'with nonce' } },
  '/worker': { heading: /worker/, shows: { '#answer': /42/ } },
  '/lazy': { heading: /lazy/, shows: { '#inner': /browser alone/ } },
  '/greeting': { heading: /Good day/ },
  '/de/greeting': { heading: /Guten Tag/ },
  '/fr/greeting': { heading: /404/, status: 404 },
  '/json-ld': { heading: /thing/ },
  '/moved': { heading: /deals/ },
  '/styled': { heading: /styled/, blocked: /^style-src-elem inline/ },
  '/no-such-page': { heading: /404/, status: 404 },
  '/private/': {
    fixture: 'cache-variants',
    heading: /private/,
    shows: { '#recommended': /for ada/, '#name': /ada/ },
    cookies: { name: 'ada' },
  },
  '/remote/': { fixture: 'cache-variants', heading: /remote/, shows: { '#price': /0\.\d+/ } },
  '/remote': { fixture: 'cache-variants', heading: /remote/ },
  '/failing/': { fixture: 'cache-variants', heading: /page of its own/ },
  '/entries/1/': { fixture: 'cache-variants', heading: /entry 1/ },
  '/entries/none/': { fixture: 'cache-variants', heading: /no such entry/ },
  '/no-such-page/': { fixture: 'cache-variants', heading: /nothing here/, status: 404 },
  '/start': { fixture: 'pages-variants', heading: /home en/, globals: { themed: true } },
  '/de': { fixture: 'pages-variants', heading: /home de/ },
  '/items/1': { fixture: 'pages-variants', heading: /item 1/ },
  '/items/2': { fixture: 'pages-variants', heading: /item 2|coming/, shows: { h1: /item 2/ } },
  '/de/items/3': { fixture: 'pages-variants', heading: /item 3|coming/, shows: { h1: /item 3/ } },
  '/old/4': { fixture: 'pages-variants', heading: /item 4|coming/, shows: { h1: /item 4/ } },
  '/blocking/5': { fixture: 'pages-variants', heading: /blocking 5/ },
  '/blocking/away': { fixture: 'pages-variants', heading: /home/ },
  '/initial': {
    fixture: 'pages-variants',
    heading: /initial .*Mozilla/,
    shows: { '#inner': /browser alone/ },
    globals: { after: true, lazy: true },
  },
  '/server': { fixture: 'pages-variants', heading: /server \d+/ },
  '/boom': { fixture: 'pages-variants', heading: /it failed/, status: 500 },
  '/lost': { fixture: 'pages-variants', heading: /not here/, status: 404 },
  '/nothing': { fixture: 'pages-variants', heading: /not here/, status: 404 },
}

/** Options of Next.js that change what it writes into pages: the same must be seen with them. */
const withOptions = ['/', '/board', '/deals', '/search?q=tea', '/lazy', '/scripts', '/caught', '/no-such-page']

describe('kinds of pages that few applications have, in a browser', function () {
  this.timeout(600_000)
  let browser: Browser
  let context: BrowserContext
  const servers: Record<string, Running> = {}
  const of = (fixture = 'variants') => servers[fixture] as Running

  before(async function () {
    if (!chromiumPath) return this.skip()
    browser = await launch()
    for (const name of ['variants', 'cache-variants', 'pages-variants']) servers[name] = await Fixture.build(name).start()
    servers.options = await Fixture.build('variants', {
      variant: '-options',
      env: { FRAMEWORK_OPTIONS: 'all', DEPLOYMENT_ID: 'second' },
    }).start()
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context?.close())
  after(async () => {
    await browser?.close()
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  })

  const all = [
    ...Object.entries(kinds),
    ...withOptions.map((path) => [path, { ...kinds[path], fixture: 'options' } as Kind] as const),
  ]
  for (const [path, { fixture, status = 200, heading, blocked, counter, cookies = {}, shows = {}, globals = {} }] of all)
    it(`${fixture ?? 'variants'} ${path}: one policy, nothing refused, hydrated`, async () => {
      const server = of(fixture)
      await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: server.origin })))
      for (const state of ['first', 'again']) {
        const seen = await visit(context, server.origin + path, { counter, shows, globals })
        const violations = blocked ? seen.violations.filter((each) => !blocked.test(each)) : seen.violations
        assert.deepEqual(violations, [], `${state}: ${seen.policy}`)
        if (blocked) assert.notEqual(seen.violations.length, 0, 'what is to be blocked is blocked')
        assert.equal(seen.status, status, state)
        assert.match(seen.heading, heading, state)
        if (counter !== false) assert.ok(seen.hydrated, `${state}: not hydrated; ${seen.errors.join()}`)
        for (const [selector, text] of Object.entries(shows)) assert.match(seen.shown[selector] ?? '', text, selector)
        assert.deepEqual(seen.globals, globals)
        assert.equal(seen.policies, 1, 'one policy')
        assert.doesNotMatch(seen.policy, /script-src[^;]*(unsafe-inline|strict-dynamic|unsafe-eval)/)
      }
    })

  it('opens an intercepted route in its place, and the whole page where it is loaded', async () => {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(`${of().origin}/photos`)
    await page.click('a[href="/photos/7"]')
    await page.waitForSelector('dialog:has-text("modal 7")')
    assert.equal(await page.textContent('h1'), 'photos')
    await page.reload()
    await page.waitForSelector('h1:has-text("photo 7")')
    assert.deepEqual(complaints, [])
  })

  it('goes where a Server Action redirects, with its cookie, with JavaScript and without', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const other = await browser.newContext({ javaScriptEnabled })
      const page = await other.newPage()
      await page.goto(`${of().origin}/act`)
      await page.click('#save')
      await page.waitForSelector('h1:has-text("saved ada")')
      assert.match(page.url(), /\/act\/done$/)
      await other.close()
    }
  })

  it('runs an action that was sent to a page whose code lacks it, whatever host the visitor is on', async () => {
    const server = await Fixture.build('variants').start({ AUTH_URL: undefined })
    const origin = server.origin.replace('127.0.0.1', 'localhost') // not the one by which the server asks itself
    try {
      const [, action = ''] = /\$ACTION_ID_(\w+)/.exec(await (await fetch(`${origin}/act`)).text()) ?? []
      const body = new FormData()
      body.set('1_name', 'ada')
      body.set('0', '["$K1"]')
      const headers = { 'next-action': action, accept: 'text/x-component', origin }
      const answer = await fetch(`${origin}/board`, { method: 'POST', headers, body, redirect: 'manual' })
      assert.match(answer.headers.get('x-action-redirect') ?? '', /^\/act\/done;/, server.output)
      assert.doesNotMatch(server.output, /TRUSTED_PROXIES|Invalid Server Actions/)
    } finally {
      await server.stop()
    }
  })

  it('runs after() once for each request', async () => {
    const count = async () => ((await (await of().get('/later/count')).json()) as { later: number }).later
    const before = await count()
    for (let time = 0; time < 3; time++) await (await of().get('/later')).text()
    for (let tries = 0; tries < 40 && (await count()) < before + 3; tries++) await new Promise((wait) => setTimeout(wait, 25))
    assert.equal(await count(), before + 3)
  })

  it('serves the files that Next.js makes of code, and a document in pieces with a policy that blocks its script', async () => {
    for (const [path, type] of [
      ['/sitemap.xml', 'application/xml'],
      ['/robots.txt', 'text/plain'],
      ['/manifest.webmanifest', 'application/manifest+json'],
    ] as const) {
      const response = await of().get(path)
      assert.deepEqual([response.status, response.headers.get('content-type')?.split(';')[0]], [200, type], path)
    }
    const image = /property="og:image" content="https:\/\/shop\.example\.com([^"]+)"/.exec(
      await (await of().get('/deals')).text(),
    )?.[1]
    const drawn = await of().get(image as string)
    assert.deepEqual([drawn.status, drawn.headers.get('content-type')], [200, 'image/png'])
    assert.deepEqual([...new Uint8Array(await drawn.arrayBuffer())].slice(1, 4), [...Buffer.from('PNG')])

    const seen = await visit(context, `${of().origin}/stream`, { counter: false })
    assert.deepEqual([seen.heading, seen.stolen, seen.policies], ['streamed', false, 1])
  })

  it('answers other methods than GET as Next.js does, without a failure', async () => {
    const failures = await of().metric(/^http_requests_total\{.*status="5/)
    for (const [method, path, status] of [
      ['HEAD', '/', 200],
      ['HEAD', '/board', 200],
      ['HEAD', '/sitemap.xml', 200],
      ['OPTIONS', '/later/count', 204],
      ['POST', '/later/count', 405],
      ['DELETE', '/later/count', 405],
    ] as const) {
      const response = await of().get(path, { method })
      assert.equal(response.status, status, `${method} ${path}`)
    }
    assert.equal(await of().metric(/^http_requests_total\{.*status="5/), failures)
  })

  it('lets preview mode of the Pages Router run on a page that is cached for others', async () => {
    const { origin } = of('pages-variants')
    await visit(context, `${origin}/items/1`)
    await context.request.get(`${origin}/api/preview`)
    const seen = await visit(context, `${origin}/items/1`)
    assert.deepEqual([seen.violations, seen.hydrated, seen.heading], [[], true, 'item 1'], seen.policy)
  })

  it('asks for files by their content alone where a release has an id, and for no file that is not there', async () => {
    const page = await context.newPage()
    const asked: Array<[string, number]> = []
    page.on('response', (response) => {
      if (response.url().includes('/_next/static/')) asked.push([response.url(), response.status()])
    })
    await page.goto(`${of('options').origin}/lazy`, { waitUntil: 'networkidle' })
    assert.ok(asked.filter(([url]) => url.includes('/_next/static/immutable/')).length > 3, JSON.stringify(asked))
    for (const [url, status] of asked) {
      assert.equal(status, 200, url)
      assert.equal(url.includes('?dpl='), !url.includes('/immutable/'), url)
    }
    const [file = ''] = asked.find(([url]) => url.includes('/immutable/')) ?? []
    assert.match((await fetch(file)).headers.get('cache-control') ?? '', /immutable/)
  })
})
