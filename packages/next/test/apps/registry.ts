import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A registry of one package: this one, packed as it would be published. Everything else comes from where it always does. */
export async function serveThisPackage() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-registry-'))
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1)
  const tarball = readFileSync(join(folder, packed as string))
  const description = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string }
  const hash = (algorithm: string, encoding: 'hex' | 'base64') => createHash(algorithm).update(tarball).digest(encoding)

  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(tarball)
    if (decodeURIComponent(request.url ?? '') !== `/${description.name}`) return response.writeHead(404).end()
    const { port } = server.address() as AddressInfo
    const dist = {
      tarball: `http://127.0.0.1:${port}/${description.name}/-/next.tgz`,
      shasum: hash('sha1', 'hex'),
      integrity: `sha512-${hash('sha512', 'base64')}`,
    }
    const { version } = description
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name: description.name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...description, scripts: {}, devDependencies: {}, dist } },
        time: { [version]: '2026-01-01T00:00:00.000Z' },
      }),
    )
  }).listen(Number(process.env.SLIPWAY_REGISTRY_PORT ?? 0), '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    bytes: tarball.length,
    close: () => server.close(),
  }
}
