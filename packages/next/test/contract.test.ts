import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

describe('contract.json', () => {
  it('says what the code says', () => {
    const { status, stderr } = spawnSync('tsx', ['src/build/contract.ts', '--check'], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })
})
