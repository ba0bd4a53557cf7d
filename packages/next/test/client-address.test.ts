import assert from 'node:assert/strict'
import { addressGroup, addressSeen, clientAddress } from '../src/server/client-address.js'

describe('the address of a visitor', () => {
  const visitor = '203.0.113.7'
  const cases: [string, string | undefined, string, number, string][] = [
    ['direct', undefined, visitor, 0, visitor],
    ['direct, with a claim', '198.51.100.1', visitor, 0, visitor],
    ['behind one proxy', visitor, '10.0.0.2', 1, visitor],
    ['behind one proxy, with a claim', `198.51.100.1, ${visitor}`, '10.0.0.2', 1, visitor],
    ['behind a CDN and a load balancer', `${visitor}, 130.176.0.1`, '10.0.0.2', 2, visitor],
    ['behind both, with claims', `198.51.100.1, 1.2.3.4,${visitor}, 130.176.0.1`, '10.0.0.2', 2, visitor],
    ['past the CDN', visitor, '10.0.0.2', 2, '10.0.0.2'],
    ['behind a proxy that says nothing', undefined, '10.0.0.2', 1, '10.0.0.2'],
    ['behind a proxy that says nonsense', 'unknown', '10.0.0.2', 1, '10.0.0.2'],
    ['with a port', `${visitor}:51000`, '10.0.0.2', 1, visitor],
    ['by IPv6, with a port', '[2001:DB8::7]:51000', '10.0.0.2', 1, '2001:db8::7'],
    ['by IPv4 in IPv6', undefined, `::ffff:${visitor}`, 0, visitor],
  ]
  for (const [how, header, peer, proxies, expected] of cases)
    it(`is what our own proxy saw: ${how}`, () => assert.equal(addressSeen(header, peer, proxies), expected))

  it('is one for all of a household, by IPv6', () => {
    assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
    assert.equal(addressGroup('2001:db8:1:2::9'), '2001:db8:1:2::/64')
    assert.equal(addressGroup('2001:db8::1'), '2001:db8:0:0::/64')
    assert.equal(addressGroup(visitor), visitor)
  })

  it('is read from what the server wrote', () => {
    assert.equal(clientAddress(new Headers({ 'x-real-ip': visitor, 'x-forwarded-for': '1.2.3.4' })), visitor)
    assert.equal(clientAddress(new Headers()), 'unknown')
  })
})
