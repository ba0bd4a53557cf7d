import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { App, entry, eventually, migrate, signedIn } from '../support/app'
import { Postgres, Redis } from '../support/services'

/** The cookie that says what the visitor has written. */
const positionIn = (response: Response) =>
  response.headers
    .getSetCookie()
    .find((line) => line.startsWith('wrote='))
    ?.split(';')[0]

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
    assert.deepEqual([applied?.n, entries?.n], [1, 7])
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
      const wrote = positionIn(saved)
      assert.ok(wrote, 'the position is remembered')
      const search = (headers: HeadersInit) => app.text('/?q=Ahead+of', { headers })
      assert.match(await search({ cookie: `${cookie}; ${wrote}` }), /Ahead of the replica/)
      assert.doesNotMatch(await search({}), /Ahead of the replica/, 'others read the replica')

      await replica.query('select pg_wal_replay_resume()')
      await eventually(5000, async () => /Ahead of the replica/.test(await search({})))

      replica.down('immediate')
      assert.match(await search({}), /Ahead of the replica/, 'without the replica, the primary answers')
      assert.equal((await app.ready()).body.status, 'degraded')

      replica.up()
      await replica.query('select pg_wal_replay_pause()')
      const later = await app.submit('/write', entry('Once it is back'), { cookie })
      const again = { cookie: `${cookie}; ${positionIn(later)}` }
      assert.match(await app.text('/?q=Once+it+is', { headers: again }), /Once it is back/)
      await eventually(15_000, async () => !/Once it is back/.test(await app.text('/?q=Once+it+is')))
    } finally {
      await app.stop()
      replica.remove()
    }
  })

  it('reads leave a replica alone that could not be reached', async () => {
    let asked = 0
    const nobody = createServer((socket) => {
      asked++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
    const app = await App.start({
      DATABASE_URL: postgres.url(),
      DATABASE_REPLICA_URL: `postgres://shop@127.0.0.1:${port}/postgres`,
      REDIS_URL: redis.url,
    })
    try {
      assert.match(await app.text('/?q=first'), /<search>/)
      const before = asked
      for (let reads = 0; reads < 20; reads++) assert.match(await app.text(`/?q=${reads}`), /<search>/)
      assert.equal(asked, before)
      assert.equal(app.output.match(/a read replica cannot be reached/g)?.length, 1)
    } finally {
      await app.stop()
      nobody.close()
    }
  })

  it('a new password that the replica does not know yet is no error', async () => {
    const file = `/tmp/logbook-replica-password-${process.pid}`
    await postgres.query("create role reader login password 'first'")
    await postgres.query('grant all on all tables in schema public to reader')
    await postgres.allow('host all reader 127.0.0.1/32 scram-sha-256')
    writeFileSync(file, 'first')
    const replica = await postgres.replica()
    const app = await App.start({
      DATABASE_URL: postgres.url('postgres', 'reader'),
      DATABASE_REPLICA_URL: replica.url('postgres', 'reader'),
      DATABASE_PASSWORD_FILE: file,
      REDIS_URL: redis.url,
    })
    try {
      const busy = (on: Postgres) =>
        on.query("select 1 from pg_stat_activity where usename = 'reader' and query like '%entries%'")
      assert.equal((await app.get('/?q=one')).status, 200)
      assert.ok((await busy(replica)).length > 0, 'the replica was asked')
      await replica.query('select pg_wal_replay_pause()')
      await postgres.query("alter role reader password 'second'")
      writeFileSync(file, 'second')
      for (const server of [postgres, replica])
        await server.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'")
      assert.equal((await app.get('/?q=two')).status, 200)
      assert.ok((await busy(postgres)).length > 0, 'the primary answered')
    } finally {
      await app.stop()
      replica.remove()
      rmSync(file, { force: true })
    }
  })

  it('what the replica gives up, because it must replay a change, the primary answers', async () => {
    const name = 'conflict'
    await postgres.query(`create database ${name}`)
    await migrate({ DATABASE_URL: postgres.url(name) }, '--seed')
    // Reading takes a while, so that a change can come in its middle.
    await postgres.query('alter table entries rename to kept', [], name)
    await postgres.query(
      'create view entries as select kept.* from kept, lateral (select pg_sleep(0.3) where kept.id is not null) slow',
      [],
      name,
    )
    const replica = await postgres.replica('max_standby_streaming_delay=0')
    const app = await App.start({
      DATABASE_URL: postgres.url(name),
      DATABASE_REPLICA_URL: replica.url(name),
      REDIS_URL: redis.url,
    })
    try {
      const answer = app.text('/?q=the')
      await eventually(15_000, async () => {
        const [reading] = await replica.query<{ n: number }>(
          "select count(*)::int as n from pg_stat_activity where datname = $1 and state = 'active' and query like '%entries%'",
          [name],
        )
        return (reading?.n ?? 0) > 0
      })
      await postgres.query('alter table kept add column later int', [], name)
      const page = await answer
      assert.match(page, /<article/)
      const [conflicts] = await replica.query<{ n: number }>(
        'select confl_lock::int as n from pg_stat_database_conflicts where datname = $1',
        [name],
      )
      assert.equal(conflicts?.n, 1, 'the replica did give up')
    } finally {
      await app.stop()
      replica.remove()
    }
  })
})
