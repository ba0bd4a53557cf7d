import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CacheStore } from '../src/cache/cache-store.js'
import { cacheKeys } from '../src/cache/keys.js'
import { connectionOptions, isConnectionLost, withoutValues } from '../src/data/database-connection.js'
import { retry } from '../src/data/retry.js'
import { readEnv } from '../src/env.js'
import { recordVital } from '../src/observe/vitals.js'
import { affordable } from '../src/server/image-queue.js'
import { allow } from '../src/server/rate-limit.js'

describe('a failed query', () => {
  it('keeps the statement and the reason, and loses what people typed', () => {
    const reason = Object.assign(new Error('duplicate key value'), { code: '23505', detail: 'Key (email)=(ada) already exists.' })
    const query = 'insert into "users" values ($1)'
    const failed = Object.assign(new Error(`Failed query: ${query}\nparams: ada,$&,\n    at home`, { cause: reason }), {
      query,
      params: ['ada', '$&', '\n    at home'],
    })
    assert.equal(withoutValues(failed), failed)
    assert.equal(failed.message, `Failed query: ${query}`)
    assert.match(failed.stack as string, /^Error: Failed query: insert into "users" values \(\$1\)\n {4}at \S/)
    assert.ok(!/ada|at home/.test(JSON.stringify([failed.message, failed.stack, failed.params, reason.detail ?? ''])))
    assert.equal(reason.code, '23505')
  })

  it('leaves any other error as it is', () => {
    const error = new Error('params: kept')
    assert.equal((withoutValues(error) as Error).message, 'params: kept')
    assert.equal(withoutValues('text'), 'text')
  })
})

describe('retry', () => {
  it('repeats what is worth it until the time is over', async () => {
    let attempts = 0
    const failing = () => Promise.reject(new Error(String(++attempts)))
    await assert.rejects(retry(failing, { forMs: 300, isRetryable: () => true }))
    assert.ok(attempts > 1)
    attempts = 0
    await assert.rejects(retry(failing, { forMs: 300, isRetryable: () => false }), /1/)
    assert.equal(attempts, 1)
  })
})

describe('database connections', () => {
  const env = (extra: Record<string, string>) => readEnv({ DATABASE_URL: 'postgres://shop@db.internal/shop', ...extra })
  const options = (url: string, extra: Record<string, string> = {}) => connectionOptions(url, env(extra))

  it('verify TLS by default in production, and not on loopback', async () => {
    const before = process.env.NODE_ENV
    Object.assign(process.env, { NODE_ENV: 'production' })
    try {
      assert.deepEqual((await options('postgres://u@db.internal/x')).ssl, { ca: undefined, servername: 'db.internal' })
      assert.equal((await options('postgres://u@127.0.0.1/x')).ssl, false)
      assert.equal(
        (await options('postgres://u@db.internal/x?sslmode=disable')).ssl === false,
        false,
        'the URL cannot switch it off',
      )
      assert.equal((await options('postgres://u@db.internal/x', { DATABASE_TLS: 'disable' })).ssl, false)
      const rds = (await options('postgres://u@db.eu-central-1.rds.amazonaws.com/x', { DATABASE_TLS: 'rds' })).ssl as {
        ca: string[]
      }
      assert.match(rds.ca[0] as string, /BEGIN CERTIFICATE/)
    } finally {
      Object.assign(process.env, { NODE_ENV: before })
    }
  })

  it('read the password file for each connection', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'password-')), 'password')
    process.env.DATABASE_PASSWORD_FILE = file
    try {
      writeFileSync(file, 'first\n')
      const { password } = await options('postgres://u@127.0.0.1/x')
      assert.equal(await (password as () => Promise<string>)(), 'first')
      writeFileSync(file, 'second\n')
      assert.equal(await (password as () => Promise<string>)(), 'second')
    } finally {
      delete process.env.DATABASE_PASSWORD_FILE
    }
  })

  it('know a lost connection from a refused statement', () => {
    const coded = (code: string) => Object.assign(new Error('x'), { code })
    assert.ok(isConnectionLost(coded('ECONNRESET')))
    assert.ok(isConnectionLost(new Error('Failed query', { cause: coded('57P01') })))
    assert.ok(!isConnectionLost(coded('23505')))
  })
})

