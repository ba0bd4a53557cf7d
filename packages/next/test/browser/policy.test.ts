import assert from 'node:assert/strict'
import type { Browser, BrowserContext } from 'playwright-core'
import { chromiumPath, launch, visit } from '../support/browser'
import { Fixture, type Running } from '../support/fixture'

/** Every kind of page, once in the state in which a cache is empty and once when it is warm. */
const kinds: Record<
  string,
  { fixture: string; path: string; status?: number; cached?: boolean; counter?: false; heading?: RegExp }
> = {
  static: { fixture: 'routes', path: '/', cached: true },
  'cached for a while': { fixture: 'routes', path: '/isr', cached: true },
  'rendered for each request': { fixture: 'routes', path: '/dynamic' },
  'rewritten to a dynamic page': { fixture: 'routes', path: '/alias', heading: /^dynamic$/ },
  'rewritten to a cached page': { fixture: 'routes', path: '/alias-isr', cached: true, heading: /^isr$/ },
  'cached for one parameter': { fixture: 'routes', path: '/mixed/cached', cached: true, heading: /cached for everybody/ },
  'dynamic for another parameter of that route': { fixture: 'routes', path: '/mixed/personal', heading: /personal for ada/ },
  'that parameter through a rewrite': { fixture: 'routes', path: '/alias-mixed/personal', heading: /personal for ada/ },
  'redirected in a page': { fixture: 'routes', path: '/leave', heading: /^dynamic$/ },
  'redirected by the configuration': { fixture: 'routes', path: '/old', heading: /^static$/, cached: true },
  'an error while rendering': { fixture: 'routes', path: '/boom', status: 500, counter: false },
  'not found': { fixture: 'routes', path: '/no-such-page', status: 404, cached: true },
  'not found by the page': { fixture: 'routes', path: '/gone', status: 404, cached: true },
  'not found below a layout that reads cookies': { fixture: 'routes', path: '/personal', status: 404 },
  'of the Pages Router, static': { fixture: 'routes', path: '/legacy' },
  'of the Pages Router, for each request': { fixture: 'routes', path: '/legacy/server' },
  'of the Pages Router, cached for a while': { fixture: 'routes', path: '/legacy/isr', cached: true },
  'below a base path, static': { fixture: 'base-path', path: '/shop/', heading: /^home$/ },
  'below a base path, dynamic': { fixture: 'base-path', path: '/shop/cart/', heading: /^cart$/ },
  'below a base path, without its slash': { fixture: 'base-path', path: '/shop/cart', heading: /^cart$/ },
  'below a base path, of the Pages Router': { fixture: 'base-path', path: '/shop/items/7/', heading: /item 7 en/ },
  'in another language': { fixture: 'base-path', path: '/shop/de/items/7/', heading: /item 7 de/ },
  'not found below a base path, in a layout that reads cookies': {
    fixture: 'base-path',
    path: '/shop/no-such-page/',
    status: 404,
  },
  'static, with cacheComponents': { fixture: 'cache-components', path: '/', cached: true },
  "of 'use cache'": { fixture: 'cache-components', path: '/cached', cached: true },
  'partially prerendered': { fixture: 'cache-components', path: '/partial' },
  'partially prerendered for a known parameter': { fixture: 'cache-components', path: '/partial/known' },
  'partially prerendered for an unknown parameter': { fixture: 'cache-components', path: '/partial/unknown' },
  'dynamic, with cacheComponents': { fixture: 'cache-components', path: '/dynamic' },
  'redirected from what is resumed': { fixture: 'cache-components', path: '/leave', heading: /^partial$/ },
  'not found, with cacheComponents': { fixture: 'cache-components', path: '/no-such-page', status: 404, cached: true },
}

const scriptSources = (policy: string) => /(?:^|; )script-src ([^;]*)/.exec(policy)?.[1] ?? ''

