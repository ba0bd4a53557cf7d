import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import PageCacheHandler, { invalidateTags } from '../../src/cache/page-cache-handler.js'
import useCacheHandler from '../../src/cache/use-cache-handler.js'
import { requestContext } from '../../src/observe/log.js'

const { IncrementalCache } = createRequire(import.meta.url)('next/dist/server/lib/incremental-cache/index.js')
const header = 'x-next-cache-tags'

describe('the cache handlers, asked by Next.js', () => {
  const cache = new IncrementalCache({
    dev: false,
    requestHeaders: {},
    minimalMode: false,
    previewProps: { previewModeId: 'x' },
    prerenderManifest: { routes: {}, dynamicRoutes: {}, notFoundRoutes: [], preview: { previewModeId: 'x' } },
    CurCacheHandler: PageCacheHandler,
  })
  const route = { kind: 'APP_PAGE', sourceRoute: '/p/page' }
  const page = (html: string, tags = 'a,b') => ({
    kind: 'APP_PAGE',
    html,
    rscData: Buffer.from('x'),
    status: 200,
    headers: { [header]: tags },
  })
  const context = { kind: 'APP_PAGE', route, isRoutePPREnabled: false, isFallback: false }
  const keep = (key: string, value: unknown) =>
    cache.set(key, value, { ...context, cacheControl: { revalidate: 3600, expire: 7200 } })
  const look = (key: string) => cache.get(key, context)

  it('a page is fresh, stale after revalidateTag(tag, "max"), and gone after updateTag', async () => {
    await keep('/one', page('<p>one</p>'))
    assert.equal((await look('/one')).isStale, undefined)
    await cache.revalidateTag(['b'], { expire: 3600 })
    assert.equal((await look('/one')).isStale, true)
    await cache.revalidateTag(['b'])
    assert.equal(await look('/one'), null)
    await keep('/one', page('<p>two</p>'))
    assert.equal((await look('/one')).value.html, '<p>two</p>')
  })

  it('a page whose next render failed is kept again, and not as one that stays stale', async () => {
    await keep('/failed', page('<p>old</p>', 'c'))
    await invalidateTags(['c'], { expire: 3600 })
    const { value } = await look('/failed')
    assert.equal(value.html, '<p>old</p>')
    await keep('/failed', value)
    const again = await look('/failed')
    assert.deepEqual([again.isStale, again.value.headers[header]], [undefined, 'c'])
    await invalidateTags(['c'])
    assert.equal(await look('/failed'), null)
  })

  it('a render that began before an invalidation is not kept, by whatever way it was begun', async () => {
    for (const found of [false, true])
      await requestContext.run({ requestId: 'r' }, async () => {
        if (found) await keep('/slow', page('<p>first</p>', 'd'))
        await requestContext.run({ requestId: 'render' }, async () => {
          await look('/slow')
          await sleep(5)
          await invalidateTags(['d'])
          await keep('/slow', page('<p>read before</p>', 'd'))
        })
        assert.equal(await look('/slow'), null)
      })
  })

  it('a path that the build prerendered, and that is not kept, has expired: Next.js then renders it in full', async () => {
    PageCacheHandler.prerendered = new Set(['/products/tea'])
    const partial = { ...context, isRoutePPREnabled: true }
    try {
      assert.deepEqual(
        await cache
          .get('/products/tea', partial)
          .then((found: { isStale: unknown; value: unknown }) => [found.isStale, found.value]),
        [-1, null],
      )
      for (const [key, asked] of [
        ['/products/coffee', partial],
        ['/products/tea', { ...partial, isFallback: true }],
        ['/products/tea', context],
      ] as const)
        assert.equal(await cache.get(key, asked), null)
      // A render that failed: Next.js keeps what it had.
      await cache.set('/products/tea', null, { ...partial, cacheControl: { revalidate: 3 } })
      assert.equal((await cache.get('/products/tea', partial)).isStale, -1)
      await cache.set('/products/tea', page('<p>tea</p>'), { ...partial, cacheControl: { revalidate: 3600 } })
      assert.equal((await cache.get('/products/tea', partial)).value.html, '<p>tea</p>')
    } finally {
      PageCacheHandler.prerendered = new Set()
    }
  })

  it('a cached fetch is fresh, stale and gone by the tags of who asks', async () => {
    const data = { kind: 'FETCH', data: { headers: {}, body: '', url: '' }, revalidate: 3600 }
    const asks = { kind: 'FETCH', revalidate: 3600, tags: ['f'], softTags: ['_N_T_/p'], fetchUrl: '', fetchIdx: 1 }
    const put = () => cache.set('key', data, { fetchCache: true, tags: ['f'], fetchUrl: '', fetchIdx: 1 })
    await put()
    assert.equal((await cache.get('key', asks)).isStale, false)
    await invalidateTags(['f'], { expire: 3600 })
    assert.equal((await cache.get('key', asks)).isStale, true)
    await put()
    assert.equal((await cache.get('key', asks)).isStale, false)
    await invalidateTags(['_N_T_/p'])
    assert.equal(await cache.get('key', asks), null)
  })

  it('a missing page is remembered as missing', async () => {
    await keep('/gone', null)
    assert.equal((await look('/gone')).value, null)
  })

  const entry = (text: string, more: object = {}) => ({
    value: new Blob([text]).stream() as ReadableStream<Uint8Array>,
    tags: ['u'],
    stale: 300,
    timestamp: performance.timeOrigin + performance.now(),
    expire: 7200,
    revalidate: 3600,
    ...more,
  })
  const read = async (key: string, softTags: string[] = []) => {
    const found = await useCacheHandler.get(key, softTags)
    return found && { text: await new Response(found.value).text(), revalidate: found.revalidate }
  }

  it('what `use cache` keeps is read as often as it is asked for, stale once, and gone by tags of the path too', async () => {
    await useCacheHandler.set('k', Promise.resolve(entry('one')))
    assert.deepEqual([await read('k'), await read('k')], Array(2).fill({ text: 'one', revalidate: 3600 }))
    await useCacheHandler.updateTags(['u'], { expire: 3600 })
    assert.deepEqual(await read('k'), { text: 'one', revalidate: -1 })
    await useCacheHandler.set('k', Promise.resolve(entry('two')))
    assert.deepEqual(await read('k'), { text: 'two', revalidate: 3600 })
    await useCacheHandler.updateTags(['_N_T_/q'])
    assert.equal(await read('k', ['_N_T_/q']), undefined)
    await useCacheHandler.updateTags(['u'])
    assert.equal(await read('k'), undefined)
  })

  it('who asks for what is being kept waits for it; what failed half-way, or has no life, is not kept', async () => {
    let deliver: (made: ReturnType<typeof entry>) => void = () => {}
    const kept = useCacheHandler.set('w', new Promise((resolve) => (deliver = resolve)))
    const waiting = read('w')
    deliver(entry('late'))
    assert.equal((await waiting)?.text, 'late')
    await kept
    const broken = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('broken')) })
    await useCacheHandler.set('x', Promise.resolve(entry('', { value: broken })))
    await useCacheHandler.set('y', Promise.resolve(entry('y', { expire: 0 })))
    assert.deepEqual([await read('x'), await read('y')], [undefined, undefined])
  })

  it('a result that was overtaken expires the pages of those who joined it', async () => {
    const startedLong = entry('read before', { tags: ['j'] })
    await sleep(5)
    await invalidateTags(['j'])
    await sleep(5)
    await keep('/joined', page('<p>made of it</p>', 'j'))
    assert.ok(await look('/joined'))
    await useCacheHandler.set('j', Promise.resolve(startedLong))
    assert.equal(await look('/joined'), null)
    await keep('/joined', page('<p>new</p>', 'j'))
    await useCacheHandler.set('j', Promise.resolve(entry('read after', { tags: ['j'] })))
    assert.ok(await look('/joined'), 'and only once')
  })
})
