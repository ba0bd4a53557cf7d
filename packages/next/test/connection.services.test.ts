import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Postgres } from '../../../app/test/support/services.js'

describe('a client of the application’s own', function () {
  this.timeout(120_000)
  let postgres: Postgres
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-rotated-')), 'password')

  before(async () => {
    postgres = await Postgres.start()
    await postgres.query('create role rotating login')
    await postgres.allow('host all rotating 127.0.0.1/32 scram-sha-256')
  })
  after(() => postgres?.remove())

  const rotate = async (password: string) => {
    await postgres.query(`alter role rotating password '${password}'`)
    writeFileSync(file, password)
    await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rotating'")
  }

  it('outlives a rotation of the password, which one that was given the URL does not', async () => {
    await rotate('of yesterday')
    const url = new URL(postgres.url())
    url.username = 'rotating'
    Object.assign(process.env, { DATABASE_URL: url.href, DATABASE_PASSWORD_FILE: file })
    const { databaseConnection } = await import('../src/data/connection.js')
    const { databaseUrl } = await import('../src/data/database-connection.js')
    const { env } = await import('../src/env.js')
    const asks = new pg.Pool(await databaseConnection())
    const keeps = new pg.Pool({ connectionString: await databaseUrl(url.href, env()) })
    for (const pool of [asks, keeps]) pool.on('error', () => {}) // a connection that ends while nobody uses it
    const who = async (pool: pg.Pool) => (await pool.query('select current_user::text as name')).rows[0].name
    try {
      assert.deepEqual([await who(asks), await who(keeps)], ['rotating', 'rotating'])
      await rotate('of today')
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.equal(await who(asks), 'rotating')
      await assert.rejects(who(keeps), /password authentication failed/)
    } finally {
      await Promise.all([asks, keeps].map((pool) => pool.end()))
    }
  })
})
