import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, get, type Server } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { chromiumPath, launch, visit } from '../support/browser'
import { Fixture, type Running } from '../support/fixture'

/** The address is in the build: rewrites are fixed there. */
const elsewherePort = 21_987
/** Where the files of a build are that says so: `assetPrefix`. */
const filesPort = 21_988
const own = "default-src 'none'; script-src 'unsafe-inline'"

/** Another server, as a rewrite reaches it: a page with a script, with a policy of its own and without. */
async function elsewhere(): Promise<Server> {
  const server = createServer(({ url = '', headers }, response) => {
    response.setHeader('content-type', 'text/html')
    if (url.startsWith('/own')) response.setHeader('content-security-policy', own)
    response.end(`<!doctype html><h1>elsewhere ${headers['x-forwarded-host']}</h1><script>window.theirs = true</script>`)
  }).listen(elsewherePort, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A CDN, as far as a browser can tell. */
async function filesOf(folder: string): Promise<Server> {
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.split('?', 1)[0] as string).replace('/files/_next/static/', '')
    response.setHeader('content-type', path.endsWith('.css') ? 'text/css' : 'text/javascript')
    response.end(readFileSync(join(folder, '.next/static', path)))
  }).listen(filesPort, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** What few applications use together: several root layouts, edge functions, rewrites to another server, hosts by language. */
describe('corners of Next.js, in a browser', function () {
  this.timeout(600_000)
  let browser: Browser
  let context: BrowserContext
  const others: Server[] = []
  let corners: Running
  let domains: Running

  before(async function () {
    if (!chromiumPath) return this.skip()
    browser = await launch()
    others.push(await elsewhere())
    const built = Fixture.build('corners', { env: { ELSEWHERE: `http://127.0.0.1:${elsewherePort}` } })
    corners = await built.start({ SHOP_NAME: 'of the environment' })
    const ofDomains = Fixture.build('domains')
    others.push(await filesOf(ofDomains.folder))
    domains = await ofDomains.start({ AUTH_URL: 'https://shop.example.com' })
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context?.close())
  after(async () => {
    await browser?.close()
    for (const other of others) other.close()
    await Promise.all([corners, domains].map((server) => server?.stop()))
  })

  for (const [path, heading, status = 200] of [
    ['/s/docs/', /^docs$/],
    ['/s/counted/', /^counted$/],
    ['/s/edge/', /^edge for 127/],
    ['/s/upload/', /^upload$/],
    ['/s/no/such/page/', /404/, 404],
  ] as const)
    it(`${path}: one policy, nothing refused, hydrated`, async () => {
      for (const state of ['first', 'again']) {
        const seen = await visit(context, corners.origin + path)
        assert.deepEqual([seen.violations, seen.errors], [[], []], `${state}: ${seen.policy}`)
        assert.deepEqual([seen.status, seen.policies, seen.hydrated], [status, 1, true], `${state}: ${seen.policy}`)
        assert.match(seen.heading, heading)
        assert.doesNotMatch(seen.policy, /script-src[^;]*(unsafe-inline|strict-dynamic)/)
      }
    })

  it('goes from one root layout to the other', async () => {
    const page = await context.newPage()
    await page.goto(`${corners.origin}/s/docs/`)
    await page.click('a')
    await page.waitForSelector('h1:has-text("counted")')
    assert.equal(await page.getAttribute('html', 'lang'), 'en')
  })

  it('takes a policy and a nonce that the application makes itself, as the guide of Next.js has it', async () => {
    const seen = await visit(context, `${corners.origin}/s/own-nonce/`, { globals: { mine: true } })
    assert.deepEqual([seen.violations, seen.hydrated, seen.policies, seen.globals], [[], true, 1, { mine: true }], seen.policy)
    assert.match(seen.policy, /strict-dynamic/)
  })

  it('sends files from a browser to a Server Action', async () => {
    const page = await context.newPage()
    await page.goto(`${corners.origin}/s/upload/`)
    await page.click('#send')
    await page.waitForSelector('#send:has-text("300000 text/plain, two.bin 2")')
    assert.match((await page.textContent('#send')) ?? '', /ä 1\.txt 300000/)
  })

  it('keeps what unstable_cache keeps until its tag is revalidated', async () => {
    const page = await context.newPage()
    const price = async () => {
      await page.goto(`${corners.origin}/s/counted/`)
      return page.textContent('#price')
    }
    const first = await price()
    assert.equal(await price(), first)
    await page.click('#change')
    await page.waitForFunction((old) => document.querySelector('#price')?.textContent !== old, first)
  })

  it('answers from an edge function with the environment and the address that visitors use', async () => {
    const response = await corners.get('/s/edge-api/', { method: 'POST', body: 'four' })
    assert.deepEqual(await response.json(), {
      url: `http://localhost:${corners.port}/s/edge-api/`,
      length: 4,
      shop: 'of the environment',
    })
  })

  it('lets no document of another server through without a policy, and leaves alone what that says itself', async () => {
    const without = await visit(context, `${corners.origin}/s/elsewhere/page/`, { counter: false })
    assert.match(without.heading, /^elsewhere 127\.0\.0\.1:\d+$/)
    assert.equal(without.policies, 1)
    assert.match(without.policy, /script-src 'self'/)
    assert.deepEqual(without.violations.length, 1, 'its inline script')
    const withOwn = await visit(context, `${corners.origin}/s/elsewhere/own/`, { counter: false, globals: { theirs: true } })
    assert.deepEqual([withOwn.policy, withOwn.policies, withOwn.globals], [own, 1, { theirs: true }])
  })

  it('takes scripts and styles from the origin of assetPrefix, and from no other', async () => {
    const seen = await visit(context, `${domains.origin}/s/posts/tea/`)
    assert.deepEqual([seen.violations, seen.errors, seen.hydrated], [[], [], true], seen.policy)
    assert.match(seen.policy, /script-src 'self' http:\/\/127\.0\.0\.1:21988( |;)/)
    const page = await context.newPage()
    await page.goto(`${domains.origin}/s/`)
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('h1') as Element).color), 'rgb(1, 2, 3)')
  })

  describe('hosts by language (i18n.domains)', () => {
    const ask = (host: string, path: string, { port } = domains) =>
      new Promise<{ origin: string; location: string | undefined; body: string }>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: `/s${path}`, headers: { host } }, (response) => {
          const { location, 'x-url': url } = response.headers
          let body = ''
          response.setEncoding('utf8').on('data', (piece) => (body += piece))
          response.on('end', () => resolve({ origin: url ? new URL(String(url)).origin : '', location, body }))
        }).on('error', reject)
      })

    it('each has its language, and is the address of a request to it', async () => {
      for (const [host, locale] of [
        ['shop.example.com', 'en'],
        ['shop.example.de', 'de'],
      ] as const) {
        const { origin, body } = await ask(host, '/posts/tea/')
        assert.match(body, new RegExp(`tea(<!-- -->| )*${locale}`), host)
        assert.equal(origin, `https://${host}`)
        assert.match((await ask(host, '/fr/posts/tea/')).body, /tea(<!-- -->| )*fr/, host)
      }
      assert.equal((await ask('evil.example', '/posts/tea/')).origin, 'https://shop.example.com')
    })

    it('a proxy redirects and rewrites to the host that the visitor is on, and to another where it says so', async () => {
      const anywhere = await Fixture.build('domains').start({ AUTH_URL: undefined })
      try {
        for (const [host, server] of [
          ['shop.example.com', domains],
          ['shop.example.de', domains],
          ['10.0.0.7:8080', anywhere],
        ] as const) {
          const base = `https://${host}/s/leave/`
          const at = (location: string | undefined) => new URL(location ?? 'none:', base).href
          assert.equal(at((await ask(host, '/leave/', server)).location), `https://${host}/s/posts/left/`)
          assert.equal(at((await ask(host, '/canonical/', server)).location), 'https://shop.example.com/s/posts/left/')
          assert.match((await ask(host, '/alias/', server)).body, /alias(<!-- -->| )*(en|de)/, host)
        }
        assert.equal((await ask('10.0.0.7:8080', '/posts/tea/', anywhere)).origin, 'http://10.0.0.7:8080')
      } finally {
        await anywhere.stop()
      }
    })
  })
})
