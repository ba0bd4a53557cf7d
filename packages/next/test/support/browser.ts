import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

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
}

/** Opens a page as a visitor and looks whether the policy let everything through that is the framework's. */
export async function visit(context: BrowserContext, url: string, { counter = '#counter' } = {}): Promise<Visit> {
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
    const button = page.locator(counter).first()
    let hydrated = false
    if ((await button.count()) > 0)
      for (let tries = 0; tries < 40 && !hydrated; tries++) {
        await button.click({ timeout: 2000 }).catch(() => {})
        hydrated = /count [1-9]/.test((await button.textContent()) ?? '')
        if (!hydrated) await page.waitForTimeout(50)
      }
    return {
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
