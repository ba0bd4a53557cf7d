import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import type { Policy } from '../../src/server/policy.js'
import { chromiumPath, visit } from '../support/browser'
import { Fixture, type Running } from '../support/fixture'

const guide = readFileSync(new URL('../../../../docs/content-security-policy.md', import.meta.url), 'utf8')

/** A row of the table in docs/content-security-policy.md, as the policy that it tells a reader to write. */
function documented(row: string): Policy {
  const line = guide.split('\n').find((each) => each.startsWith(`| ${row}`))
  const policy: Record<string, string[]> = {}
  for (const part of line?.split('|')[2]?.split(';') ?? []) {
    const [names = '', sources = ''] = part.split('`:')
    const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, each]) => each as string)
    for (const name of quoted(`${names}\``).filter((each) => /-src$/.test(each)))
      policy[name] = [
        ...(policy[name] ?? []),
        ...quoted(sources).map((each) => each.replace('BUCKET', 'shop').replace('REGION', 'eu-central-1')),
      ]
  }
  assert.ok(Object.keys(policy).length > 0, `docs/content-security-policy.md has a row ${row}`)
  return policy
}

/** What each service's own script does in a page, by what its documentation says. */
const frame = (url: string) =>
  `{ const frame = document.createElement('iframe'); frame.src = ${JSON.stringify(url)}; frame.onload = () => window.framed = (window.framed ?? 0) + 1; document.body.append(frame) }`
const call = (url: string) =>
  `fetch(${JSON.stringify(url)}, { method: 'POST', body: '{}' }).then(() => window.called = (window.called ?? 0) + 1);`
const pixel = (url: string) =>
  `{ const image = new Image(); image.onload = () => window.drawn = true; image.src = ${JSON.stringify(url)} }`
const sheet = (url: string) =>
  `{ const link = document.createElement('link'); link.rel = 'stylesheet'; link.href = ${JSON.stringify(url)}; link.onload = () => window.styled = true; document.head.append(link) }`
const script = (url: string) =>
  `{ const script = document.createElement('script'); script.src = ${JSON.stringify(url)}; document.head.append(script) }`

const services: Record<string, { row: string; serves?: Record<string, string>; globals: Record<string, unknown> }> = {
  stripe: {
    row: 'Stripe',
    serves: {
      'js.stripe.com/v3/': [
        frame('https://js.stripe.com/v3/elements-inner-card.html'),
        frame('https://hooks.stripe.com/3d_secure'),
        frame('https://m.js.stripe.com/inner.html'),
        script('https://a.js.stripe.com/more.js'),
        call('https://api.stripe.com/v1/tokens'),
      ].join('\n'),
      'a.js.stripe.com/more.js': 'window.more = true',
    },
    globals: { framed: 3, called: 1, more: true },
  },
  turnstile: {
    row: 'Cloudflare Turnstile',
    serves: { 'challenges.cloudflare.com/turnstile/v0/api.js': frame('https://challenges.cloudflare.com/cdn-cgi/challenge') },
    globals: { framed: 1 },
  },
  'google-sign-in': {
    row: 'Google sign-in',
    serves: {
      'accounts.google.com/gsi/client': [
        sheet('https://accounts.google.com/gsi/style'),
        frame('https://accounts.google.com/gsi/button'),
        call('https://accounts.google.com/gsi/status'),
      ].join('\n'),
    },
    globals: { styled: true, framed: 1, called: 1 },
  },
  'tag-manager': {
    row: 'Google Analytics, Tag Manager',
    serves: {
      'www.googletagmanager.com/gtag/js': [
        call('https://region1.google-analytics.com/g/collect'),
        call('https://region1.analytics.google.com/g/collect'),
        pixel('https://www.google-analytics.com/collect.png'),
        script('https://www.googletagmanager.com/more.js'),
      ].join('\n'),
      'www.googletagmanager.com/more.js': 'window.more = true',
    },
    globals: { called: 2, drawn: true, more: true },
  },
  s3: { row: 'images in S3', globals: { uploaded: true } },
  'css-in-js': { row: 'CSS-in-JS', globals: {} },
  wasm: { row: 'WebAssembly', globals: { computed: 42 } },
  'blob-worker': { row: 'workers made of a blob', globals: { computed: 42 } },
}

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Stands in for every host of others. */
async function hosts(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-hosts-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1', '-subj', '/CN=stand-in'],
    { stdio: 'ignore' },
  )
  const serves = Object.assign({}, ...Object.values(services).map(({ serves: each }) => each)) as Record<string, string>
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const path = `${request.headers.host}${request.url}`.split('?', 1)[0] as string
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-methods', '*')
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    const type = serves[path]
      ? 'text/javascript'
      : path.endsWith('.png')
        ? 'image/png'
        : path.endsWith('/style')
          ? 'text/css'
          : 'text/html'
    response.setHeader('content-type', type)
    response.end(serves[path] ?? (type === 'image/png' ? dot : ''))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Sources of every documented row together, as an application with all of these has them. */
function together(): Policy {
  const all: Record<string, string[]> = {}
  for (const { row } of Object.values(services))
    for (const [name, sources] of Object.entries(documented(row))) all[name] = [...new Set([...(all[name] ?? []), ...sources])]
  // The row for S3 says in words that uploads want the same in connect-src.
  all['connect-src'] = [...(all['connect-src'] ?? []), ...(documented('images in S3')['img-src'] ?? [])]
  return all
}

describe('services of others, with what the documentation says to add', function () {
  this.timeout(600_000)
  let browser: Browser
  let others: Server
  let plain: Running
  let widened: Running

  before(async function () {
    if (!chromiumPath) return this.skip()
    others = await hosts()
    const { port } = others.address() as AddressInfo
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--ignore-certificate-errors', `--host-resolver-rules=MAP *:443 127.0.0.1:${port}`],
    })
    plain = await Fixture.build('variants').start()
    const env = { FIXTURE_POLICY: JSON.stringify(together()) }
    widened = await Fixture.build('variants', { variant: '-embedded', env }).start()
  })
  after(async () => {
    await browser?.close()
    others?.close()
    await Promise.all([plain, widened].map((server) => server?.stop()))
  })

  for (const [name, { row, globals }] of Object.entries(services))
    it(`${row}: runs, and without it is blocked`, async () => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      try {
        const blocked = await visit(context, `${plain.origin}/embedded/${name}`, { globals: {} })
        assert.notEqual(blocked.violations.length, 0, 'is blocked by the default policy')
        const seen = await visit(context, `${widened.origin}/embedded/${name}`, { globals })
        assert.deepEqual(seen.violations, [], seen.policy)
        assert.deepEqual(seen.globals, globals, seen.errors.join())
        assert.ok(seen.hydrated)
        assert.doesNotMatch(seen.policy, /script-src[^;]*'(unsafe-inline|unsafe-eval)/)
      } finally {
        await context.close()
      }
    })
})
