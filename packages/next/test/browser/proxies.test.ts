import assert from 'node:assert/strict'
import { request } from 'node:http'
import { Fixture, type Running } from '../support/fixture'

/**
 * A sign-in check in a proxy of the application's own holds however the application is run. Each way is a real process of a
 * real build; on Vercel the same build runs by `next start`, as nothing of this package stands in front there.
 */
const ways: Record<string, (name: string) => Promise<Running>> = {
  'next dev': (name) => Fixture.copy(name, '-dev').next('dev'),
  'next start': (name) => Fixture.build(name).next('start'),
  'the server of this package': (name) => Fixture.build(name).start(),
  'a build for Vercel': (name) =>
    Fixture.build(name, { variant: '-vercel', env: { VERCEL: '1' } }).next('start', { VERCEL: '1' }),
}

const applications = {
  routes: { guarded: '/dashboard', open: '/isr', cookie: 'session=ok', to: /\/sign-in$/, data: undefined },
  'base-path': {
    guarded: '/shop/members/',
    open: '/shop/',
    cookie: 'session=ok',
    to: /\/shop\/(en\/)?$/,
    data: '/shop/_next/data/BUILD/en/members.json',
  },
} as const

describe('a proxy that checks sign-in', function () {
  this.timeout(600_000)
  const running: Running[] = []
  after(() => Promise.all(running.map((server) => server.stop())))

  for (const [application, { guarded, open, cookie, to, data }] of Object.entries(applications))
    for (const [way, start] of Object.entries(ways))
      describe(`${application}, by ${way}`, () => {
        let server: Running
        before(async () => {
          server = await start(application)
          running.push(server)
        })
        after(() => server?.stop())

        /** As it is written: `fetch` would tidy the path up first. */
        const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
          new Promise<{ status: number; location: string; body: string }>((resolve, reject) =>
            request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
              let body = ''
              response.setEncoding('utf8').on('data', (piece) => (body += piece))
              response.on('end', () =>
                resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', body }),
              )
            })
              .on('error', reject)
              .end(),
          )

        it('sends a stranger to where one signs in, and lets others in', async () => {
          const stranger = await ask(guarded)
          assert.equal(stranger.status, 307)
          assert.match(stranger.location, to)
          const known = await ask(guarded, { cookie })
          assert.equal(known.status, 200)
          assert.match(known.body, /<h1/)
          assert.equal((await ask(open)).status, 200)
        })

        it('whatever the request calls itself', async () => {
          const build = /"buildId":"([^"]+)"/.exec((await ask(open)).body)?.[1] ?? 'development'
          const attempts: Array<[string, Record<string, string>?, string?]> = [
            [guarded, { rsc: '1' }],
            [guarded, { rsc: '1', 'next-router-prefetch': '1' }],
            [guarded, { rsc: '1', 'next-router-segment-prefetch': '/_tree' }],
            [guarded, { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' }],
            [guarded, { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' }],
            [guarded, { 'x-middleware-next': '1' }],
            [guarded, { 'x-middleware-rewrite': guarded }],
            [guarded, { 'x-matched-path': guarded }],
            [guarded, { 'x-invoke-path': guarded, 'x-invoke-status': '200' }],
            [guarded, { 'x-nextjs-data': '1' }],
            [guarded, { purpose: 'prefetch' }],
            [guarded, {}, 'HEAD'],
            [guarded, {}, 'POST'],
            [`${guarded}?x=1`],
            [guarded.replace('d', '%64').replace('/m', '/%6d')],
            [guarded.replace('/dash', '//dash').replace('/mem', '//mem')],
            [`${guarded.replace(/\/$/, '')}/.`],
            [`${guarded.replace(/\/$/, '')}.rsc`],
            [`${guarded.replace(/\/$/, '')}.txt`],
            ...(data
              ? [
                  [data.replace('BUILD', build)] as [string],
                  [data.replace('BUILD', build), { 'x-nextjs-data': '1' }] as [string, Record<string, string>],
                ]
              : []),
          ]
          for (const [path, headers, method] of attempts) {
            const answer = await ask(path, headers, method)
            const said = `${method ?? 'GET'} ${path} ${JSON.stringify(headers ?? {})}: ${answer.status} ${answer.location}`
            assert.doesNotMatch(answer.body, /dashboard<\/h1>|members<\/h1>|"children":"(dashboard|members)"/, said)
            assert.ok(answer.status >= 300 || !/dashboard|members/.test(answer.body), said)
          }
        })
      })
})
