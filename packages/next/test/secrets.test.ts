import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseUrl } from '../src/data/database-connection.js'
import { readEnv } from '../src/env.js'
import { fillInSecrets } from '../src/server/secrets.js'

const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('secrets in files', () => {
  it('become variables of the plain name, for code that knows nothing of files', () => {
    const environment: NodeJS.ProcessEnv = { NODE_ENV: 'production', STRIPE_SECRET_KEY_FILE: file('stripe', 'sk_test\n') }
    assert.deepEqual(fillInSecrets(environment), ['STRIPE_SECRET_KEY'])
    assert.equal(environment.STRIPE_SECRET_KEY, 'sk_test')
  })

  it('stay what they are where a file is wanted, where the plain name has a value, and where there is no file', () => {
    const environment: NodeJS.ProcessEnv = {
      NODE_ENV: 'production',
      DATABASE_CA_FILE: file('ca', 'PEM'),
      SSL_CERT_FILE: file('cert', 'PEM'),
      A: 'mine',
      A_FILE: file('a', 'other'),
      B_FILE: '/nowhere',
      C_FILE: 'relative',
      D_FILE: folder,
    }
    assert.deepEqual(fillInSecrets(environment), [])
    assert.equal(environment.A, 'mine')
  })
})

describe('DATABASE_URL for any client', () => {
  const url = (settings: Record<string, string>) => {
    const environment = readEnv({ NODE_ENV: 'production', ...settings }, { parts: [] })
    return databaseUrl(environment.DATABASE_URL as string, environment)
  }

  it('has the password, whatever is in it', async () => {
    const found = await url({ DATABASE_URL: 'postgres://shop@127.0.0.1:5432/shop', DATABASE_PASSWORD: 'a/b@c:d e%' })
    assert.equal(decodeURIComponent(new URL(found).password), 'a/b@c:d e%')
  })

  it('asks for TLS that checks the name, unless the connection is not encrypted or the URL says so itself', async () => {
    const before = process.env.NODE_ENV
    Object.assign(process.env, { NODE_ENV: 'production' })
    try {
      const mode = async (settings: Record<string, string>) => new URL(await url(settings)).searchParams.get('sslmode')
      assert.equal(await mode({ DATABASE_URL: 'postgres://s@db.internal/s' }), 'verify-full')
      assert.equal(await mode({ DATABASE_URL: 'postgres://s@db.internal/s', DATABASE_TLS: 'rds' }), 'verify-full')
      assert.equal(await mode({ DATABASE_URL: 'postgres://s@db.internal/s', DATABASE_TLS: 'disable' }), null)
      assert.equal(await mode({ DATABASE_URL: 'postgres://s@db.internal/s?sslmode=require' }), 'require')
    } finally {
      Object.assign(process.env, { NODE_ENV: before })
    }
  })
})

describe('an application that uses no part of this package', () => {
  it('is asked for nothing, and may use the names for things of its own', () => {
    const own = { DATABASE_URL: 'file:./dev.db', AUTH_SECRET: 'short', ENCRYPTION_KEY: 'hex', STORAGE_ACCESS_KEY_ID: 'x' }
    for (const source of [{}, own]) assert.doesNotThrow(() => readEnv({ NODE_ENV: 'production', ...source }, { parts: [] }))
    assert.equal(readEnv({ NODE_ENV: 'production', ...own }, { parts: [] }).DATABASE_URL, undefined)
  })

  it('is still told of a wrong setting of the server, and of a PostgreSQL that is named wrongly', () => {
    assert.throws(() => readEnv({ NODE_ENV: 'production', PORT: 'eighty' }, { parts: [] }), /PORT/)
    assert.throws(
      () => readEnv({ NODE_ENV: 'production', DATABASE_URL: 'postgres://h/d', DATABASE_TLS: 'maybe' }, { parts: [] }),
      /DATABASE_TLS/,
    )
  })

  it('is asked for what it uses, and for no more', () => {
    assert.throws(
      () => readEnv({ NODE_ENV: 'production' }, { parts: ['database'] }),
      (error: Error) => /DATABASE_URL/.test(error.message) && !/AUTH_SECRET/.test(error.message),
    )
  })
})
