import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { originOf, portOf, publicOrigin, tellOrigin } from '../src/server/public-origin.js'

const origin = (headers: Record<string, string>, url?: string, hosts?: string, proxies = 1) =>
  originOf({ headers } as unknown as IncomingMessage, publicOrigin(url, hosts), proxies).origin

describe('the public origin', () => {
  const url = 'https://shop.example.com'

  it('is the configured one, whatever host a request names', () => {
    assert.equal(origin({ host: '10.0.0.1:3000' }, url), url)
    assert.equal(origin({ host: 'evil.example' }, url), url)
    assert.equal(origin({ host: 'shop.example.com', 'x-forwarded-host': 'evil.example' }, url), url)
  })

  it('is another one of this application, if it is listed', () => {
    const hosts = 'www.example.org, shop.example.net'
    assert.equal(origin({ host: 'www.example.org' }, url, hosts), 'https://www.example.org')
    assert.equal(origin({ host: '10.0.0.1', 'x-forwarded-host': 'Shop.Example.NET' }, url, hosts), 'https://shop.example.net')
    assert.equal(
      origin({ host: 'a', 'x-forwarded-host': 'www.example.org' }, url, hosts, 0),
      url,
      'a claim, where no proxy stands',
    )
  })

  it('is a host that has a language of its own', () => {
    const known = publicOrigin(url, 'www.example.org', ['Shop.example.de'])
    assert.deepEqual([...known.hosts], ['www.example.org', 'shop.example.de'])
    assert.equal(
      originOf({ headers: { host: 'shop.example.de' } } as IncomingMessage, known, 0).origin,
      'https://shop.example.de',
    )
  })

  it('is what the request names where none is configured', () => {
    assert.equal(origin({ host: 'localhost:3000' }, undefined, undefined, 0), 'http://localhost:3000')
    assert.equal(origin({ host: 'a.example', 'x-forwarded-proto': 'https' }), 'https://a.example')
    assert.equal(origin({ host: 'a.example', 'x-forwarded-proto': 'https' }, undefined, undefined, 0), 'http://a.example')
    assert.equal(origin({ host: 'not a host' }), 'http://localhost')
  })

  it('is all that the application hears, whatever a stranger says', () => {
    const request = { headers: { 'x-forwarded-port': '1234', 'x-forwarded-proto': 'ftp', 'x-forwarded-host': 'evil.example' } }
    tellOrigin(request as unknown as IncomingMessage, new URL(url), new URL(url))
    assert.deepEqual(request.headers, {
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    })
  })

  it('has a port', () =>
    assert.deepEqual([portOf(new URL(url)), portOf(new URL('http://a:8080')), portOf(new URL('http://a'))], [443, 8080, 80]))
})
