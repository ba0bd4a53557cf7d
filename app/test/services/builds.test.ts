import assert from 'node:assert/strict'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, eventually, migrate } from '../support/app'
import { Postgres, Redis } from '../support/services'

const standalone = new URL('../../.next/standalone/', import.meta.url).pathname
const pages = ['/about', '/topics/security', '/topics/fix', '/topics/feature']

function rename(folder: string, id: string) {
  writeFileSync(join(folder, '.next/BUILD_ID'), id)
  const description = join(folder, '.slipway/slipway.json')
  writeFileSync(description, JSON.stringify({ ...JSON.parse(readFileSync(description, 'utf8')), buildId: id }))
}

/** The build that is there as another release would be: another id, and another text on each page. */
function release(id: string) {
  const folder = mkdtempSync(join(tmpdir(), `logbook-${id}-`))
  const shared = ['node_modules', '.slipway/.compiled'].map((name) => join(standalone, name))
  cpSync(standalone, folder, { recursive: true, verbatimSymlinks: true, filter: (source) => !shared.includes(source) })
  symlinkSync(join(standalone, 'node_modules'), join(folder, 'node_modules'))
  rename(folder, id)
  let changed = 0
  for (const file of globSync(`${folder}/.next/server/**/*.js`)) {
    const text = readFileSync(file, 'utf8')
    const marked = text.replaceAll('lang:"en"', `lang:"en","data-release":"${id}"`)
    if (marked !== text) changed++
    writeFileSync(file, marked)
  }
  assert.ok(changed > 0, 'the layout carries the name of the release')
  return folder
}

describe('two releases with one Redis', function () {
  this.timeout(120_000)
  let postgres: Postgres
  let redis: Redis
  const folders: Record<string, string> = {}

  before(async () => {
    ;[postgres, redis] = [await Postgres.start(), await Redis.start()]
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
    for (const id of ['one', 'two']) folders[id] = release(id)
  })
  after(async () => {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true })
    await redis?.remove()
    postgres?.remove()
  })

  /** Asks for pages from before the port is open, on many connections, and for as long as it takes to have 400 answers. */
  async function served(id: string) {
    const app = await App.launch({ DATABASE_URL: postgres.url(), REDIS_URL: redis.url }, folders[id])
    const seen = new Map<string, number>()
    let answers = 0
    const ask = async (page: string) => {
      const response = await app.get(page).catch(() => undefined)
      if (!response) return
      const html = await response.text()
      if (!response.ok) return
      answers++
      const name = html.match(/data-release="(\w+)"/)?.[1] ?? 'none'
      seen.set(name, (seen.get(name) ?? 0) + 1)
    }
    try {
      await eventually(30_000, async () => {
        await Promise.all(Array.from({ length: 8 }, (_, index) => ask(pages[index % pages.length] as string)))
        return answers > 400
      })
      return { seen: [...seen.keys()], output: app.output }
    } finally {
      await app.stop()
    }
  }

  it('serve each its own pages, asked from the first millisecond, in any order', async () => {
    for (const id of ['one', 'two', 'one', 'two']) assert.deepEqual((await served(id)).seen, [id])
    const keys = redis.cli('keys', 'slipway:*').split('\n').filter(Boolean)
    assert.ok(keys.some((key) => key.includes('one')) && keys.some((key) => key.includes('two')), keys.join('\n'))
    assert.deepEqual(
      keys.filter((key) => !/\b(one|two)\b|:tags/.test(key)),
      [],
      'every entry is under the build it is of',
    )
  })

  it('refuse to start when the build does not say which one it is', async () => {
    for (const id of ['', 'development']) {
      rename(folders.two as string, id)
      const app = await App.launch({ DATABASE_URL: postgres.url(), REDIS_URL: redis.url }, folders.two)
      const { code, output } = await app.ended()
      assert.equal(code, 78)
      assert.match(output, /slipway.json names no build/)
    }
  })
})
