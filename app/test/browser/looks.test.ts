import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { App, migrate, planted } from '../support/app'
import { findChromium } from '../support/needs.mjs'
import { freePort, Postgres } from '../support/services'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** As `pulumi up -s local` leaves it: seeded, called localhost, and without a mail provider. */
describe('a first visitor', function () {
  this.timeout(240_000)
  let postgres: Postgres
  let app: App
  let browser: Browser

  before(async () => {
    postgres = await Postgres.start()
    const port = await freePort()
    const settings = {
      DATABASE_URL: postgres.url(),
      EMAIL_API_KEY: undefined,
      AUTH_URL: `http://localhost:${port}`,
      PORT: String(port),
    }
    assert.equal((await migrate({ DATABASE_URL: postgres.url() }, '--seed')).code, 0)
    app = await App.start(settings)
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    postgres?.remove()
  })

  it('finds a seeded site, signs in and publishes an entry, within a minute', async () => {
    const started = performance.now()
    const page = await browser.newPage({ baseURL: `http://localhost:${app.port}` })
    await page.goto('/')
    assert.ok((await page.locator('article').count()) >= 7)
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('Email address').fill('grace.hopper@example.com')
    await page.getByRole('button', { name: 'Give me a link' }).click()
    await page.getByRole('link', { name: 'Open the link' }).click()
    await page.getByRole('button', { name: 'Sign in on this device' }).click()
    await page.getByRole('heading', { name: 'Hello, Grace Hopper' }).waitFor()
    await page.getByRole('link', { name: 'Account', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Write', exact: true }).click()
    await page.getByLabel('Title').fill('The first entry of a stranger')
    await page.getByLabel('Summary').fill('Somebody came by and left a line.')
    await page.getByLabel('What changed').fill('A minute ago this log knew nothing of its visitor.')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.waitForURL('**/entries/the-first-entry-of-a-stranger-*')
    await page.getByRole('link', { name: 'Logbook' }).click()
    await page.getByRole('heading', { name: 'The first entry of a stranger' }).waitFor()
    const seconds = (performance.now() - started) / 1000
    console.log(`      from the first page to the published entry: ${seconds.toFixed(1)} s`)
    assert.ok(seconds < 60)
    await page.close()
  })

  it('who comes from another network is given no link, nor anybody on a site that is not called localhost', async () => {
    const other = await App.start({
      DATABASE_URL: postgres.url(),
      EMAIL_API_KEY: undefined,
      AUTH_URL: 'https://log.example.com',
      ALLOWED_HOSTS: '127.0.0.1',
    })
    try {
      assert.match(await other.text('/sign-in'), /Nobody can sign in here yet/)
    } finally {
      await other.stop()
    }
    const behind = await App.start({
      DATABASE_URL: postgres.url(),
      EMAIL_API_KEY: undefined,
      TRUSTED_PROXIES: '1',
      AUTH_URL: 'http://localhost',
    })
    try {
      const far = { headers: { 'x-forwarded-for': '203.0.113.9' } }
      assert.match(await behind.text('/sign-in', far), /Nobody can sign in here yet/)
      assert.match(await behind.text('/sign-in', { headers: { 'x-forwarded-for': '172.18.0.1' } }), /Give me a link/)
    } finally {
      await behind.stop()
    }
    assert.ok(planted.EMAIL_API_KEY, 'the other suites have a provider')
  })

  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)
    it(`reads and finds everything at ${width} px, ${scheme}: contrast of text 4.5:1, of fields and buttons 3:1, one line of header`, async () => {
      const context = await browser.newContext({
        baseURL: `http://localhost:${app.port}`,
        viewport: { width, height: 844 },
        colorScheme: scheme,
        bypassCSP: true, // the tool is a script of its own
      })
      // What compiles these tests names functions by it.
      await context.addInitScript('globalThis.__name = (named) => named')
      const page = await context.newPage()
      for (const path of [
        '/',
        '/?q=nothing-like-it',
        '/topics/fix',
        '/entries/half-the-time-to-first-byte',
        '/about',
        '/status',
        '/sign-in',
        '/nowhere',
      ]) {
        await page.goto(path, { waitUntil: 'networkidle' })
        assert.deepEqual(await violations(page), [], path)
        assert.deepEqual(await faintControls(page), [], path)
        const { header, wider } = await page.evaluate(() => ({
          header: document.querySelector('header')?.getBoundingClientRect().height ?? 0,
          wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
        }))
        assert.ok(header < 90, `${path}: the header is ${header} px high`)
        assert.equal(wider, false, `${path} scrolls sideways`)
      }
      await context.close()
    })
})

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const tool = (window as unknown as { axe: { run: (what: object) => Promise<{ violations: Violation[] }> } }).axe
    interface Violation {
      id: string
      nodes: { target: string[]; failureSummary: string }[]
    }
    const found = await tool.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
    )
  })
}

/** WCAG 1.4.11, which that tool leaves out: the edge or the ground of a control against what is around it. */
const faintControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    const rgb = (color: string) => {
      pen.clearRect(0, 0, 1, 1)
      pen.fillStyle = color
      pen.fillRect(0, 0, 1, 1)
      return [...pen.getImageData(0, 0, 1, 1).data]
    }
    const light = ([red = 0, green = 0, blue = 0]: number[]) => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ratio = (one: number[], other: number[]) => {
      const [a, b] = [light(one), light(other)].sort((x, y) => y - x) as [number, number]
      return (a + 0.05) / (b + 0.05)
    }
    /** What a control stands on: the nearest ground that is painted, of the drawing where there is one. */
    const ground = (element: Element): number[] => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const sky = at.classList.contains('hero') ? at.querySelector('.sky') : undefined
        const color = rgb(sky ? getComputedStyle(sky).fill : getComputedStyle(at).backgroundColor)
        if ((color[3] ?? 0) > 250) return color
      }
      return rgb(getComputedStyle(document.body).backgroundColor)
    }
    return [...document.querySelectorAll('input:not([type=hidden],[type=radio],[type=file]), textarea, button, .button')].flatMap(
      (control) => {
        // A field within a frame of its own has the frame's edge.
        const framed =
          control.closest('.hero form') && control.tagName === 'INPUT' ? (control.closest('form') as Element) : control
        const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(framed)
        const around = ground(framed)
        const best = Math.max(
          Number.parseFloat(borderTopWidth) > 0 ? ratio(rgb(borderTopColor), around) : 0,
          (rgb(backgroundColor)[3] ?? 0) > 250 ? ratio(rgb(backgroundColor), around) : 0,
        )
        return best >= 3 ? [] : [`${control.tagName} ${control.className || control.id}: ${best.toFixed(2)}`]
      },
    )
  })
