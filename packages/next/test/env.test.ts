import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EnvironmentError, readEnv, type Source } from '../src/env.js'

const complete = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://shop@db/shop',
  AUTH_SECRET: 'a'.repeat(32),
  ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
}
const problems = (source: Source): readonly string[] => {
  try {
    readEnv(source)
    return []
  } catch (error) {
    return (error as EnvironmentError).problems
  }
}

describe('environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'))
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  it('needs nothing in development', () => {
    const env = readEnv({})
    assert.equal(env.DATABASE_URL, undefined)
    assert.equal(env.PORT, 3000)
    assert.equal(env.SHUTDOWN_DELAY_SECONDS, 0)
  })

  it('has defaults in production for all but what is secret or particular', () => {
    const env = readEnv(complete)
    assert.deepEqual(
      [env.SHUTDOWN_DELAY_SECONDS, env.KEEP_ALIVE_TIMEOUT, env.DATABASE_POOL_SIZE, env.METRICS_PORT],
      [5, 70000, 10, 9464],
    )
  })

  it('names everything that is missing in production at once, and never falls back to development values', () => {
    assert.deepEqual(
      problems({ NODE_ENV: 'production' }).map((line) => line.split(' ')[0]),
      ['DATABASE_URL', 'AUTH_SECRET', 'ENCRYPTION_KEY'],
    )
  })

  it('lists every wrong value without repeating it', () => {
    const found = problems({
      ...complete,
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://planted',
      ENCRYPTION_KEY: 'planted',
      CACHE_TTL: '0.5',
    })
    assert.deepEqual(
      found.map((line) => line.split(':')[0]),
      ['REDIS_URL', 'ENCRYPTION_KEY', 'LOG_LEVEL', 'CACHE_TTL', 'PORT'],
    )
    assert.doesNotMatch(found.join(), /planted|eighty|loud/)
  })

  it('reads a secret from a file, without the newline at its end', () => {
    const { AUTH_SECRET, ...rest } = complete
    assert.equal(readEnv({ ...rest, AUTH_SECRET_FILE: file('auth', `${AUTH_SECRET}\r\n`) }).AUTH_SECRET, AUTH_SECRET)
    assert.equal(readEnv({ ...rest, AUTH_SECRET_FILE: file('spaces', ` ${AUTH_SECRET} \n`) }).AUTH_SECRET, ` ${AUTH_SECRET} `)
  })

  it('refuses a value and a file for the same thing, naming both', () => {
    assert.deepEqual(problems({ ...complete, AUTH_SECRET_FILE: file('both', 'b'.repeat(32)) }), [
      'AUTH_SECRET and AUTH_SECRET_FILE are both set: keep one',
    ])
    assert.deepEqual(problems({ ...complete, DATABASE_PASSWORD: 'x', DATABASE_SECRET_ARN: 'arn:aws:x' }), [
      'DATABASE_PASSWORD and DATABASE_SECRET_ARN are both set: keep one',
    ])
  })

  it('says which file cannot be read', () => {
    const { AUTH_SECRET, ...rest } = complete
    assert.match(
      problems({ ...rest, AUTH_SECRET_FILE: '/nowhere/secret' })[0] as string,
      /^AUTH_SECRET_FILE: cannot read \/nowhere\/secret \(ENOENT\)/,
    )
  })

  it('takes an empty variable for an unset one', () => {
    assert.equal(readEnv({ ...complete, REDIS_URL: '', PORT: '' }).PORT, 3000)
  })

  it('refuses a DSN that the error tracker would silently ignore', () => {
    for (const dsn of ['https://o1.ingest.sentry.io/2', 'https://a-b@o1.ingest.sentry.io/2', 'https://key@o1.ingest.sentry.io/'])
      assert.deepEqual(problems({ ...complete, SENTRY_DSN: dsn }), [
        'SENTRY_DSN: expected a DSN as Sentry shows it: key@host/project',
      ])
    for (const dsn of ['https://0a1b@o1.ingest.sentry.io/2', 'http://0a1b@sentry.internal:9000/errors/2'])
      assert.equal(readEnv({ ...complete, SENTRY_DSN: dsn }).SENTRY_DSN, dsn)
  })

  it('asks for both halves of the storage key', () => {
    assert.match(problems({ ...complete, STORAGE_ACCESS_KEY_ID: 'x' })[0] as string, /go together/)
  })

  it('does not hold a build to the settings it will be run with', () => {
    assert.deepEqual(problems({ NODE_ENV: 'production', NEXT_PHASE: 'phase-production-build' }), [])
  })
})
