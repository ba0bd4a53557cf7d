import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

describe('docs/environment.md', () => {
  it('says what the code says', function () {
    // The package may be checked out without the repository around it.
    if (!existsSync('../../docs/environment.md')) this.skip()
    const { status, stderr } = spawnSync('tsx', ['src/build/environment-doc.ts', '--check'], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })
})