describe('the cache without Redis', () => {
  const facts = (tags: string[] = []) => ({ tags, startedAt: performance.timeOrigin + performance.now() })

  it('keeps what it is given, until a tag of it is invalidated', async () => {
    const store = new CacheStore()
    await store.set('page', 'a', { x: new Map([['k', Buffer.from('v')]]) }, facts(['t']))
    assert.deepEqual((await store.get('page', 'a'))?.value, { x: new Map([['k', Buffer.from('v')]]) })
    await store.history.invalidate([{ tag: 't', expireSeconds: null }])
    assert.equal((await store.get('page', 'a'))?.stale, true)
    const before = facts(['t'])
    await store.history.invalidate([{ tag: 't' }])
    assert.equal(await store.get('page', 'a'), undefined)
    await store.set('page', 'a', 'rendered while it was invalidated', before)
    assert.equal(await store.get('page', 'a'), undefined)
    await store.set('page', 'a', 'new', facts(['t']))
    assert.equal((await store.get('page', 'a'))?.value, 'new')
  })

  it('does not let a later, milder invalidation bring back what had expired', async () => {
    const store = new CacheStore()
    await store.set('page', 'a', 'old', facts(['t']))
    await store.history.invalidate([{ tag: 't', expireSeconds: 0.05 }])
    await store.history.invalidate([{ tag: 't', expireSeconds: 3600 }])
    assert.equal((await store.get('page', 'a'))?.stale, true)
    await new Promise((later) => setTimeout(later, 60))
    assert.equal(await store.get('page', 'a'), undefined)
    await store.history.invalidate([{ tag: 't', expireSeconds: 3600 }])
    assert.equal(await store.get('page', 'a'), undefined)
  })

  it('stays within its memory, dropping what was used least', async () => {
    const store = new CacheStore()
    const megabyte = (n: number) => Buffer.alloc(1024 * 1024, n)
    for (let n = 0; n < 60; n++) await store.set('page', `k${n}`, megabyte(n), facts())
    await store.get('page', 'k0')
    for (let n = 60; n < 80; n++) await store.set('page', `k${n}`, megabyte(n), facts())
    assert.ok(await store.get('page', 'k0'))
    assert.equal(await store.get('page', 'k1'), undefined)
  })

  it('has keys for each stack, environment and build, and refuses to have them for a build that nobody named', () => {
    assert.throws(() => cacheKeys({ NODE_ENV: 'production' }), /before the build id was known/)
    const { stack, entries } = cacheKeys({ NODE_ENV: 'production', SLIPWAY_BUILD_ID: 'b1' })
    assert.match(entries, new RegExp(`^${stack}:.*:b1$`))
  })
})

describe('pictures', () => {
  it('are AVIF where the container has the memory to encode it, else WebP, else as they are', () => {
    const everything = 'image/avif,image/webp,*/*'
    for (const [megabytes, width, accept, type] of [
      [512, 2048, everything, 'image/avif'],
      [512, 3840, everything, 'image/webp'],
      [512, 3840, 'image/avif', ''],
      [256, 2048, everything, 'image/webp'],
      [2048, 3840, everything, 'image/avif'],
    ] as const)
      assert.equal(affordable({ width, mimeType: 'image/avif' }, accept, megabytes * 2 ** 20), type, `${megabytes} ${width}`)
    assert.equal(affordable({ width: 3840, mimeType: 'image/webp' }, everything, 2 ** 28), 'image/webp')
    assert.equal(affordable({ width: 3840, mimeType: '' }, everything, 2 ** 28), '')
  })
})

describe('rate limits without Redis', () => {
  it('count per key', async () => {
    const tries = async (key: string) => Promise.all([1, 2, 3].map(() => allow(key, { limit: 2, windowSeconds: 60 })))
    assert.deepEqual(await tries('a'), [true, true, false])
    assert.deepEqual(await tries('b'), [true, true, false])
  })
})

describe('Web Vitals', () => {
  it('accept measurements and nothing else', () => {
    assert.ok(recordVital('{"name":"CLS","value":0.02,"path":"/"}'))
    for (const body of [
      '',
      '[]',
      '{"name":"CLS","value":-1,"path":"/"}',
      '{"name":"LCP","value":"1","path":"/"}',
      '{"name":"X","value":1,"path":"/"}',
    ])
      assert.ok(!recordVital(body), body)
  })
})
