import assert from 'node:assert/strict'
import pino from 'pino'
import { seal, unseal } from '../src/data/crypto.js'
import { isKey } from '../src/data/storage.js'
import { logging } from '../src/observe/log.js'
import { scrub } from '../src/observe/scrub.js'
import { localPath } from '../src/server/local-path.js'

describe('redirects', () => {
  it('stay on this site', () => {
    assert.equal(localPath('/write?x=1'), '/write?x=1')
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
      'evil.example',
      '',
      undefined,
      ['/x'],
    ])
      assert.equal(localPath(elsewhere), '/')
  })
})

describe('error tracking', () => {
  it('is sent no personal data and no secrets, however deep', () => {
    const event = {
      message: 'failed for ada@example.com from 10.1.2.3 at postgres://shop:planted@db/shop',
      user: { id: 1, email: 'ada@example.com' },
      request: {
        url: 'https://shop.example.com/sign-in/confirm?token=planted&next=/',
        headers: { cookie: 'planted', accept: 'text/html' },
        cookies: { session: 'planted' },
        data: 'planted',
      },
      exception: {
        values: [{ value: 'no row for bob.b+x@mail.example.org', stacktrace: { frames: [{ filename: 'a.js', lineno: 3 }] } }],
      },
    }
    const sent = JSON.stringify(scrub(event))
    assert.doesNotMatch(sent, /planted|ada@|bob|10\.1\.2\.3/)
    assert.match(sent, /a\.js.*3/)
    assert.match(sent, /text\/html/)
  })
})

describe('sealed values', () => {
  it('open again, differ each time, and refuse changes', () => {
    const sealed = seal('ada@example.com')
    assert.equal(unseal(sealed), 'ada@example.com')
    assert.notEqual(seal('ada@example.com'), sealed)
    const bytes = Buffer.from(sealed, 'base64url')
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
    assert.throws(() => unseal(bytes.toString('base64url')))
  })
})

describe('storage keys', () => {
  it('cannot name anything but an upload', () => {
    assert.ok(isKey('0b0c7a4e-1f7e-4ac4-9a51-2f3b2a0f6a10.webp'))
    for (const key of ['../etc/passwd', 'a/b.webp', 'x.html', '.webp', 'x.webp\n', 'X.webp']) assert.ok(!isKey(key), key)
  })
})

describe('the log', () => {
  const written = (act: (log: pino.Logger) => void) => {
    const lines: string[] = []
    act(pino({ ...logging(), level: 'warn' }, { write: (line: string) => lines.push(line) }))
    return lines.join('')
  }
  const url = 'postgres://shop:planted@db/shop'

  it('repeats no password of a URL, wherever an error keeps it', () => {
    const cyclic = Object.assign(new Error('no connection'), { options: { url, self: {} } })
    cyclic.options.self = cyclic
    for (const error of [
      new Error(`no connection to ${url}`),
      new Error('migration failed', { cause: new Error(`no connection to ${url}`) }),
      new AggregateError([new Error(url)], 'all failed'),
      thrownBy(() => new URL('postgres://shop:planted@db:port')),
      Object.assign(new Error('no connection'), { address: new URL(url) }),
      cyclic,
      new Error('postgres://shop:pl/an#te?d@planted@db/shop'),
      new Error('redis://:planted@cache:6379'),
    ]) {
      const line = written((log) => log.error({ err: error }, 'failed'))
      assert.doesNotMatch(line, /planted|an#te/)
      assert.match(line, /\[redacted\]/)
    }
    assert.doesNotMatch(
      written((log) => log.warn(`retrying ${url}`)),
      /planted/,
    )
    assert.doesNotMatch(
      written((log) => log.warn('retrying %s', url)),
      /planted/,
    )
  })

  it('leaves addresses without one as they are', () => {
    for (const text of ['http://localhost:3000/@vite/client', 'https://cdn.example.com/@scope/name', 'mail to ops@example.com'])
      assert.equal((JSON.parse(written((log) => log.warn(text))) as { msg: string }).msg, text)
  })
})

function thrownBy(act: () => unknown) {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
