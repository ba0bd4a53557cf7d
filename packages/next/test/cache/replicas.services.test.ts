import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { register } from 'prom-client'
import type { Keys } from '../../src/cache/keys.js'
import { RedisServer } from '../support/redis.js'
import { Replica, type ReplicaOptions } from './replica.js'

async function eventually(attempt: () => Promise<boolean> | boolean, withinMs = 4000) {
  for (const deadline = Date.now() + withinMs; !(await attempt()); await sleep(10))
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`)
}

describe('the cache on several replicas, with a real Redis', function () {
  this.timeout(20_000)
  let redis: RedisServer
  let keys: Keys
  const replicas: Replica[] = []
  const replica = async (options: Partial<ReplicaOptions> = {}) => {
    const started = await Replica.start({ keys, redisPort: redis.port, ...options })
    replicas.push(started)
    return started
  }

  before(async () => {
    redis = await RedisServer.start()
  })
  beforeEach(() => {
    const stack = `slipway:${randomUUID()}`
    keys = { stack, entries: `${stack}::build` }
  })
  afterEach(() => {
    for (const each of replicas.splice(0)) each.stop()
    redis.cli('config', 'set', 'maxmemory', '0')
    redis.cli('replicaof', 'no', 'one')
    redis.cli('acl', 'setuser', 'default', 'on', 'nopass', '+@all', 'allkeys', 'allchannels')
  })
  after(() => redis.remove())

  const value = async (from: Replica, key = 'k') => (await from.get<string>(key))?.value

  it('hears updateTag of a tag that had revalidateTag(tag, "max") before, in any order', async () => {
    const [a, b] = [await replica(), await replica()]
    await a.soften('t', 365 * 24 * 3600)
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    await a.expire('t')
    await sleep(60)
    assert.equal(await value(b), undefined)
    await a.set('k', 'older than both', { tags: ['t'], startedAt: a.time.now() - 1000 })
    await a.soften('t', 365 * 24 * 3600)
    assert.equal(await value(b), undefined, 'what had expired is not merely stale now')
  })

  it('trusts no entry when Redis has lost what was invalidated', async () => {
    for (const lose of [['del', `${keys.stack}:tags`], ['flushall']]) {
      const [a, b] = [await replica(), await replica()]
      await a.set('k', 'old', { tags: ['t'] })
      assert.equal(await value(b), 'old')
      b.line.deaf = true
      await a.expire('t')
      const entry = redis.cli('--no-raw', 'dump', `${keys.entries}:page:k`).trim()
      redis.cli(...lose)
      if (lose[0] === 'del') assert.ok(entry, 'the entry is still there')
      await sleep(60)
      assert.deepEqual(
        [await value(a), await value(b), await value(await replica())],
        [undefined, undefined, undefined],
        lose.join(' '),
      )
      b.line.deaf = false
    }
  })

  it('trusts no entry of a snapshot that is older than the last invalidation', async () => {
    const a = await replica()
    await a.set('k', 'old', { tags: ['t'] })
    redis.cli('save')
    await a.expire('t')
    a.stop()
    replicas.splice(0)
    await redis.restart()
    assert.equal(redis.cli('exists', `${keys.entries}:page:k`).trim(), '1', 'the snapshot brought the entry back')
    assert.equal(await value(await replica()), undefined)
    redis.cli('flushall')
    redis.cli('save')
  })

  it('does not keep a render that another replica’s invalidation overtook, whatever the clocks say', async () => {
    for (const clockMs of [-3_600_000, 3_600_000]) {
      const [a, b] = [await replica({ clockMs }), await replica()]
      const startedAt = a.time.now()
      await b.expire('t')
      await sleep(20)
      await a.set(`k${clockMs}`, 'read before the invalidation', { tags: ['t'], startedAt })
      assert.deepEqual([await value(a, `k${clockMs}`), await value(b, `k${clockMs}`)], [undefined, undefined])
      await a.set(`k${clockMs}`, 'new', { tags: ['t'] })
      assert.deepEqual([await value(a, `k${clockMs}`), await value(b, `k${clockMs}`)], ['new', 'new'])
    }
  })

  it('does not run backwards: what another replica rendered anew replaces what is due here', async () => {
    const [a, b] = [await replica({ clockMs: 5000 }), await replica()]
    await a.set('k', 'first', { tags: [], revalidateSeconds: 0.2 })
    assert.deepEqual([await value(a), await value(b)], ['first', 'first'])
    await sleep(300)
    await b.set('k', 'second', { tags: [], revalidateSeconds: 60 })
    assert.equal(await value(a), 'second')
    await a.set('k', 'slow, and begun before the second', { tags: [], startedAt: a.time.now() - 400, revalidateSeconds: 60 })
    assert.deepEqual([await value(a), await value(b), await value(await replica())], ['second', 'second', 'second'])
  })

  it('gives an entry the same age on every replica', async () => {
    const [a, b] = [await replica({ clockMs: 300_000 }), await replica({ clockMs: -300_000 })]
    await a.set('k', 'v', { tags: [] })
    const found = await b.get('k')
    assert.ok(Math.abs((found?.born ?? 0) - b.time.now()) < 200)
  })

  it('hears of an invalidation although the channel is dead, within the time it trusts itself', async () => {
    const [a, b] = [await replica(), await replica()]
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    b.line.deaf = true
    await a.expire('t')
    await sleep(60)
    assert.equal(await value(b), undefined)
  })

  it('notices by the next message that it has missed one', async () => {
    const slow = { heartbeatMs: 10_000, trustMs: 10_000 }
    const [a, b] = [await replica(slow), await replica(slow)]
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    b.line.deaf = true
    await a.expire('t')
    await sleep(50)
    assert.equal(await value(b), 'old', 'it cannot know yet')
    b.line.deaf = false
    await a.expire('another')
    await sleep(50)
    assert.equal(await value(b), undefined)
  })

  it('serves nothing while it cannot ask, and what is still valid as soon as it can', async () => {
    const [a, b] = [await replica(), await replica()]
    await a.set('k', 'v', { tags: ['t'] })
    await a.set('l', 'v', { tags: ['u'] })
    assert.deepEqual([await value(b), await value(b, 'l')], ['v', 'v'])
    b.line.cut()
    await a.expire('t')
    await sleep(60)
    assert.deepEqual([await value(b), await value(b, 'l')], [undefined, undefined])
    assert.equal(b.trouble, 'down')
    b.line.mend()
    await eventually(async () => (await value(b, 'l')) === 'v')
    assert.equal(await value(b), undefined)
  })

  it('says later what it could not say, and does not serve it meanwhile', async () => {
    const [a, b] = [await replica(), await replica()]
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    a.line.cut()
    assert.equal(await a.expire('t'), false)
    assert.equal(await value(a), undefined)
    a.line.mend()
    await eventually(async () => (await value(b)) === undefined)
    await eventually(() => a.trouble === undefined)
    assert.equal(await value(a), undefined)
  })

  it('says what it could not say before it stops', async () => {
    const [a, b] = [await replica({ heartbeatMs: 60_000 }), await replica()]
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    redis.cli('config', 'set', 'maxmemory', '1')
    assert.equal(await a.expire('t'), false)
    redis.cli('config', 'set', 'maxmemory', '0')
    await a.drain()
    await eventually(async () => (await value(b)) === undefined)
    assert.match(redis.cli('hkeys', `${keys.stack}:tags`), /t:t/)
  })

  const refusals: Array<[string, () => void, () => void]> = [
    ['OOM', () => redis.cli('config', 'set', 'maxmemory', '1'), () => redis.cli('config', 'set', 'maxmemory', '0')],
    ['READONLY', () => redis.cli('replicaof', '127.0.0.1', '1'), () => redis.cli('replicaof', 'no', 'one')],
    ['NOPERM', () => redis.cli('acl', 'setuser', 'default', '-hset'), () => redis.cli('acl', 'setuser', 'default', '+@all')],
  ]
  for (const [reason, refuse, allow] of refusals)
    it(`notices that Redis refuses (${reason}), stops relying on it, says so, and comes back`, async () => {
      const counted = async () =>
        (await register.getSingleMetricAsString('cache_errors_total')).match(new RegExp(`"${reason}"} (\\d+)`))?.[1]
      const before = Number((await counted()) ?? 0)
      const [a, b] = [await replica(), await replica()]
      await a.set('k', 'old', { tags: ['t'] })
      assert.equal(await value(b), 'old')
      refuse()
      assert.equal(await a.expire('t'), false)
      await sleep(70)
      assert.equal(await value(b), undefined)
      assert.deepEqual([a.trouble, b.trouble], ['degraded', 'degraded'])
      assert.match(await register.getSingleMetricAsString('cache_up'), /cache_up 0/)
      assert.ok(Number(await counted()) > before)
      allow()
      await eventually(async () => {
        await b.set('l', 'v', { tags: [] })
        return (await value(b, 'l')) === 'v'
      })
      await eventually(async () => (await value(b)) === undefined)
      assert.equal(await value(a), undefined)
    })

  it('hears itself when the user may not publish', async () => {
    redis.cli('acl', 'setuser', 'default', 'resetchannels')
    const [a, b] = [await replica(), await replica()]
    await a.set('k', 'old', { tags: ['t'] })
    assert.equal(await value(b), 'old')
    assert.equal(await a.expire('t'), true)
    await sleep(70)
    assert.equal(await value(b), undefined)
  })

  it('invalidates again for who joined a render that was under way', async () => {
    const [a, b] = [await replica(), await replica()]
    const begun = a.time.now()
    await b.expire('t')
    await sleep(20)
    await a.set('page', 'made of what that render gave, by a request that came later', { tags: ['t'] })
    const position = a.store.history.positionAt(begun)
    assert.ok(position)
    await a.store.history.invalidate(a.store.history.overtaken(['t', 'other'], position))
    assert.deepEqual([await value(a, 'page'), a.store.history.overtaken(['t'], position).length], [undefined, 1])
    await a.set('page', 'new', { tags: ['t'] })
    assert.equal(await value(b, 'page'), 'new')
  })
})
