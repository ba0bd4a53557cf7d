import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from '../../../../app/test/support/needs.mjs'
import { Postgres, Redis } from '../../../../app/test/support/services.js'
import { type Built, bring, oldestNode, prepareManagers } from './build.js'
import { Front } from './front.js'
import { serveThisPackage } from './registry.js'
import { Running, visit } from './running.js'

/**
 * Applications that know nothing of this package, brought on by the commands that docs/bring-your-app.md shows, and driven
 * behind its server. The first comes from create-next-app; the others are small ones in the shape of public ones.
 */
/** The same in every build, as docs/bring-your-app.md wants it. */
const actionsKey = { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, 'actions').toString('base64') }

describe('applications of others', function () {
  this.timeout(900_000)
  let registry: Awaited<ReturnType<typeof serveThisPackage>>
  let browser: Browser
  const running: Running[] = []
  const start = async (built: Built, settings: Record<string, string> = {}, folder = built.standalone) => {
    const server = await Running.start(folder, settings)
    running.push(server)
    return server
  }

  before(async () => {
    await prepareManagers()
    registry = await serveThisPackage()
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  })
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop()
  })
  after(async () => {
    await browser?.close()
    registry?.close()
  })

  /** Hydrated: the button counts. Nothing refused: no policy was violated, no file missing. */
  async function clicks(server: Running, path: string, heading: RegExp) {
    const { page, complaints } = await visit(browser, server.origin + path)
    assert.match((await page.textContent('h1')) ?? '', heading)
    await page.click('button')
    await page.waitForFunction(() => document.querySelector('button')?.textContent?.includes('1'))
    assert.deepEqual(complaints, [], path)
    return page
  }

  async function isInProduction(server: Running, path = '/') {
    const page = await server.get(path)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'self'/)
    assert.doesNotMatch(policy, /script-src[^;]*unsafe-inline/)
    assert.equal(page.headers.get('x-powered-by'), null)
    assert.match(page.headers.get('x-request-id') as string, /^[\w-]{36}$/)
    assert.equal((await server.get('/api/ready')).status, 200)
    assert.match(await server.metrics(), /http_requests_total\{/)
  }

  it('create-next-app, as it comes', async () => {
    const built = await bring('create-next-app', registry.url, {
      guide: 'A new application',
      variables: { NEXT_FONT_GOOGLE_MOCKED_RESPONSES: new URL('fonts.cjs', import.meta.url).pathname },
    })
    const total = Object.values(built.seconds).reduce((sum, each) => sum + each, 0)
    console.log(`      create-next-app: ${total.toFixed(0)} s in all, ${JSON.stringify(built.seconds)}`)
    const server = await start(built)
    await isInProduction(server)
    assert.deepEqual((await (await server.get('/api/ready')).json()).dependencies, {})
    const { page, complaints } = await visit(browser, server.origin)
    assert.ok((await page.textContent('h1'))?.length)
    assert.deepEqual(complaints, [])
    assert.equal(await server.stop(), 0)

    const older = await Running.start(built.standalone, {}, await oldestNode())
    running.push(older)
    await isInProduction(older)
    assert.equal(await older.stop(), 0)
  })

  it('both routers below a base path, with a proxy, rewrites and redirects; no public, no name; pnpm', async () => {
    const built = await bring('hybrid', registry.url, { fixture: 'hybrid', guide: 'pnpm', before: 'pnpm install' })
    const server = await start(built)
    await isInProduction(server, '/shop')
    await clicks(server, '/shop', /Hybrid shop/)
    const { page, complaints } = await visit(browser, `${server.origin}/shop`)
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
    const built = await bring('pages-i18n', registry.url, { fixture: 'pages-i18n', guide: 'yarn', before: 'yarn install' })
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
    const built = await bring('workspace', registry.url, {
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

  it('Drizzle over postgres with middleware, instrumentation, actions and migrations: DATABASE_URL and secrets as themselves; npm', async () => {
    const built = await bring('saas', registry.url, { fixture: 'saas', guide: 'npm', before: 'npm install --no-audit --no-fund' })
    const postgres = await Postgres.start()
    try {
      const secrets = mkdtempSync(join(tmpdir(), 'slipway-secrets-'))
      writeFileSync(join(secrets, 'password'), 'with spaces & signs\n')
      writeFileSync(join(secrets, 'stripe'), 'sk_test_123\n')
      await postgres.query("create role saas login superuser password 'with spaces & signs'")
      const url = new URL(postgres.url())
      url.username = 'saas'
      url.password = ''
      const settings = {
        DATABASE_URL: url.href,
        DATABASE_PASSWORD_FILE: join(secrets, 'password'),
        STRIPE_SECRET_KEY_FILE: join(secrets, 'stripe'),
      }
      for (const expected of [/migrations applied/, /migrations applied/]) {
        const { status, stdout } = spawnSync(process.execPath, ['migrate.js'], {
          cwd: built.standalone,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings } as NodeJS.ProcessEnv,
        })
        assert.equal(status, 0)
        assert.match(stdout, expected)
      }
      const server = await start(built, settings)
      await isInProduction(server)
      assert.match(await (await server.get('/')).text(), /Ada and friends/)
      assert.equal((await (await server.get('/api/ready')).json()).dependencies.database.state, 'ok')
      const { page, complaints } = await visit(browser, server.origin)
      await page.fill('input[name=name]', 'Grace and friends')
      await page.click('button')
      await page.waitForSelector('li:has-text("Grace and friends")')
      assert.deepEqual(complaints, [])
      assert.match((await server.get('/dashboard')).headers.get('location') ?? '', /\/sign-in$/)
      assert.equal((await server.get('/api/broken')).status, 500)
      assert.deepEqual(await (await server.get('/api/state')).json(), {
        registered: 'sk_test_123'.length,
        seen: 'broken on purpose',
      })
      assert.match(await server.metrics(), /server_errors_total\{kind="route"\} 1/)
      assert.doesNotMatch(server.output, /with spaces|sk_test/)
    } finally {
      postgres.remove()
    }
  })

  it('Kysely over pg with a folder of Prisma migrations and no scripts; bun', async () => {
    const built = await bring('kysely', registry.url, { fixture: 'kysely', guide: 'bun', before: 'bun install' })
    const postgres = await Postgres.start()
    try {
      const settings = { DATABASE_URL: postgres.url() }
      for (let run = 0; run < 2; run++)
        assert.equal(
          spawnSync(process.execPath, ['migrate.js'], {
            cwd: built.standalone,
            env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings } as NodeJS.ProcessEnv,
          }).status,
          0,
        )
      assert.deepEqual(await postgres.query('select migration_name as name from _prisma_migrations order by 1'), [
        { name: '20250101000000_start' },
        { name: '20250202000000_first' },
      ])
      const server = await start(built, settings)
      await isInProduction(server)
      assert.match(await (await server.get('/')).text(), /kept by Kysely/)

      // A password that is rotated, and connections that end with it: clients that ask for it go on.
      const file = join(mkdtempSync(join(tmpdir(), 'slipway-rotated-')), 'password')
      const rotate = async (password: string) => {
        await postgres.query(`alter role rotating password '${password}'`)
        writeFileSync(file, password)
        await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rotating'")
      }
      await postgres.query('create role rotating login')
      await postgres.allow('host all rotating 127.0.0.1/32 scram-sha-256')
      await rotate('of yesterday')
      const url = new URL(postgres.url())
      url.username = 'rotating'
      const rotating = await start(built, { DATABASE_URL: url.href, DATABASE_PASSWORD_FILE: file })
      const who = async () => (await rotating.get('/rotating')).json()
      assert.deepEqual(await who(), { pg: 'rotating', postgres: 'rotating' })
      await rotate('of today')
      for (let tries = 0; tries < 20 && (await rotating.get('/rotating')).status !== 200; tries++) await sleep(50)
      assert.deepEqual(await who(), { pg: 'rotating', postgres: 'rotating' })
      assert.doesNotMatch(rotating.output, /of yesterday|of today/)
    } finally {
      postgres.remove()
    }
  })

  it('cacheComponents on two replicas with one Redis, and a release across builds', async () => {
    const built = await bring('cached', registry.url, {
      fixture: 'cached',
      guide: 'npm',
      before: 'npm install --no-audit --no-fund',
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
      const { page, complaints } = await visit(browser, a.origin)
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
      const next = await bring('cached-next', registry.url, {
        fixture: 'cached',
        guide: 'npm',
        before: 'npm install --no-audit --no-fund',
        variables: { ...actionsKey, DEPLOYMENT_ID: 'second', NEXT_PUBLIC_RELEASE: 'second' },
      })
      const c = await start(next, settings)
      assert.ok(await price(c), 'the next release serves')
      assert.equal(await price(a), fresh, 'and the one before it goes on with its own entries')

      const front = await Front.start(a.port, join(first, '.next/static'))
      try {
        const yesterday = await visit(browser, front.origin)
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
    const built = await bring('assets', registry.url, {
      fixture: 'assets',
      guide: 'npm',
      before: 'npm install --no-audit --no-fund',
      variables: { NEXT_PUBLIC_SHOP: 'Shop of Ada' },
    })
    const server = await start(built)
    await isInProduction(server)
    const page = await clicks(server, '/', /teal/)
    assert.equal(await page.textContent('#public'), 'Shop of Ada')
    assert.equal((await server.get('/')).headers.get('x-proxy'), '/')
    assert.deepEqual(await (await server.get('/api/health')).json(), { mine: true })
  })
})