describe('the Content-Security-Policy in a browser', function () {
  this.timeout(600_000)
  let browser: Browser
  let context: BrowserContext
  const servers: Record<string, Running> = {}

  before(async function () {
    if (!chromiumPath) return this.skip()
    browser = await launch()
    for (const name of new Set(Object.values(kinds).map(({ fixture }) => fixture)))
      servers[name] = await Fixture.build(name).start()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    for (const { origin } of Object.values(servers)) await context.addCookies([{ name: 'name', value: 'ada', url: origin }])
  })
  afterEach(() => context?.close())
  after(async () => {
    await browser?.close()
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  })

  for (const [kind, { fixture, path, status = 200, cached = false, counter, heading }] of Object.entries(kinds)) {
    it(`lets a page run that is ${kind}, and nothing else`, async () => {
      const server = servers[fixture] as Running
      for (const state of ['first', 'again']) {
        const seen = await visit(context, server.origin + path, { counter })
        assert.deepEqual(seen.violations, [], `${state}: ${seen.policy}`)
        assert.equal(seen.status, status, state)
        if (heading) assert.match(seen.heading, heading)
        if (counter !== false) assert.ok(seen.hydrated, `${state}: not hydrated; ${seen.errors.join()}`)

        const sources = scriptSources(seen.policy)
        assert.match(sources, /^'self'( |$)/, seen.policy)
        assert.doesNotMatch(sources, /unsafe-inline|strict-dynamic|unsafe-eval/)
        assert.equal(/'nonce-/.test(sources), !cached, `${state}: ${sources}`)
        assert.equal(seen.policy.match(/script-src /g)?.length, 1, 'one policy')
      }
    })
  }

  it('lets draft mode run on a page that is cached for others', async () => {
    for (const [fixture, path] of [
      ['routes', '/mixed/cached'],
      ['routes', '/isr'],
      ['cache-components', '/partial'],
      ['cache-components', '/cached'],
    ] as const) {
      const { origin } = servers[fixture] as Running
      await visit(context, origin + path)
      await context.request.get(`${origin}/draft`)
      const seen = await visit(context, origin + path)
      assert.deepEqual([seen.violations, seen.hydrated], [[], true], `${path}: ${seen.policy}`)
      assert.match(scriptSources(seen.policy), /'nonce-/)
    }
  })

  it('gives nobody the nonce of somebody else', async () => {
    const server = servers['cache-components'] as Running
    const nonces = new Set<string>()
    for (let time = 0; time < 3; time++) {
      const response = await server.get('/partial')
      const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] as string
      const carried = new Set([...(await response.text()).matchAll(/ nonce="([^"]+)"/g)].map(([, value]) => value))
      assert.deepEqual([...carried], [nonce])
      nonces.add(nonce)
    }
    assert.equal(nonces.size, 3)
  })

  it('keeps a script blocked that came with the content, in what is cached as in what is dynamic', async () => {
    for (const [fixture, path] of [
      ['routes', '/stored/cached'],
      ['routes', '/stored/dynamic'],
      ['cache-components', '/stored'],
    ] as const)
      for (const _ of ['first', 'again']) {
        const seen = await visit(context, (servers[fixture] as Running).origin + path)
        assert.ok(seen.hydrated, path)
        assert.equal(seen.stolen, false, `${path}: ${seen.policy}`)
        assert.ok(seen.violations.length > 0)
        assert.ok(
          seen.violations.every((violation) => violation.startsWith('script-src-elem inline')),
          seen.violations.join(),
        )
      }
  })

  it('navigates, with the scripts of the next page', async () => {
    const page = await context.newPage()
    const violations: string[] = []
    await page.exposeFunction('report', (text: string) => violations.push(text))
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        (window as unknown as { report: (text: string) => void }).report(event.blockedURI),
      ),
    )
    await page.goto(`${(servers.routes as Running).origin}/`)
    await page.click('a[href="/dynamic"]')
    await page.waitForSelector('#late')
    await page.goto(`${(servers['cache-components'] as Running).origin}/`)
    await page.click('a[href="/partial"]')
    await page.waitForSelector('#name')
    assert.deepEqual(violations, [])
  })

  it('lets a Server Action run, with JavaScript and without', async () => {
    const { origin } = servers.routes as Running
    for (const javaScriptEnabled of [true, false]) {
      const other = await browser.newContext({ javaScriptEnabled })
      const page = await other.newPage()
      await page.goto(`${origin}/form`)
      await page.click('#save')
      await page
        .waitForFunction(() => document.querySelector('#name')?.textContent === 'ada')
        .catch(async () => {
          assert.equal(await page.textContent('#name'), 'ada')
        })
      await other.close()
    }
  })
})
