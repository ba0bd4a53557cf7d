import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { App, entry, eventually, migrate, signedIn } from '../support/app'
import { load } from '../support/load'
import { Postgres, Redis } from '../support/services'

async function status(app: App, path: string) {
  const response = await app.get(path)
  await response.arrayBuffer()
  return response.status
}

describe('when parts fail', function () {
  this.timeout(60_000)
  let postgres: Postgres
  let redis: Redis
  const apps: App[] = []
  const start = async (settings: Record<string, string> = {}) => {
    const app = await App.start({ DATABASE_URL: postgres.url(), REDIS_URL: redis.url, ...settings })
    apps.push(app)
    return app
  }

  before(async () => {
    ;[postgres, redis] = [await Postgres.start(), await Redis.start()]
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
  })
  afterEach(async () => {
    redis.thaw()
    await Promise.all(apps.splice(0).map((app) => app.stop('SIGKILL')))
  })
  after(async () => {
    await redis?.remove()
    postgres?.remove()
  })

  it('Redis is killed under load: no error, degraded, and back within 5 s', async () => {
    const app = await start()
    const stop = load(20, () => status(app, Math.random() < 0.5 ? '/' : '/topics/fix'))
    await sleep(500)
    await redis.kill()
    await eventually(3000, async () => (await app.ready()).body.status === 'degraded')
    assert.deepEqual([(await app.ready()).code, (await app.ready()).body.dependencies.cache?.state], [200, 'down'])
    await sleep(1000)
    await redis.up()
    const back = Date.now()
    await eventually(
      5000,
      async () => (await app.metric(/^cache_up/)) === 1 && (await app.ready()).body.dependencies.cache?.state === 'ok',
    )
    const answers = await stop()
    console.log(`      answers ${JSON.stringify([...answers])}, recovered in ${Date.now() - back} ms`)
    assert.deepEqual([...answers.keys()], [200])
  })

  it('what was changed while Redis hung reaches every replica when it returns', async () => {
    const [a, b] = [await start(), await start()]
    const { cookie } = await signedIn(postgres)
    const path = (await a.submit('/write', entry('Before the outage'), { cookie })).headers.get('location') as string
    for (const app of [a, b]) assert.match(await app.text(path), /Before the outage/)
    // Frozen, not killed: it returns with the old page still in it.
    redis.freeze()
    await a.submit(`${path}/edit`, entry('After the outage'), { cookie, pick: 'Save changes' })
    assert.equal((await a.ready()).code, 200)
    redis.thaw()
    for (const app of [a, b]) await eventually(5000, async () => /After the outage/.test(await app.text(path)))
    const late = await start()
    assert.match(await late.text(path), /After the outage/, 'a replica that starts later does not find the old page')
  })

  it('PostgreSQL restarts under load: no crash, recovery within 5 s, no accepted write lost', async () => {
    const app = await start()
    const people = await Promise.all(Array.from({ length: 12 }, () => signedIn(postgres)))
    const accepted: string[] = []
    let turn = 0
    const stopReads = load(10, () => status(app, `/?q=time&n=${turn}`))
    const stopWrites = load(4, async () => {
      const title = `Write ${++turn}`
      const response = await app.submit('/write', entry(title), { cookie: people[turn % people.length]?.cookie })
      if (response.status === 303) accepted.push(title)
      return response.status
    })
    await sleep(1000)
    postgres.down('immediate')
    await sleep(1500)
    postgres.up()
    const back = Date.now()
    await eventually(5000, async () => (await app.ready()).code === 200 && (await status(app, '/?q=again')) === 200)
    const took = Date.now() - back
    await sleep(500)
    const [reads, writes] = [await stopReads(), await stopWrites()]
    console.log(`      reads ${JSON.stringify([...reads])}, writes ${JSON.stringify([...writes])}, recovered in ${took} ms`)
    const stored = new Set((await postgres.query<{ title: string }>('select title from entries')).map(({ title }) => title))
    const lost = accepted.filter((title) => !stored.has(title))
    assert.ok(accepted.length > 5, `${accepted.length} writes`)
    assert.deepEqual(lost, [])
    assert.equal(app.child.exitCode, null)
  })

  it('PostgreSQL is gone: 503 from readiness, alive, cached pages still served, nothing private in the answer', async () => {
    const app = await start()
    assert.equal(await status(app, '/'), 200)
    // Its router has found it ready once.
    assert.equal((await app.ready()).code, 200)
    postgres.down('fast')
    const { body } = await eventually(4000, async () => {
      const ready = await app.ready()
      return ready.code === 503 && ready
    })
    assert.equal(body.status, 'unavailable')
    // The router has no other replica to send requests to: all of them lost the same database.
    assert.equal(await status(app, '/api/ready?for=routing'), 200)
    assert.equal(JSON.stringify(body).includes(String(postgres.port)), false)
    assert.equal(await status(app, '/api/health'), 200)
    assert.equal(await status(app, '/'), 200)
    postgres.up()
    await eventually(5000, async () => (await app.ready()).code === 200)
  })

  it('the database password is rotated: new connections use it, no restart', async () => {
    const file = `/tmp/logbook-password-${process.pid}`
    await postgres.query("create role app login password 'first'")
    await postgres.query('grant all on all tables in schema public to app')
    await postgres.allow('host all app 127.0.0.1/32 scram-sha-256')
    writeFileSync(file, 'first\n')
    const app = await start({ DATABASE_URL: postgres.url('postgres', 'app'), DATABASE_PASSWORD_FILE: file })
    assert.equal(await status(app, '/?q=one'), 200)
    await postgres.query("alter role app password 'second'")
    writeFileSync(file, 'second\n')
    await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'")
    assert.equal(await status(app, '/?q=two'), 200)
  })

  it('the Redis password is rotated: reconnects use it, no restart', async () => {
    const file = `/tmp/logbook-redis-password-${process.pid}`
    redis.cli('config', 'set', 'requirepass', 'first')
    writeFileSync(file, 'first\n')
    const app = await start({ REDIS_PASSWORD_FILE: file })
    await eventually(3000, async () => (await app.metric(/^cache_up/)) === 1)
    redis.cli('-a', 'first', 'config', 'set', 'requirepass', 'second')
    writeFileSync(file, 'second\n')
    redis.cli('-a', 'second', 'client', 'kill', 'type', 'normal')
    redis.cli('-a', 'second', 'client', 'kill', 'type', 'pubsub')
    await sleep(300)
    await eventually(5000, async () => (await app.ready()).body.dependencies.cache?.state === 'ok')
    redis.cli('-a', 'second', 'config', 'set', 'requirepass', '')
  })

  it('too many requests: 503 with Retry-After at once, health still answers', async () => {
    const app = await start({ MAX_CONCURRENT_REQUESTS: '5' })
    const responses = await Promise.all(Array.from({ length: 100 }, (_, n) => app.get(`/?q=word${n}`)))
    const shed = responses.filter(({ status }) => status === 503)
    assert.ok(shed.length > 0 && shed.length < 100, `${shed.length} shed`)
    assert.ok(shed.every(({ headers }) => headers.get('retry-after') === '2'))
    const flood = Promise.all(Array.from({ length: 50 }, (_, n) => app.text(`/?q=more${n}`)))
    assert.equal((await app.get('/api/health')).status, 200)
    assert.equal((await app.ready()).code, 200)
    await flood
    assert.ok((await app.metric(/^http_requests_shed_total/)) >= shed.length)
  })

  it('SIGTERM under 200 connections: readiness first, then no request is lost', async () => {
    // All of them come from one address.
    const settings = { SHUTDOWN_DELAY_SECONDS: '5', MAX_REQUESTS_PER_ADDRESS: '0' }
    const [old, next] = [await start(settings), await start(settings)]
    let routed = [old, next]
    const stop = load(200, () => status(routed[Math.floor(Math.random() * routed.length)] as App, '/topics/fix'))
    await sleep(2000)
    const stopping = old.stop('SIGTERM')
    // What a load balancer does: it asks for readiness, and stops routing to those that say no.
    await eventually(5000, async () => (await old.ready()).code === 503)
    routed = [next]
    const stopped = await stopping
    await sleep(500)
    const answers = await stop()
    console.log(`      answers ${JSON.stringify([...answers])}`)
    assert.deepEqual([...answers.keys()], [200])
    assert.equal(stopped.code, 0)
    assert.match(stopped.output, /"stopped"/)
  })

  it('SIGTERM is not held up by a connection that never asked for anything', async () => {
    const app = await start()
    const silent = connect(app.port, '127.0.0.1').on('error', () => {})
    await once(silent, 'connect')
    const before = performance.now()
    assert.equal((await app.stop('SIGTERM')).code, 0)
    assert.ok(performance.now() - before < 5000)
  })

  it('a wrong environment: exit 78 with every problem, and no value', async () => {
    const app = await App.launch({
      DATABASE_URL: 'mysql://planted-value@x/y',
      AUTH_SECRET: undefined,
      ENCRYPTION_KEY: 'c2hvcnQ=',
      PORT: 'abc',
      REDIS_URL: 'nonsense',
    })
    const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) =>
      app.child.once('close', (code) => resolve({ code, output: app.output })),
    )
    assert.equal(code, 78)
    for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'ENCRYPTION_KEY', 'PORT', 'REDIS_URL'])
      assert.match(output, new RegExp(`^  ${name}`, 'm'))
    assert.doesNotMatch(output, /planted-value|c2hvcnQ/)
  })

  for (const NODE_ENV of [undefined, 'development'])
    it(`takes nothing of development into a build for production, with NODE_ENV ${NODE_ENV}`, async () => {
      const app = await App.launch({ NODE_ENV, AUTH_SECRET: undefined, ENCRYPTION_KEY: undefined, DATABASE_URL: undefined })
      const code = await new Promise((resolve) => app.child.once('close', resolve))
      assert.equal(code, 78)
      for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'ENCRYPTION_KEY'])
        assert.match(app.output, new RegExp(`^  ${name} or .* is required`, 'm'))
    })
})
