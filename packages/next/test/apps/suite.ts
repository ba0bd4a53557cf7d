import assert from 'node:assert/strict'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from '../../../../app/test/support/needs.mjs'
import { type Built, bring, type Kind, prepareManagers } from './build.js'
import { serveThisPackage } from './registry.js'
import { Running, visit } from './running.js'

/** The same in every build, as docs/bring-your-app.md wants it. */
export const actionsKey = { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, 'actions').toString('base64') }

/** npm, as the guide's own commands use it. */
export const npm = { guide: 'npm', before: 'npm install --no-audit --no-fund' }

/** Inside of a `describe`: what its applications are brought on with, and an end to each server after each test. */
export function applications({ inBrowser }: { inBrowser: boolean }) {
  let registry: Awaited<ReturnType<typeof serveThisPackage>>
  let browser: Browser
  const running: Running[] = []

  before(async () => {
    await prepareManagers()
    registry = await serveThisPackage()
    if (inBrowser) browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  })
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop()
  })
  after(async () => {
    await browser?.close()
    registry?.close()
  })

  return {
    bring: (name: string, kind: Kind) => bring(name, registry.url, kind),
    start: async (built: Built, settings: Record<string, string> = {}, node?: string) => {
      const server = await Running.start(built.standalone, settings, node)
      running.push(server)
      return server
    },
    visit: (url: string) => visit(browser, url),
    /** Hydrated: the button counts. Nothing refused: no policy was violated, no file missing. */
    clicks: async (server: Running, path: string, heading: RegExp) => {
      const { page, complaints } = await visit(browser, server.origin + path)
      assert.match((await page.textContent('h1')) ?? '', heading)
      await page.click('button')
      await page.waitForFunction(() => document.querySelector('button')?.textContent?.includes('1'))
      assert.deepEqual(complaints, [], path)
      return page
    },
  }
}

export async function isInProduction(server: Running, path = '/') {
  const page = await server.get(path)
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.match(policy, /script-src 'self'/)
  assert.doesNotMatch(policy, /script-src[^;]*unsafe-inline/)
  assert.equal(page.headers.get('x-powered-by'), null)
  assert.match(page.headers.get('x-request-id') as string, /^[\w-]{36}$/)
  assert.equal((await server.get('/api/ready')).status, 200)
  assert.match(await server.metrics(), /http_requests_total\{/)
}
