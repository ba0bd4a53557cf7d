import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { countTogether } from '../../src/cache/cloudfront.js'
import { RedisLink, redisLink } from '../../src/cache/redis.js'
import { run, scripts } from '../../src/cache/scripts.js'
import { redis as contract } from '../../src/contract.js'
import { allow } from '../../src/server/rate-limit.js'
import { RedisServer } from '../support/redis.js'
import { Replica } from './replica.js'

/** Sent once a connection, and not understood by every server; the client goes on without. */
const optional = ['client|setinfo']
/** What every user may, each of them: https://valkey.io/topics/acl/ */
const always = ['auth', 'hello', 'quit', 'reset']

describe('what the contract says of Redis, with a real one', function () {
  this.timeout(20_000)
  const stack = `${contract.keyPrefix}shop-prod-web`
  const keys = { stack, entries: `${stack}:3f9c2a71:build` }
  let redis: RedisServer
  const commands = contract.commands.filter((command) => !optional.includes(command))

  before(async () => {
    redis = await RedisServer.start()
    const rules = [`~${contract.keyPrefix}shop-prod-*`, `&${contract.keyPrefix}shop-prod-*`]
    const allowed = commands.map((command) => `+${command}`)
    const said = redis.cli('acl', 'setuser', 'app', 'on', '>secret', 'resetkeys', 'resetchannels', '-@all', ...rules, ...allowed)
    assert.equal(said.trim(), 'OK')
    for (const command of optional) redis.cli('acl', 'setuser', 'app', `+${command}`)
    Object.assign(process.env, {
      AUTH_SECRET: 'a'.repeat(32),
      CACHE_NAMESPACE: 'shop-prod-web/3f9c2a71',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
      REDIS_PASSWORD: 'secret',
      REDIS_URL: `redis://app@127.0.0.1:${redis.port}`,
    })
  })
  after(() => redis.remove())

  it('is enough for caches, invalidations and limits, and no more than they use', async () => {
    redis.cli('config', 'resetstat')
    redis.cli('acl', 'log', 'reset')
    const options = { keys, redisPort: redis.port, user: 'app:secret' }
    const [a, b] = [await Replica.start(options), await Replica.start(options)]
    await a.set('page', 'old', { tags: ['t'] })
    assert.equal((await b.get('page'))?.value, 'old')
    assert.equal(await a.soften('t', 60), true)
    assert.equal(await a.expire('t'), true)
    await sleep(70)
    assert.equal(await b.get('page'), undefined)
    // Another server answers: a history that is not to be trusted begins anew, and what nobody needs any more goes.
    redis.cli('hset', `${stack}:tags`, 'server', 'another')
    await sleep(100)
    assert.equal(await a.expire('t'), true)
    const link = redisLink() as RedisLink
    await new Promise<void>((resolve) => (link.client.isReady ? resolve() : link.client.once('ready', () => resolve())))
    await run(link.client as never, scripts.prune, `${stack}:tags`, 't:gone', '0')
    redis.cli('hset', `${stack}:tags`, 't:old', '1')
    await run(link.client as never, scripts.prune, `${stack}:tags`, 't:old', '1')
    assert.equal(await allow('sign-in', { limit: 1, windowSeconds: 60 }), true)
    assert.equal(await allow('sign-in', { limit: 1, windowSeconds: 60 }), false)
    assert.equal(await countTogether('2026-11-28', 3), 3)
    assert.equal(await link.client.ping().then(String), 'PONG')
    for (const each of [a, b]) each.stop()
    await sleep(50)

    assert.equal(redis.cli('acl', 'log').trim(), '')
    const used = [...redis.cli('info', 'commandstats').matchAll(/cmdstat_(\S+?):/g)].map(([, name]) => name as string)
    const ours = /^(acl|config|command)/
    const listed: readonly string[] = [...contract.commands, ...always]
    assert.deepEqual(
      used.filter((name) => !listed.includes(name) && !ours.test(name)),
      [],
    )
    assert.deepEqual(
      commands.filter((name) => !used.includes(name)),
      [],
    )
  })

  it('leaves the keys of others alone', async () => {
    const link = new RedisLink(`redis://app:secret@127.0.0.1:${redis.port}`)
    await new Promise<void>((resolve) => link.client.once('ready', () => resolve()))
    for (const command of [
      ['HGETALL', `${contract.keyPrefix}shop-staging-web:tags`],
      ['DEL', 'sessions'],
      ['KEYS', '*'],
      ['FLUSHALL'],
      ['CONFIG', 'GET', '*'],
      ['PUBLISH', 'elsewhere', 'x'],
      ['EVAL', "return redis.call('GET', 'sessions')", '0'],
    ])
      await assert.rejects(link.client.sendCommand(command), /permission|can't run/, command.join(' '))
    link.client.destroy()
  })
})
