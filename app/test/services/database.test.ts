import assert from 'node:assert/strict'
import { App, entry, eventually, migrate, signedIn } from '../support/app'
import { Postgres, Redis } from '../support/services'

describe('the database', function () {
  this.timeout(60_000)
  let postgres: Postgres
  let redis: Redis

  before(async () => {
    ;[postgres, redis] = [await Postgres.start(), await Redis.start()]
  })
  after(async () => {
    await redis?.remove()
    postgres?.remove()
  })

  it('three migrations at once apply everything once', async () => {
    await postgres.query('create database once')
    const runs = await Promise.all([1, 2, 3].map(() => migrate({ DATABASE_URL: postgres.url('once') }, '--seed')))
    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 0, 0],
      runs.map(({ output }) => output).join('\n'),
    )
    const [applied] = await postgres.query<{ n: number }>(
      'select count(*)::int as n from drizzle.__drizzle_migrations',
      [],
      'once',
    )
    const [entries] = await postgres.query<{ n: number }>('select count(*)::int as n from entries', [], 'once')
    assert.deepEqual([applied?.n, entries?.n], [1, 5])
  })

  it('a migration that fails leaves nothing behind and exits non-zero', async () => {
    await postgres.query('create database broken')
    await postgres.query('create table sessions (x int)', [], 'broken')
    const { code, output } = await migrate({ DATABASE_URL: postgres.url('broken') })
    assert.equal(code, 1)
    assert.match(output, /nothing of it was applied/)
    const tables = await postgres.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
      [],
      'broken',
    )
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['sessions'],
    )
  })

  it('reads go to the replica, except those of a visitor who has just written', async () => {
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
    const replica = await postgres.replica()
    const app = await App.start({ DATABASE_URL: postgres.url(), DATABASE_REPLICA_URL: replica.url(), REDIS_URL: redis.url })
    try {
      const { cookie } = await signedIn(postgres)
      await eventually(5000, async () => /Hello/.test(await app.text('/account', { headers: { cookie } })))
      await replica.query('select pg_wal_replay_pause()')

      const saved = await app.submit('/write', entry('Ahead of the replica'), { cookie })
      const wrote = saved.headers
        .getSetCookie()
        .find((line) => line.startsWith('wrote='))
        ?.split(';')[0]
      assert.ok(wrote, 'the position is remembered')
      const search = (headers: HeadersInit) => app.text('/?q=Ahead+of', { headers })
      assert.match(await search({ cookie: `${cookie}; ${wrote}` }), /Ahead of the replica/)
      assert.doesNotMatch(await search({}), /Ahead of the replica/, 'others read the replica')

      await replica.query('select pg_wal_replay_resume()')
      await eventually(5000, async () => /Ahead of the replica/.test(await search({})))

      replica.down('immediate')
      assert.match(await search({}), /Ahead of the replica/, 'without the replica, the primary answers')
      assert.equal((await app.ready()).body.status, 'degraded')
    } finally {
      await app.stop()
      replica.remove()
    }
  })
})
