import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '../test/support/app'
import { findChromium } from '../test/support/needs.mjs'
import { freePort, Postgres, Redis } from '../test/support/services'
import { httpFront, httpsFront } from './front'
import { MeasuredServer } from './server'

/**
 * `npm run bench:pages`: the main pages as two public tools grade them, Lighthouse (a phone on a slow network, simulated)
 * and Mozilla's HTTP Observatory (headers, cookies, redirects). Both are installed below .bench/ the first time.
 */
const run = promisify(execFile)
const pages = ['/', '/about', '/topics/fix', '/entries/half-the-time-to-first-byte']
const tools = '.bench/tools'
const observatory = `${tools}/node_modules/@mdn/mdn-http-observatory`

function install() {
  if (existsSync(observatory)) return
  mkdirSync(tools, { recursive: true })
  writeFileSync(`${tools}/package.json`, '{"private":true}')
  // Without scripts: the Observatory's would download lists of preloaded hosts and of top-level domains.
  const packages = ['lighthouse@13.5.0', '@mdn/mdn-http-observatory@1.4.8']
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: tools, stdio: 'inherit' })
  mkdirSync(`${observatory}/conf`, { recursive: true })
  writeFileSync(`${observatory}/conf/hsts-preload.json`, '{}')
  writeFileSync(`${observatory}/conf/tld-list.json`, '[]')
}

interface Category {
  id: string
  score: number
}

async function lighthouse(url: string) {
  const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
    .concat(['--disable-background-networking', '--disable-component-update', `--user-data-dir=${profile}`])
    .join(' ')
  const categories = 'performance,accessibility,best-practices,seo'
  const { stdout } = await run(
    process.execPath,
    [`${tools}/node_modules/lighthouse/cli/index.js`, url, '--output=json', '--quiet', `--only-categories=${categories}`].concat([
      `--chrome-flags=${flags}`,
    ]),
    { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, CHROME_PATH: findChromium() } },
  )
  const report = JSON.parse(stdout) as { categories: Record<string, Category> }
  return Object.values(report.categories).map(({ id, score }) => `${id} ${Math.round(score * 100)}`)
}

async function grade(certificate: string) {
  const { stdout } = await run(process.execPath, ['src/scan.js', 'localhost'], {
    cwd: observatory,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
  })
  const { scan, error } = JSON.parse(stdout) as {
    scan?: { grade: string; score: number; testsPassed: number; testsQuantity: number }
    error?: string
  }
  return scan ? `${scan.grade} (${scan.score}), ${scan.testsPassed} of ${scan.testsQuantity} tests passed` : error
}

const [postgres, redis] = [await Postgres.start(), await Redis.start()]
try {
  install()
  const port = await freePort()
  const settings = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url, AUTH_URL: `http://localhost:${port}` }
  await migrate(settings, '--seed')
  const server = await MeasuredServer.start('.next/standalone', settings)

  if (findChromium()) {
    const close = httpFront(server.origin, port)
    for (const page of pages)
      console.log(`Lighthouse   ${page.padEnd(38)}${(await lighthouse(`http://localhost:${port}${page}`)).join('   ')}`)
    close()
  } else console.log('Lighthouse: not measured, there is no Chromium')

  if (process.getuid?.() === 0) {
    const front = httpsFront(server.origin)
    console.log(`Observatory  ${await grade(front.certificate)}`)
    front.close()
  } else console.log('Observatory: not measured, it looks at ports 80 and 443, which are for root')
  await server.stop()
} finally {
  await redis.remove()
  postgres.remove()
}
process.exit(0)
