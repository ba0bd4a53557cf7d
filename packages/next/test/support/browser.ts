import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Locator } from 'playwright-core'

export const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] })

export interface Visit {
  status: number
  policy: string
  heading: string
  violations: string[]
  /** The client component reacted: the page is hydrated. */
  hydrated: boolean
  /** A script that came with the content ran. */
  stolen: boolean
  url: string
  errors: string[]
  /** Texts of what was asked for, by selector. */
  shown: Record<string, string>
  /** Values of what was asked for, of the window. */
  globals: Record<string, unknown>
  /** How many policies the page was given. */
  policies: number
}

interface Wanted {
  /** The button that counts its clicks; `false` on a page that has none. */
  counter?: string | false
  /** Waits for these texts. */
  shows?: Record<string, RegExp>
  /** Waits for these to be there. */
  globals?: Record<string, unknown>
}

/** Opens a page as a visitor and looks whether the policy let everything through that is the framework's. */
export async function visit(
  context: BrowserContext,
  url: string,
  { counter = '#counter', shows = {}, globals = {} }: Wanted = {},
): Promise<Visit> {
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { violations: seen })
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`),
    )
  })
  try {
    const response = await page.goto(url, { waitUntil: 'load' })
    const button = page.locator(counter || 'none').first()
    let hydrated = false
    // A redirect of what is resumed is followed by the browser's own code, some time after the load.
    if (counter && (await appears(button)))
      for (let tries = 0; tries < 40 && !hydrated; tries++) {
        await button.click({ timeout: 2000 }).catch(() => {})
        hydrated = /count [1-9]/.test((await button.textContent()) ?? '')
        if (!hydrated) await page.waitForTimeout(50)
      }
    const shown: Record<string, string> = {}
    for (const [selector, text] of Object.entries(shows)) {
      const found = page.locator(selector, { hasText: text }).first()
      shown[selector] = (await found.textContent({ timeout: 5000 }).catch(() => '')) ?? ''
    }
    const names = Object.keys(globals)
    await page.waitForFunction((all) => all.every((name) => name in window), names, { timeout: 5000 }).catch(() => {})
    const values = await page.evaluate(
      (all) => Object.fromEntries(all.map((name) => [name, (window as unknown as Record<string, unknown>)[name]])),
      names,
    )
    const sent = await response?.headersArray()
    return {
      shown,
      globals: values,
      policies: sent?.filter(({ name }) => name.toLowerCase() === 'content-security-policy').length ?? 0,
      status: response?.status() ?? 0,
      policy: (await response?.allHeaders())?.['content-security-policy'] ?? '',
      heading:
        (await page
          .locator('h1')
          .first()
          .textContent({ timeout: 2000 })
          .catch(() => '')) ?? '',
      violations: await page.evaluate(() => (window as unknown as { violations: string[] }).violations),
      hydrated,
      stolen: await page.evaluate(() => 'stolen' in window),
      url: page.url(),
      errors,
    }
  } finally {
    await page.close()
  }
}

const appears = (element: Locator) =>
  element.waitFor({ state: 'attached', timeout: 10_000 }).then(
    () => true,
    () => false,
  )
