import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { withFrameworkOrigins } from '../src/build/framework-origins.js'
import { withFrameworkStyles } from '../src/build/framework-styles.js'
import { isFrameworkScript, isReactInstruction } from '../src/server/framework-script.js'
import { createNonce } from '../src/server/nonce.js'
import { hashesOf, inlineScript, type Policy, policyProblems, policyWriter, withoutNonce } from '../src/server/policy.js'

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const directive = (policy: string, name: string) => policy.split('; ').find((each) => each.split(' ')[0] === name)

describe('the Content-Security-Policy', () => {
  it('allows no inline script as such, nor eval', () => {
    for (const scripts of ['', "'nonce-abc'", hash('one()')]) {
      const policy = policyWriter({})(scripts)
      assert.match(policy, /^default-src 'none'; /)
      assert.equal(directive(policy, 'script-src'), `script-src 'self'${scripts && ` ${scripts}`}`)
      assert.doesNotMatch(policy, /script-src[^;]*(unsafe|strict-dynamic)/)
      for (const each of ["base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) assert.ok(policy.includes(each))
    }
  })

  it('is widened by the application, one directive at a time', () => {
    const policy = policyWriter({
      policy: { 'script-src': ['https://js.stripe.com'], 'frame-src': ['https://js.stripe.com'], 'frame-ancestors': ["'self'"] },
      connect: ['https://o1.ingest.sentry.io'],
      reportUri: '/shop/api/csp',
    })("'nonce-abc'")
    assert.equal(directive(policy, 'script-src'), "script-src 'self' https://js.stripe.com 'nonce-abc'")
    assert.equal(directive(policy, 'frame-src'), 'frame-src https://js.stripe.com')
    assert.equal(directive(policy, 'frame-ancestors'), "frame-ancestors 'self'", "'none' gives way")
    assert.equal(directive(policy, 'connect-src'), "connect-src 'self' https://o1.ingest.sentry.io")
    assert.match(policy, /; report-uri \/shop\/api\/csp$/)
  })

  it('lets files come from where the configuration says that they are', () => {
    const widened = withFrameworkOrigins(
      { 'script-src': ['https://js.stripe.com', 'https://cdn.example.com'] },
      { assetPrefix: 'https://cdn.example.com/shop/', images: { path: '//res.cloudinary.com/shop/' } },
    )
    assert.deepEqual(widened['script-src'], ['https://js.stripe.com', 'https://cdn.example.com'])
    for (const name of ['style-src', 'font-src', 'media-src', 'connect-src'] as const)
      assert.deepEqual(widened[name], ['https://cdn.example.com'], name)
    assert.deepEqual(widened['img-src'], ['https://cdn.example.com', 'res.cloudinary.com'])
    for (const assetPrefix of [undefined, '', '/shop', 'shop']) assert.deepEqual(withFrameworkOrigins({}, { assetPrefix }), {})
    assert.deepEqual(withFrameworkOrigins(widened, { assetPrefix: 'https://cdn.example.com' }), widened, 'twice is once')
  })

  it('differs in development by what the development server needs, and by nothing else', () => {
    const [production, development] = [false, true].map((each) => policyWriter({ development: each })("'nonce-abc'").split('; '))
    assert.deepEqual(
      development?.filter((each) => !production?.includes(each)),
      ["script-src 'self' 'unsafe-eval' 'nonce-abc'", "style-src 'self' 'unsafe-inline'", "connect-src 'self' ws:"],
    )
  })

  it('refuses what cannot be meant, all of it at once', () => {
    const problems = policyProblems({
      'script-src': [
        "'unsafe-inline'",
        '*',
        'https:',
        'https://cdn.example.com',
        "'sha256-AAAA'",
        'https://a.example; script-src *',
      ],
      'image-src': ['https://images.example.com'],
      'default-src': ['*'],
      'style-src': "'unsafe-inline'",
      'img-src': ['*', 'https:', 'data:', 'https://*.example.com', 'self'],
    } as unknown as Policy)
    assert.deepEqual(
      problems.map((problem) => problem.split(' ').slice(0, 2).join(' ')),
      [
        "policy.script-src: 'unsafe-inline'",
        'policy.script-src: *',
        'policy.script-src: https:',
        'policy.script-src: https://a.example;',
        'policy.image-src: not',
        'policy.default-src: not',
        'policy.style-src: expected',
      ],
    )
  })

  it('takes every source of the documented set', () => {
    for (const source of [
      'https://challenges.cloudflare.com',
      'https://*.s3.eu-central-1.amazonaws.com',
      'wss://live.example.com',
      "'unsafe-inline'",
    ])
      assert.deepEqual(policyProblems({ 'style-src': [source] }), [])
  })
})

describe('scripts of a cached page', () => {
  const none = () => false

  it('are the ones that carry the nonce of their render, and no others', () => {
    const html =
      '<script src="/a.js" async="" nonce="n1"></script><script nonce="n1">one()</script><p><script>stolen()</script>' +
      '<script nonce="n2">stolen()</script><script id="x" nonce="n1">two()</script><SCRIPT>stolen()</SCRIPT>'
    assert.equal(hashesOf(html, none, 'n1'), `${hash('one()')} ${hash('two()')}`)
    assert.doesNotMatch(withoutNonce(html, 'n1'), /n1/)
  })

  it("are React's own where a shell gives them no nonce", () => {
    const source = `push('requestAnimationFrame(function(){$RT=performance.now()});');push('$RC=function(a,b){move(a,b)};$RC("')`
    for (const text of [
      'requestAnimationFrame(function(){$RT=performance.now()});',
      '$RC=function(a,b){move(a,b)};$RC("B:0","S:0")',
      '$RC("B:1","S:1")',
      '$RR("B:0","S:0",[["/a.css","next"]])',
    ])
      assert.equal(isReactInstruction(text, source), true, text)
    for (const text of [
      'stolen()',
      '$RC(stolen())',
      '$RC("B:0",stolen(),"S:0")',
      '$RC=function(){stolen()};$RC("B:0","S:0")',
      'stolen();$RC("B:0","S:0")',
      'push(',
      '',
      '$RC("a");stolen();$RC("b")',
    ])
      assert.equal(isReactInstruction(text, source), false, text)
  })

  it("are Turbopack's where a page begins, as data alone", () => {
    const push = (data: string) => `(globalThis["TURBOPACK"] || (globalThis["TURBOPACK"] = [])).push(${data});`
    const data = push('{"otherChunks":["static/chunks/a.js"],"runtimeModuleIds":[1,2]}')
    assert.equal(isFrameworkScript(data), true)
    assert.equal(isFrameworkScript(`${data}\n${data}`), true)
    assert.equal(isFrameworkScript(`${data}\nstolen()`), false)
    assert.equal(isFrameworkScript(push('{"otherChunks":[stolen()]}')), false)
    assert.equal(isFrameworkScript('self.__next_f.push([1,"0:x"])'), false, 'only a render can say what React renders')
  })

  it('are recognised in the React that Next.js brings', () => {
    assert.equal(isReactInstruction('requestAnimationFrame(function(){$RT=performance.now()});'), true)
  })

  it('of an application are allowed by their text', () => {
    assert.equal(inlineScript('one()'), hash('one()'))
  })
})

describe('styles that Next.js itself writes', () => {
  const styles = (policy: Policy, inlineCss?: boolean) => withFrameworkStyles(policy, { inlineCss })['style-src'] ?? []

  it('are allowed one by one, unless the application allows all', () => {
    assert.ok(styles({}).length >= 3)
    for (const source of styles({})) assert.match(source, /^'sha256-/)
    assert.deepEqual(styles({ 'style-src': ["'unsafe-inline'"] }), ["'unsafe-inline'"])
  })

  it('are allowed all with inlineCss, and no hash takes that back', () => {
    const given = { 'style-src': ['https://fonts.example.com', inlineScript('h1 {}')] }
    assert.deepEqual(styles(given, true), ['https://fonts.example.com', "'unsafe-inline'"])
  })
})

describe('a nonce', () => {
  it('has 144 bits, and no other request gets it', () => {
    const nonces = Array.from({ length: 1000 }, createNonce)
    for (const nonce of nonces) assert.match(nonce, /^[\w+/]{24}$/)
    assert.equal(new Set(nonces).size, 1000)
  })
})
