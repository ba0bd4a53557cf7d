import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { NextFetchEvent, NextRequest } from 'next/server.js'
import { managerProblems } from '../src/build/project.js'
import { proxyProblems } from '../src/build/proxy-files.js'

const { NextRequest: Asked, NextResponse } = await import('next/server.js')
const { withPolicy } = await import('../src/server/proxy.js')

function project(...files: string[]) {
  const root = mkdtempSync(join(tmpdir(), 'slipway-proxies-'))
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
  return root
}

describe('the files of a proxy', () => {
  for (const files of [
    ['proxy.ts', 'middleware.ts'],
    ['proxy.ts', 'proxy.vercel.ts'],
    ['proxy.js', 'src/proxy.js'],
    ['src/middleware.ts', 'proxy.vercel.ts'],
  ])
    it(`${files.join(' and ')}: refused, as one of them would be silent`, () => {
      const [problem = ''] = proxyProblems(project(...files))
      for (const file of files) assert.ok(problem.includes(file), problem)
    })

  for (const files of [[], ['proxy.ts'], ['src/middleware.js'], ['proxy.vercel.ts']])
    it(`${files.join(' and ') || 'none'}: taken`, () => assert.deepEqual(proxyProblems(project(...files)), []))

  it('with extensions of its own', () => {
    assert.deepEqual(proxyProblems(project('proxy.page.ts', 'proxy.ts'), ['page.ts']), [])
    assert.equal(proxyProblems(project('proxy.page.ts', 'middleware.page.ts'), ['page.ts']).length, 1)
  })
})

describe("Yarn's Plug'n'Play", () => {
  it('is refused with what to do, as the output of a build needs files', () => {
    assert.match(managerProblems(project('.pnp.cjs'))[0] ?? '', /nodeLinker: node-modules/)
    assert.deepEqual(managerProblems(project('yarn.lock')), [])
  })
})

describe('a proxy that checks sign-in, with the policy around it', () => {
  const guarded = withPolicy((request) => {
    if (!request.cookies.has('session')) return NextResponse.redirect(new URL('/sign-in', request.url))
    const headers = new Headers(request.headers)
    headers.set('x-visitor', 'ada')
    const response = NextResponse.next({ request: { headers } })
    response.cookies.set('seen', '1')
    return response
  })
  const ask = async (cookie?: string) =>
    (await guarded(
      new Asked('https://shop.example.com/dashboard', cookie ? { headers: { cookie } } : {}) as unknown as NextRequest,
      {} as NextFetchEvent,
    )) as Response

  for (const vercel of [undefined, '1'])
    describe(vercel ? 'on Vercel' : 'behind the server, in development and by next start', () => {
      before(() => {
        if (vercel) process.env.VERCEL = vercel
      })
      after(() => {
        delete process.env.VERCEL
      })

      it('turns a stranger away', async () => {
        const response = await ask()
        assert.equal(response.status, 307)
        assert.equal(response.headers.get('location'), 'https://shop.example.com/sign-in')
        assert.equal(response.headers.get('x-middleware-next'), null)
      })

      it('lets the others in, with what it said', async () => {
        const response = await ask('session=1')
        assert.equal(response.headers.get('x-middleware-next'), '1')
        assert.equal(response.headers.get('x-middleware-request-x-visitor'), 'ada')
        assert.match(response.headers.get('set-cookie') ?? '', /seen=1/)
        const policy = response.headers.get('content-security-policy') ?? ''
        if (vercel) {
          const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? []
          assert.ok(nonce, policy)
          assert.match(
            response.headers.get('x-middleware-request-content-security-policy') ?? '',
            new RegExp(`nonce-${nonce.replace(/[+/]/g, '.')}`),
          )
        } else assert.equal(policy, '')
      })
    })
})
