import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFrontClient, CreateInvalidationCommand, type CreateInvalidationCommandInput } from '@aws-sdk/client-cloudfront'
import { EdgeInvalidation, type EdgeInvalidationOptions } from '../../src/cache/cloudfront.js'
import { edgeTag, edgeTagsOf } from '../../src/cache/edge-tags.js'
import PageCacheHandler, { invalidateTags } from '../../src/cache/page-cache-handler.js'
import { log, requestContext } from '../../src/observe/log.js'

const instances = (globalThis as unknown as Record<symbol, Map<unknown, unknown>>)[Symbol.for('slipway')]

function edgeThat(options: Partial<EdgeInvalidationOptions> = {}) {
  const sent: CreateInvalidationCommandInput[] = []
  const edge = new EdgeInvalidation({
    distributionId: 'E1',
    pathsPerDay: 100,
    delayMs: 5,
    intervalMs: 5,
    send: async (input) => void sent.push(input),
    ...options,
  })
  return { edge, sent, items: () => sent.map(({ InvalidationBatch }) => InvalidationBatch?.Paths?.Items) }
}

describe('invalidations at CloudFront', () => {
  before(() => {
    log().level = 'silent'
  })

  it('go out a moment later, each tag once', async () => {
    const { edge, sent } = edgeThat({ delayMs: 30 })
    edge.add(['products', 'Products'])
    edge.add(['products'])
    await sleep(10)
    assert.deepEqual([...sent], [])
    await sleep(40)
    assert.equal(sent.length, 1)
    assert.deepEqual(sent[0]?.InvalidationBatch?.Paths, {
      Quantity: 2,
      Items: [`#${edgeTag('products')}`, `#${edgeTag('Products')}`],
    })
    assert.match(sent[0]?.InvalidationBatch?.CallerReference ?? '', /^[\w-]{36}$/)
  })

  it('keep their distance, and miss nothing meanwhile', async () => {
    const { edge, items } = edgeThat({ delayMs: 1, intervalMs: 60 })
    edge.add(['a'])
    await sleep(20)
    edge.add(['b'])
    await sleep(10)
    edge.add(['c'])
    assert.deepEqual(items(), [[`#${edgeTag('a')}`]])
    await sleep(70)
    assert.deepEqual(items().at(-1), [`#${edgeTag('b')}`, `#${edgeTag('c')}`])
  })

  it('many at once are one, that of all pages', async () => {
    const { edge, items } = edgeThat()
    edge.add(Array.from({ length: 11 }, (_, index) => `tag ${index}`))
    await edge.flush()
    assert.deepEqual(items(), [['#pages']])
  })

  it('cost no more a day than was said, whatever the number of replicas', async () => {
    const ofDay = new Map<string, number>()
    const count = async (day: string, paths: number) => ofDay.set(day, (ofDay.get(day) ?? 0) + paths).get(day)
    const [one, other] = [edgeThat({ pathsPerDay: 3, count }), edgeThat({ pathsPerDay: 3, count })]
    one.edge.add(['a', 'b'])
    await one.edge.flush()
    other.edge.add(['c'])
    await other.edge.flush()
    other.edge.add(['d'])
    await other.edge.flush()
    assert.deepEqual([one.items().flat().length, other.items().flat().length], [2, 1])
    // While Redis is away each counts for itself.
    const alone = edgeThat({ pathsPerDay: 1, count: async () => undefined })
    for (const tag of ['a', 'b']) {
      alone.edge.add([tag])
      await alone.edge.flush()
    }
    assert.equal(alone.items().length, 1)
  })

  it('that wait are sent when the process stops, also those that CloudFront did not take', async () => {
    let refuses = true
    const { edge, items } = edgeThat()
    const failing = edgeThat({
      delayMs: 100_000,
      intervalMs: 100_000,
      send: async (input) => {
        if (refuses) throw new Error('Rate exceeded')
        failing.sent.push(input)
      },
    })
    edge.add(['a'])
    await edge.flush()
    assert.equal(items().length, 1)
    failing.edge.add(['a'])
    await failing.edge.flush()
    failing.edge.add(['b'])
    refuses = false
    await failing.edge.flush()
    assert.deepEqual(failing.items(), [[`#${edgeTag('a')}`], [`#${edgeTag('b')}`]])
  })

  it('are repeated under the same reference when CloudFront did not take them', async () => {
    const references: Array<string | undefined> = []
    const { edge } = edgeThat({
      send: async ({ InvalidationBatch }) => {
        references.push(InvalidationBatch?.CallerReference)
        if (references.length < 3) throw new Error('Rate exceeded')
      },
    })
    edge.add(['a'])
    await sleep(60)
    assert.equal(references.length, 3)
    assert.equal(new Set(references).size, 1)
  })

  it('are the request that test/reference holds against AWS’s own description', async () => {
    const recorded = JSON.parse(readFileSync(new URL('create-invalidation.json', import.meta.url), 'utf8'))
    const seen: object[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const scope = /Credential=[^/]+\/\d+\/([^,]+),/.exec(request.headers.authorization ?? '')?.[1]
      seen.push({ method: request.method, path: request.url, scope, body })
      response.writeHead(201, { 'content-type': 'text/xml' }).end('<Invalidation/>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = new CloudFrontClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    })
    try {
      const { edge } = edgeThat({
        distributionId: recorded.input.DistributionId,
        send: async (input) => {
          const { Paths } = input.InvalidationBatch ?? {}
          assert.deepEqual({ ...input, InvalidationBatch: { ...recorded.input.InvalidationBatch, Paths } }, recorded.input)
          await client.send(new CreateInvalidationCommand(recorded.input))
        },
      })
      edge.add(['products', '_N_T_/blog/hello'])
      await edge.flush()
    } finally {
      client.destroy()
      server.close()
    }
    assert.deepEqual(seen, [recorded.request])
  })
})

describe('the tags of a page, for CloudFront', () => {
  it('are visible ASCII without commas, and tell what differs in case apart', () => {
    assert.notEqual(edgeTag('Tee'), edgeTag('tee'))
    for (const tag of ['a,b', 'größe', 'x'.repeat(256), '']) assert.match(edgeTag(tag), /^[0-9a-f]{16}$/)
  })

  it('are 50 at most, one of which every page has', () => {
    const of = (length: number) => edgeTagsOf(Array.from({ length }, (_, index) => String(index)))
    assert.equal(of(49)?.split(',').length, 50)
    assert.equal(of(50), undefined)
  })
})

describe('the page cache with CloudFront in front', () => {
  const handler = new PageCacheHandler()
  let { edge, items } = edgeThat({ delayMs: 100_000 })
  const context = (tags: string[] = []) => ({ tags, cacheControl: { revalidate: 3600, expire: 7200 } }) as never
  const page = (kind: string, tags?: string) => ({
    kind,
    html: '<p>',
    status: 200,
    headers: tags ? { 'x-next-cache-tags': tags } : {},
  })
  const headersOf = (value: unknown) => (value as { headers: Record<string, string> }).headers

  beforeEach(() => {
    ;({ edge, items } = edgeThat({ delayMs: 100_000 }))
    instances?.set('edge-invalidation', { edge })
  })
  after(() => instances?.delete('edge-invalidation'))

  it('gives a page its tags, the first time and from the cache', async () => {
    const value = page('APP_PAGE', 'e1,_N_T_/e')
    await handler.set('/e', value as never, context())
    const tags = headersOf(value)['x-slipway-edge-tags']?.split(',') ?? []
    for (const tag of ['e1', '_N_T_/e']) assert.ok(tags.includes(edgeTag(tag)), tag)
    assert.equal(headersOf((await handler.get('/e'))?.value)['x-slipway-edge-tags'], tags.join(','))
  })

  it('tells CloudFront which tags were invalidated', async () => {
    await handler.revalidateTag('e2')
    await invalidateTags(['_N_T_/e2'], { expire: 3600 })
    await edge.flush()
    assert.deepEqual(items(), [[`#${edgeTag('e2')}`, `#${edgeTag('_N_T_/e2')}`]])
  })

  it('tells it which page the Pages Router rendered on demand, and nothing of renders that were due', async () => {
    await requestContext.run({ requestId: 'first' }, async () => {
      await handler.get('/demand')
      await handler.set('/demand', page('PAGES') as never, context())
    })
    await edge.flush()
    assert.deepEqual(items(), [])
    const again = page('PAGES')
    await requestContext.run({ requestId: 'res.revalidate' }, async () => {
      await handler.get('/demand')
      await handler.set('/demand', again as never, context())
    })
    await edge.flush()
    assert.deepEqual(items().length, 1)
    assert.ok(headersOf(again)['x-slipway-edge-tags']?.includes(items()[0]?.[0]?.slice(1) ?? 'none'))
  })

  it('marks what is served though it was invalidated, and keeps no such mark', async () => {
    await handler.set('/stale', page('APP_PAGE', 'e3') as never, context())
    await invalidateTags(['e3'], { expire: 3600 })
    const served = (await handler.get('/stale'))?.value
    assert.equal(headersOf(served)['x-slipway-outdated'], '1')
    await handler.set('/stale', served as never, context())
    assert.equal(headersOf((await handler.get('/stale'))?.value)['x-slipway-outdated'], undefined)
  })

  it('marks a page that was invalidated while it was being rendered', async () => {
    const value = page('APP_PAGE', 'e4')
    await requestContext.run({ requestId: 'render' }, async () => {
      await handler.get('/slow-edge')
      await sleep(5)
      await invalidateTags(['e4'])
      await handler.set('/slow-edge', value as never, context())
    })
    assert.equal(headersOf(value)['x-slipway-outdated'], '1')
  })
})
