import assert from 'node:assert/strict'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { App, entry, mailbox, migrate, signedIn } from '../support/app'
import { findChromium } from '../support/needs.mjs'
import { Postgres, Redis } from '../support/services'

describe('in the browser', function () {
  this.timeout(240_000)
  let postgres: Postgres
  let redis: Redis
  let post: Awaited<ReturnType<typeof mailbox>>
  let app: App
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const complaints: string[] = []

  before(async () => {
    ;[postgres, redis, post] = [await Postgres.start(), await Redis.start(), await mailbox()]
    const settings = {
      DATABASE_URL: postgres.url(),
      REDIS_URL: redis.url,
      EMAIL_API_URL: post.url,
      STORAGE_BUCKET: `file:///tmp/logbook-browser-${process.pid}`,
    }
    await migrate(settings, '--seed')
    app = await App.start(settings)
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  })
  beforeEach(async () => {
    context = await browser.newContext({ baseURL: app.origin })
    page = await context.newPage()
    page.setDefaultTimeout(60_000)
    complaints.length = 0
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterEach(() => context.close())
  after(async () => {
    await browser?.close()
    await app?.stop()
    post?.close()
    await redis?.remove()
    postgres?.remove()
  })

  const title = () => page.locator('h1').textContent()

  async function comeIn() {
    const { cookie } = await signedIn(postgres)
    const [name, value] = cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, url: app.origin }])
  }

  it('every kind of page loads without a violation of its policy, on first and second visit', async () => {
    await comeIn()
    for (const path of [
      '/',
      '/?q=time',
      '/topics/security',
      '/entries/half-the-time-to-first-byte',
      '/about',
      '/status',
      '/write',
      '/account',
    ]) {
      for (const visit of ['first', 'second']) {
        const response = await page.goto(path, { waitUntil: 'networkidle' })
        assert.equal(response?.status(), 200, path)
        const policy = response?.headers()['content-security-policy'] ?? ''
        assert.match(policy, /script-src 'self' '(nonce|sha256)-/, `${path} ${visit}`)
      }
    }
    assert.deepEqual(complaints, [])
  })

  it('is interactive: pages change without loading anew', async () => {
    await page.goto('/', { waitUntil: 'networkidle' })
    await page.evaluate(() => Object.assign(window, { stillHere: true }))
    await page.getByRole('link', { name: 'About', exact: true }).click()
    await page.waitForURL('**/about')
    assert.equal(await title(), 'How this log is kept')
    assert.equal(await page.evaluate(() => 'stillHere' in window), true)
    assert.deepEqual(complaints, [])
  })

  it('sign in, write with a picture, edit, delete, sign out', async () => {
    await page.goto('/write')
    await page.getByLabel('Email address').fill('grace@example.com')
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await page.getByText('A link is on its way').waitFor()
    await page.goto(post.mails.at(-1)?.text.match(/http\S+/)?.[0] as string)
    await page.getByRole('button', { name: 'Sign in on this device' }).click()
    await page.waitForURL('**/write')

    await page.getByLabel('Title').fill('Lighthouse in every harbour')
    await page.getByLabel('Performance').check()
    await page.getByLabel('Summary').fill('Short')
    await page.getByLabel('What changed').fill('We put a lighthouse into every harbour, and ships find home.')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('The summary needs at least 10 characters.').waitFor()
    assert.equal(await page.getByLabel('Title').inputValue(), 'Lighthouse in every harbour')

    await page.getByLabel('Summary').fill('Ships find their way home at night.')
    const picture = await sharp({ create: { width: 1600, height: 800, channels: 3, background: '#c63' } })
      .png()
      .toBuffer()
    await page.getByLabel('Picture').setInputFiles({ name: 'tower.png', mimeType: 'image/png', buffer: picture })
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.waitForURL('**/entries/lighthouse-in-every-harbour-*')
    assert.equal(await title(), 'Lighthouse in every harbour')
    const width = await page.locator('img.cover').evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      return image.naturalWidth
    })
    assert.ok(width > 0)

    await page.goto('/account')
    await page.getByRole('link', { name: /^Edit Lighthouse/ }).click()
    await page.waitForURL('**/edit')
    await page.getByLabel('Title').fill('A lighthouse in every harbour')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.waitForURL(/lighthouse-in-every-harbour-\w+$/)
    assert.equal(await title(), 'A lighthouse in every harbour')
    await page.goto('/')
    await page.getByRole('link', { name: 'A lighthouse in every harbour' }).waitFor()

    await page.goto('/account')
    await page.getByRole('link', { name: /^Edit A lighthouse/ }).click()
    await page.getByRole('button', { name: 'Delete entry' }).click()
    await page.waitForURL('**/account')
    await page.getByText('You have not written anything yet').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${app.origin}/`)
    await page.goto('/account')
    assert.equal(await title(), 'Sign in')
    assert.deepEqual(complaints, [])
  })

  it('without JavaScript: search, read, sign in and write', async () => {
    const plain = await browser.newContext({ baseURL: app.origin, javaScriptEnabled: false })
    const tab = await plain.newPage()
    tab.setDefaultTimeout(60_000)
    await tab.goto('/')
    await tab.getByLabel('Search the log').fill('byte')
    await tab.getByRole('button', { name: 'Search' }).click()
    await tab.getByRole('link', { name: 'Half the time to first byte' }).click()
    assert.equal(await tab.locator('h1').textContent(), 'Half the time to first byte')
    await tab.goto('/write')
    await tab.getByLabel('Email address').fill('plain@example.com')
    await tab.getByRole('button', { name: 'Email me a link' }).click()
    await tab.getByText('A link is on its way').waitFor()
    await tab.goto(post.mails.at(-1)?.text.match(/http\S+/)?.[0] as string)
    await tab.getByRole('button', { name: 'Sign in on this device' }).click()
    for (const [label, value] of [
      ['Title', 'Plain old forms'],
      ['Summary', 'They still work as well as ever.'],
      ['What changed', 'Nothing changed, and that is the point of it.'],
    ] as const)
      await tab.getByLabel(label).fill(value)
    await tab.getByRole('button', { name: 'Publish' }).click()
    assert.equal(await tab.locator('h1').textContent(), 'Plain old forms')
    await plain.close()
  })

  it('says when there is no such page, and when something broke', async () => {
    const response = await page.goto('/entries/never-written')
    assert.equal(response?.status(), 404)
    assert.equal(await title(), 'Nothing on the horizon')

    await page.goto('/', { waitUntil: 'networkidle' })
    postgres.down('immediate')
    try {
      const broken = await page.goto('/?q=anything', { timeout: 30_000 })
      assert.equal(broken?.status(), 500)
      await page.getByText('We hit rough water').waitFor()
      assert.doesNotMatch(await page.content(), /ECONNREFUSED|127\.0\.0\.1:\d+\/|select /)
      assert.ok(!complaints.some((text) => text.includes('Content Security Policy')), complaints.join('\n'))
    } finally {
      postgres.up()
    }
  })

  it('reports Web Vitals by route', async () => {
    await page.goto('/about', { waitUntil: 'networkidle' })
    await page.mouse.click(10, 10)
    await page.goto('about:blank')
    await page.waitForTimeout(500)
    assert.match(await app.metrics(), /web_vitals_seconds_count\{metric="(TTFB|FCP|LCP)",route="\/about"\} [1-9]/)
  })

  it('carries no secret, no source map and nothing of Sentry while that is off', async () => {
    const bodies: string[] = []
    page.on('response', async (response) => bodies.push(await response.text().catch(() => '')))
    await page.goto('/', { waitUntil: 'networkidle' })
    await page.goto('/write', { waitUntil: 'networkidle' })
    const all = bodies.join('\n')
    assert.doesNotMatch(all, /planted-|sourceMappingURL|sentry\.io|DATABASE_URL/)
    const script = (await page.content()).match(/\/_next\/static\/chunks\/[^"?]+\.js/)?.[0] as string
    assert.equal((await app.get(`${script}.map`)).status, 404)
  })

  it('a page opened before a release works with the server after it', async () => {
    await comeIn()
    await page.goto('/write', { waitUntil: 'networkidle' })
    // The new release: another process with the same build secrets and empty memory.
    const port = app.port
    await app.stop()
    app = await App.start({ DATABASE_URL: postgres.url(), REDIS_URL: redis.url, EMAIL_API_URL: post.url, PORT: String(port) })
    for (const [name, value] of Object.entries(entry('Written on an old page'))) {
      if (name === 'topic') continue
      await page.locator(`[name=${name}]`).fill(value)
    }
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.waitForURL('**/entries/written-on-an-old-page-*')
    assert.equal(await title(), 'Written on an old page')
  })
})
