import assert from 'node:assert/strict'
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from '../../../../app/test/support/services.js'
import { oldestNode } from './build.js'
import { Front } from './front.js'
import type { Running } from './running.js'
import { actionsKey, applications, isInProduction, npm } from './suite.js'

/**
 * Applications that know nothing of this package, brought on by the commands that docs/bring-your-app.md shows, and driven
 * behind its server. The first comes from create-next-app; the others are small ones in the shape of public ones.
 */
describe('applications of others, in a browser', function () {
  this.timeout(900_000)
  this.retries(1)
  const { bring, start, visit, clicks } = applications({ inBrowser: true })

  it('create-next-app, as it comes', async () => {
    const built = await bring('create-next-app', {
      guide: 'A new application',
      variables: { NEXT_FONT_GOOGLE_MOCKED_RESPONSES: new URL('fonts.cjs', import.meta.url).pathname },
    })
    const total = Object.values(built.seconds).reduce((sum, each) => sum + each, 0)
    console.log(`      create-next-app: ${total.toFixed(0)} s in all, ${JSON.stringify(built.seconds)}`)
    const server = await start(built)
    await isInProduction(server)
    assert.deepEqual((await (await server.get('/api/ready')).json()).dependencies, {})
    const { page, complaints } = await visit(server.origin)
    assert.ok((await page.textContent('h1'))?.length)
    assert.deepEqual(complaints, [])
    assert.equal(await server.stop(), 0)

    const older = await start(built, {}, await oldestNode())
    await isInProduction(older)
    assert.equal(await older.stop(), 0)
  })

  it('both routers below a base path, with a proxy, rewrites and redirects; no public, no name; pnpm', async () => {
    const built = await bring('hybrid', { fixture: 'hybrid', guide: 'pnpm', before: 'pnpm install' })
    const server = await start(built)
    await isInProduction(server, '/shop')
    await clicks(server, '/shop', /Hybrid shop/)
    const { page, complaints } = await visit(`${server.origin}/shop`)
    assert.match((await page.textContent('#visitor')) ?? '', /Mozilla/)
    await page.click('a[href="/shop/products/tea"]')
    await page.waitForSelector('h1:has-text("Product tea")')
    assert.deepEqual(complaints, [])
    for (const [path, text] of [
      ['/shop/products/coffee', /Product (<!-- -->)?coffee/],
      ['/shop/old/tea', /Product (<!-- -->)?tea/],
      ['/shop/about', /About, by the Pages Router/],
      ['/shop/now', /Now (<!-- -->)?\d+/],
    ] as const) {
      const response = await server.get(path)
      assert.match(await response.text(), text, path)
      assert.match(response.headers.get('content-security-policy') ?? '', /script-src/, path)
    }
    assert.deepEqual(await (await server.get('/shop/api/hello')).json(), { hello: 'shop' })
    assert.equal((await server.get('/shop/gone')).headers.get('location'), '/shop/about')
    const refused = await server.get('/shop/dashboard')
    assert.equal(refused.status, 307)
    assert.match(refused.headers.get('location') ?? '', /\/shop\/about$/)
    assert.equal((await server.get('/shop/dashboard', { headers: { cookie: 'session=1' } })).status, 200)
    for (const path of ['/api/health', '/shop/api/health', '/shop/api/ready'])
      assert.equal((await server.get(path)).status, 200, path)
    assert.match(await server.metrics(), /route="\/products\/\[slug\]"/)
  })

  it('the Pages Router with locales, a slash at the end, src/ and a document of its own; yarn', async () => {
    const built = await bring('pages-i18n', { fixture: 'pages-i18n', guide: 'yarn', before: 'yarn install' })
    const server = await start(built)
    await isInProduction(server)
    await clicks(server, '/', /Pages in en/)
    await clicks(server, '/de/', /Pages in de/)
    for (const [path, text] of [
      ['/posts/first/', /Post (<!-- -->)?first/],
      ['/posts/second/', /Post (<!-- -->)?second/],
      ['/de/account/', /Account in (<!-- -->)?de/],
    ] as const)
      assert.match(await (await server.get(path)).text(), text, path)
    assert.equal((await server.get('/posts/none/')).status, 404)
    assert.equal((await server.get('/account')).status, 308)
    const metrics = await server.metrics()
    for (const route of ['/posts/[slug]', '/account']) assert.ok(metrics.includes(`route="${route}"`), route)
  })

  it('an application of a workspace with Turborepo; pnpm', async () => {
    const built = await bring('workspace', {
      fixture: 'workspace',
      below: 'apps/web',
      guide: 'workspace',
      before: 'pnpm install',
    })
    const server = await start(built, { WHO: 'ada' })
    await isInProduction(server)
    await clicks(server, '/', /Web of the workspace/)
    assert.deepEqual(await (await server.get('/api/who')).json(), { who: 'ada' })
    assert.equal(await server.stop(), 0)
  })

  it('cacheComponents on two replicas with one Redis, and a release across builds', async () => {
    const built = await bring('cached', {
      fixture: 'cached',
      ...npm,
      variables: { ...actionsKey, DEPLOYMENT_ID: 'first', NEXT_PUBLIC_RELEASE: 'first' },
    })
    const first = mkdtempSync(join(tmpdir(), 'slipway-release-'))
    cpSync(built.standalone, first, { recursive: true, verbatimSymlinks: true })
    const redis = await Redis.start()
    try {
      const settings = { REDIS_URL: redis.url }
      const [a, b] = [await start(built, settings), await start(built, settings)]
      await isInProduction(a)
      const price = async (server: Running) => (await (await server.get('/')).text()).match(/id="price">([\w-]{36})</)?.[1]
      const known = await price(a)
      assert.ok(known)
      assert.equal(await price(b), known, 'the other replica has what the first one made')
      const { page, complaints } = await visit(a.origin)
      assert.equal(await page.textContent('#price'), known)
      assert.ok(Number(await page.textContent('#now')) > 0, 'the part of the request came after the shell')
      assert.ok(
        await page.evaluate(() => (document.querySelector('img') as HTMLImageElement).naturalWidth > 0),
        'the picture is optimised',
      )
      await page.click('button')
      await page.waitForFunction((old) => document.querySelector('#price')?.textContent !== old, known)
      assert.deepEqual(complaints, [])
      const fresh = await page.textContent('#price')
      for (const server of [a, b]) assert.equal(await price(server), fresh, 'no replica serves what was invalidated')

      // The next release: another build of the same application. A visitor with a page of this one comes to the next by itself.
      const next = await bring('cached-next', {
        fixture: 'cached',
        ...npm,
        variables: { ...actionsKey, DEPLOYMENT_ID: 'second', NEXT_PUBLIC_RELEASE: 'second' },
      })
      const c = await start(next, settings)
      assert.ok(await price(c), 'the next release serves')
      assert.equal(await price(a), fresh, 'and the one before it goes on with its own entries')

      const front = await Front.start(a.port, join(first, '.next/static'))
      try {
        const yesterday = await visit(front.origin)
        front.port = c.port
        await yesterday.page.click('#more')
        await yesterday.page.waitForSelector('#details:has-text("details of first")')
        assert.ok(front.fromBefore > 0, 'the file that it asked for is of the old build alone')
        const [before, ofTheNew] = [await yesterday.page.textContent('#price'), await price(c)]
        await yesterday.page.click('form button')
        for (let tries = 0; tries < 200 && (await price(c)) === ofTheNew; tries++) await sleep(25)
        assert.notEqual(await price(c), ofTheNew, 'its action ran in the new build')
        await yesterday.page.waitForFunction((old) => document.querySelector('#price')?.textContent !== old, before)
        await yesterday.page.click('a[href^="/about"]')
        await yesterday.page.waitForSelector('h1:has-text("About second")')
        const loaded = await yesterday.page.evaluate(() => performance.getEntriesByType('navigation')[0]?.name)
        assert.equal(loaded, `${front.origin}/about`, 'loaded anew, and not by the router of the old build')
        const about = await yesterday.page.request.get(`${front.origin}/about`)
        assert.match(await about.text(), /data-dpl-id="second"/)
        assert.deepEqual(yesterday.complaints, [])
      } finally {
        front.close()
      }
    } finally {
      await redis.remove()
    }
  })

  it('TypeScript with a prefix for assets, a proxy, a health route of its own and a public variable; npm', async () => {
    const built = await bring('assets', {
      fixture: 'assets',
      ...npm,
      variables: { NEXT_PUBLIC_SHOP: 'Shop of Ada' },
    })
    const server = await start(built)
    await isInProduction(server)
    const page = await clicks(server, '/', /teal/)
    assert.equal(await page.textContent('#public'), 'Shop of Ada')
    assert.equal((await server.get('/')).headers.get('x-proxy'), '/')
    assert.deepEqual(await (await server.get('/api/health')).json(), { mine: true })

    // One image in two environments: what a page hands to its client component is of the environment, kept or not.
    const other = await start(built, { SHOP_NAME: 'Staging' })
    const production = await start(built, { SHOP_NAME: 'Production' })
    for (const path of ['/where', '/kept', '/kept']) {
      await clicks(other, path, /^Staging$/)
      await clicks(production, path, /^Production$/)
    }
  })

  it('MDX and Markdown as pages, with extensions and a distDir of its own, below src/ with a proxy; npm', async () => {
    const built = await bring('mdx', { fixture: 'mdx', ...npm })
    const server = await start(built)
    await isInProduction(server)
    const guide = await clicks(server, '/guide', /A guide in MDX/)
    assert.deepEqual(
      [
        await guide.title(),
        await guide.textContent('td'),
        await guide.textContent('del'),
        await guide.getAttribute('h1', 'class'),
      ],
      ['Guide', 'docker', 'Gone', 'title'],
    )
    for (const [path, heading] of [
      ['/', 'A page in Markdown'],
      ['/posts/first', 'The first post'],
    ] as const) {
      const { page, complaints } = await visit(server.origin + path)
      assert.equal(await page.textContent('h1'), heading)
      assert.deepEqual(complaints, [], path)
    }
    const missing = await server.get('/posts/second')
    assert.deepEqual([missing.status, missing.headers.get('x-proxy')], [404, 'ran'])
    const metrics = await server.metrics()
    for (const route of ['/guide', '/posts/[slug]']) assert.ok(metrics.includes(`route="${route}"`), route)
  })
})
