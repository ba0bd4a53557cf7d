import assert from 'node:assert/strict'
import sharp from 'sharp'
import { App, entry, eventually, mailbox, migrate, planted, signedIn } from '../support/app'
import { Postgres, Redis } from '../support/services'

describe('the product, on two replicas', () => {
  let postgres: Postgres
  let redis: Redis
  let post: Awaited<ReturnType<typeof mailbox>>
  let a: App
  let b: App

  before(async function () {
    this.timeout(60_000)
    ;[postgres, redis, post] = [await Postgres.start(), await Redis.start(), await mailbox()]
    const settings = {
      DATABASE_URL: postgres.url(),
      REDIS_URL: redis.url,
      EMAIL_API_URL: post.url,
      LOG_LEVEL: 'debug',
      STORAGE_BUCKET: `file:///tmp/logbook-uploads-${process.pid}`,
    }
    await migrate(settings, '--seed')
    ;[a, b] = await Promise.all([App.start(settings), App.start(settings)])
  })

  after(async () => {
    await Promise.all([a?.stop(), b?.stop()])
    post?.close()
    await redis?.remove()
    postgres?.remove()
  })

  const linkOf = (text: string) => new URL(text.match(/http\S+/)?.[0] as string)

  it('shows what the database holds, asking it once', async () => {
    assert.match(await a.text('/'), /Search answers while you type/)
    assert.match(await b.text('/'), /Search answers while you type/)
    assert.equal(await b.metric(/cache_requests_total\{cache="data",result="redis"\}/), 1)
  })

  it('signs in by a mailed link that works once', async () => {
    const asked = await a.submit('/sign-in', { email: 'Ada@Example.com' })
    assert.match(await asked.text(), /on its way/)
    const link = linkOf(post.mails.at(-1)?.text as string)
    assert.deepEqual(post.mails.at(-1)?.to, ['ada@example.com'])
    assert.equal(link.origin, a.origin)

    const confirm = () => a.submit(link.pathname + link.search, {})
    const first = await confirm()
    assert.equal(first.status, 303)
    const cookie = first.headers.getSetCookie().find((line) => line.startsWith('session='))
    assert.match(cookie as string, /HttpOnly/i)
    assert.match(cookie as string, /SameSite=lax/i)
    assert.match(await b.text('/account', { headers: { cookie: cookie as string } }), /Hello, (<!-- -->)?Ada/)

    const second = await confirm()
    assert.equal(second.headers.get('location'), '/sign-in?expired=1')
    assert.deepEqual(second.headers.getSetCookie(), [])
  })

  it('opening the link is not enough, so a mail scanner does not use it up', async () => {
    await a.submit('/sign-in', { email: 'scanned@example.com' })
    const link = linkOf(post.mails.at(-1)?.text as string)
    await a.get(link.pathname + link.search)
    assert.equal((await a.submit(link.pathname + link.search, {})).status, 303)
  })

  it('limits links for one address, on all replicas together', async () => {
    const ask = (app: App) => app.submit('/sign-in', { email: 'many@example.com' }).then((response) => response.text())
    for (const app of [a, b, a, b, a]) assert.match(await ask(app), /on its way/)
    assert.match(await ask(b), /a lot of links/)
  })

  it('never sends anybody to another site', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)']) {
      await a.submit(`/sign-in?next=${encodeURIComponent(next)}`, { email: `next${Math.random()}@example.com` })
      const link = linkOf(post.mails.at(-1)?.text as string)
      link.searchParams.set('next', next)
      const response = await a.submit(link.pathname + link.search, {})
      assert.equal(new URL(response.headers.get('location') as string, a.origin).origin, a.origin, next)
    }
  })

  it('refuses an action that another site posts', async () => {
    const { cookie } = await signedIn(postgres)
    const html = await a.text('/account', { headers: { cookie } })
    const name = html.match(/name="(\$ACTION_ID_[^"]+)"/)?.[1] as string
    const body = new FormData()
    body.set(name, '')
    const response = await a.get('/account', { method: 'POST', body, headers: { cookie, origin: 'https://evil.example' } })
    assert.ok(response.status >= 400, `answered ${response.status}`)
    assert.match(await a.text('/account', { headers: { cookie } }), /Hello/)
  })

  it('writes without JavaScript, and every replica shows it at once', async () => {
    const { cookie } = await signedIn(postgres)
    await Promise.all([a.text('/'), b.text('/'), a.text('/topics/feature'), b.text('/topics/feature')])
    const saved = await a.submit('/write', entry('Fresh everywhere'), { cookie })
    assert.equal(saved.status, 303)
    const path = saved.headers.get('location') as string

    for (const page of ['/', '/topics/feature', path]) {
      assert.match(await a.text(page), /Fresh everywhere/, `${page} on the same replica`)
      await eventually(300, async () => /Fresh everywhere/.test(await b.text(page)))
    }

    assert.equal((await a.get(path)).headers.get('x-nextjs-cache'), 'HIT')
    await b.submit(`${path}/edit`, entry('Changed everywhere'), { cookie, pick: 'Save changes' })
    for (const app of [b, a]) await eventually(300, async () => /Changed everywhere/.test(await app.text(path)))
  })

  it('says what is wrong with a form, and keeps what was typed', async () => {
    const { cookie } = await signedIn(postgres)
    const answer = await (await a.submit('/write', { ...entry('Kept words'), summary: 'short' }, { cookie })).text()
    assert.match(answer, /The summary needs at least 10 characters/)
    assert.match(answer, /value="Kept words"/)
  })

  it('lets only the author edit', async () => {
    const author = await signedIn(postgres)
    const other = await signedIn(postgres)
    const path = (await a.submit('/write', entry('Mine alone'), { cookie: author.cookie })).headers.get('location') as string
    assert.equal((await a.get(`${path}/edit`, { headers: { cookie: other.cookie } })).status, 404)
    assert.equal((await a.get(`${path}/edit`)).status, 307)
  })

  describe('uploads', () => {
    const upload = async (file: Blob, name: string) => {
      const { cookie } = await signedIn(postgres)
      return a.submit('/write', { ...entry(`With ${name}`), cover: new File([file], name) }, { cookie })
    }

    it('keeps the picture and drops what else is in the file', async () => {
      const withLocation = await sharp({ create: { width: 2400, height: 1200, channels: 3, background: '#246' } })
        .jpeg()
        .withExif({ IFD0: { Copyright: 'planted-copyright' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
        .toBuffer()
      assert.ok(withLocation.includes('planted-copyright'))
      const path = (await upload(new Blob([new Uint8Array(withLocation)]), 'photo.jpg')).headers.get('location') as string
      const [, key] = (await a.text(path)).match(/%2Fmedia%2F([\w-]+\.webp)/) as RegExpMatchArray
      const response = await a.get(`/media/${key}`)
      assert.equal(response.headers.get('content-type'), 'image/webp')
      assert.match(response.headers.get('cache-control') as string, /immutable/)
      const stored = Buffer.from(await response.arrayBuffer())
      const { width, exif } = await sharp(stored).metadata()
      assert.deepEqual({ width, exif }, { width: 2000, exif: undefined })

      const optimised = await a.get(`/_next/image?url=%2Fmedia%2F${key}&w=640&q=75`, { headers: { accept: 'image/avif' } })
      assert.equal(optimised.headers.get('content-type'), 'image/avif')
      assert.equal((await sharp(Buffer.from(await optimised.arrayBuffer())).metadata()).width, 640)
      const again = await b.get(`/_next/image?url=%2Fmedia%2F${key}&w=640&q=75`, { headers: { accept: 'image/avif' } })
      assert.equal(again.headers.get('x-nextjs-cache'), 'HIT', 'the other replica finds it in Redis')
    })

    it('refuses what is not a picture, whatever it is called', async () => {
      for (const [name, content] of [
        ['page.png', '<html><script>alert(1)</script></html>'],
        ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'],
        ['empty.jpg', '\xff\xd8\xff'],
      ] as const) {
        const response = await upload(new Blob([content]), name)
        assert.equal(response.status, 200, name)
        assert.match(await response.text(), /not a picture we can read/, name)
      }
    })

    it('serves only its own keys, and optimises only its own pictures', async () => {
      for (const path of ['/media/..%2f..%2fetc%2fpasswd', '/media/x.html', '/media/none.webp'])
        assert.equal((await a.get(path)).status, 404, path)
      assert.equal((await a.get('/_next/image?url=https%3A%2F%2Fevil.example%2Fx.png&w=640&q=75')).status, 400)
      assert.equal((await a.get('/_next/image?url=%2Fapi%2Fready&w=640&q=75')).status, 400)
    })
  })

  it('counts Web Vitals by route, and nothing else', async () => {
    const send = (body: string) => a.get('/api/vitals', { method: 'POST', body }).then(({ status }) => status)
    assert.equal(await send(JSON.stringify({ name: 'LCP', value: 1234, path: '/entries/some-entry' })), 204)
    assert.equal(await send(JSON.stringify({ name: 'EVIL', value: 1, path: '/' })), 400)
    assert.equal(await send('x'.repeat(2000)), 400)
    assert.equal(await a.metric(/web_vitals_seconds_count\{metric="LCP",route="\/entries\/\[slug\]"\}/), 1)
  })

  it('keeps planted secrets and personal data out of logs and answers', async () => {
    await a.submit('/sign-in', { email: 'personal@example.com' })
    const answers = await Promise.all(['/', '/status', '/api/ready', '/nowhere', '/sign-in'].map((path) => a.text(path)))
    for (const secret of [...Object.values(planted), 'personal@example.com', postgres.url()]) {
      assert.ok(!a.output.includes(secret), `log contains ${secret}`)
      for (const text of answers) assert.ok(!text.includes(secret), `answer contains ${secret}`)
    }
    const [user] = await postgres.query<{ emailSealed: string }>(
      'select email_sealed as "emailSealed" from users where email_sealed <> $1 limit 1',
      ['sealed'],
    )
    assert.doesNotMatch(user?.emailSealed as string, /@/)
  })
})
