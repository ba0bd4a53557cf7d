import assert from 'node:assert/strict'
import { blindIndex, blindIndexes, reseal, seal, tokenHash, tokenHashes, unseal } from '../src/data/crypto.js'
import { readEnv } from '../src/env.js'

const instances = (globalThis as unknown as Record<symbol, Map<unknown, unknown>>)[Symbol.for('slipway')] as Map<unknown, unknown>
const mark = 'slipway:part:secrets'
const key = (letter: string) => Buffer.alloc(32, letter).toString('base64')
const secret = (letter: string) => letter.repeat(32)

/** As a process that was started with these. */
function as<T>(variables: Record<string, string>, what: () => T): T {
  const before = instances.get(mark)
  instances.set(mark, readEnv(variables, { parts: ['secrets'] }))
  try {
    return what()
  } finally {
    if (before === undefined) instances.delete(mark)
    else instances.set(mark, before)
  }
}

describe('a secret that is rotated', () => {
  const old = { AUTH_SECRET: secret('a'), ENCRYPTION_KEY: key('a') }
  const accepting = { ...old, AUTH_SECRET_FALLBACK: secret('b'), ENCRYPTION_KEY_FALLBACK: key('b') }
  const rotated = {
    ...{ AUTH_SECRET: secret('b'), ENCRYPTION_KEY: key('b') },
    ...{ AUTH_SECRET_FALLBACK: secret('a'), ENCRYPTION_KEY_FALLBACK: key('a') },
  }
  const finished = { AUTH_SECRET: secret('b'), ENCRYPTION_KEY: key('b') }

  it('what each step writes, the one beside it reads', () => {
    for (const [writer, reader] of [
      [old, accepting],
      [accepting, old],
      [accepting, rotated],
      [rotated, accepting],
      [rotated, finished],
      [finished, rotated],
    ] as const) {
      const [sealed, hash, index] = as(writer, () => [seal('ada@example.com'), tokenHash('token'), blindIndex('ada')] as const)
      as(reader, () => {
        assert.equal(unseal(sealed), 'ada@example.com')
        assert.ok(tokenHashes('token').includes(hash))
        assert.ok(blindIndexes('ada').includes(index))
      })
    }
  })

  it('the value in use comes first, and writes', () => {
    assert.equal(
      as(rotated, () => tokenHash('token')),
      as(finished, () => tokenHashes('token')[0]),
    )
    assert.equal(
      as(old, () => tokenHashes('token').length),
      1,
    )
  })

  it('afterwards the previous one opens nothing, unless it was brought under the new one', () => {
    const sealed = as(old, () => seal('ada@example.com'))
    assert.throws(() => as(finished, () => unseal(sealed)))
    const brought = as(rotated, () => reseal(sealed))
    assert.equal(
      as(finished, () => unseal(brought)),
      'ada@example.com',
    )
    assert.equal(
      as(rotated, () => reseal(brought)),
      brought,
    )
    assert.throws(() => as(rotated, () => unseal(`x${sealed.slice(1)}`)))
  })

  it('is refused where the other value is none', () => {
    assert.throws(
      () => as({ ...old, AUTH_SECRET_FALLBACK: 'short' }, () => undefined),
      /AUTH_SECRET_FALLBACK: expected at least 32/,
    )
    assert.throws(
      () => as({ ...old, ENCRYPTION_KEY_FALLBACK: 'short' }, () => undefined),
      /ENCRYPTION_KEY_FALLBACK: expected 32 bytes/,
    )
  })
})
