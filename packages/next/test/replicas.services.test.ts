import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Postgres } from '../../../app/test/support/services.js'

describe('several read replicas', function () {
  this.timeout(120_000)
  const servers: Postgres[] = []
  let primary: Postgres
  let replicas: Postgres[]
  let database: Awaited<ReturnType<typeof open>>
  const before_ = { ...process.env }

  async function open() {
    const { createDatabase } = await import('../src/data/database.js')
    return createDatabase({ schema: {} })
  }
  const instances = (globalThis as unknown as Record<symbol, Map<unknown, unknown>>)[Symbol.for('slipway')]

  before(async () => {
    primary = await Postgres.start()
    servers.push(primary)
    replicas = [await primary.replica(), await primary.replica()]
    servers.push(...replicas)
    for (const name of ['env', 'slipway:part:database', 'database', 'pools']) instances?.delete(name)
    Object.assign(process.env, {
      NODE_ENV: 'production',
      DATABASE_TLS: 'disable',
      DATABASE_URL: primary.url(),
      DATABASE_REPLICA_URL: replicas[0]?.url(),
      DATABASE_REPLICA_URLS: replicas.map((replica) => replica.url()).join(','),
    })
    delete process.env.DATABASE_PASSWORD_FILE
    database = await open()
  })
  after(() => {
    for (const server of servers) server.remove()
    for (const name of ['env', 'slipway:part:database', 'database', 'pools']) instances?.delete(name)
    process.env = before_
  })

  const answered = async (times: number, options = {}) => {
    const ports: number[] = []
    for (let index = 0; index < times; index++) {
      const { rows } = await database.read((db) => db.execute<{ port: number }>(sql`select inet_server_port() as port`), options)
      ports.push(rows[0]?.port as number)
    }
    return ports
  }

  it('answer reads in turn, and none that has to be fresh', async () => {
    const ports = await answered(6)
    for (const { port } of replicas) assert.equal(ports.filter((one) => one === port).length, 3)
    assert.deepEqual(await answered(2, { fresh: true }), [primary.port, primary.port])
  })

  it('have all caught up before a visitor who wrote reads from any', async () => {
    const { hasCaughtUp, writtenUpTo } = await import('../src/data/pools.js')
    await replicas[1]?.query('select pg_wal_replay_pause()')
    await primary.query('create table written (id int)')
    const position = (await writtenUpTo()) as string
    await sleep(300)
    assert.equal(await hasCaughtUp(position), false)
    await replicas[1]?.query('select pg_wal_replay_resume()')
    for (let tries = 0; tries < 50 && !(await hasCaughtUp(position)); tries++) await sleep(50)
    assert.equal(await hasCaughtUp(position), true)
  })

  it('go on with those that are left, and readiness says that one is missing', async () => {
    replicas[0]?.down('immediate')
    await answered(4)
    const later = await answered(4)
    assert.deepEqual(new Set(later), new Set([replicas[1]?.port]))
    const { pingDatabase } = await import('../src/data/pools.js')
    await assert.rejects(pingDatabase('replica'))
  })
})
