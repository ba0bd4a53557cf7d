import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, createBrotliCompress } from 'node:zlib'

const compressible = /^(text\/|application\/(javascript|json)|image\/svg)/

/** Forwards to the server and compresses, as the CDN or nginx in front of it does in production. */
function forwardTo(origin: string) {
  const { hostname, port } = new URL(origin)
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { url: path, method, headers } = incoming
    const inner = request({ host: hostname, port, path, method, headers }, (answer) => {
      const { 'content-length': length, ...rest } = answer.headers
      if (answer.statusCode !== 200 || !compressible.test(String(rest['content-type']))) {
        outgoing.writeHead(answer.statusCode ?? 502, length === undefined ? rest : { ...rest, 'content-length': length })
        answer.pipe(outgoing)
        return
      }
      outgoing.writeHead(200, {
        ...rest,
        'content-encoding': 'br',
        vary: [rest.vary, 'accept-encoding'].filter(Boolean).join(', '),
      })
      answer.pipe(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })).pipe(outgoing)
    })
    inner.on('error', () => outgoing.destroy())
    incoming.pipe(inner)
  }
}

/** Over HTTP on `port`. */
export function httpFront(origin: string, port: number) {
  const server = createServer(forwardTo(origin)).listen(port, '127.0.0.1')
  return () => server.close()
}

/** On https://localhost, with a redirect from http: both at the ports of their own. The certificate is its own authority. */
export function httpsFront(origin: string) {
  const folder = mkdtempSync(join(tmpdir(), 'front-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2'].concat([
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ]),
    { stdio: 'ignore' },
  )
  const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, forwardTo(origin)).listen(443)
  const plain = createServer((incoming, outgoing) =>
    outgoing.writeHead(308, { location: `https://localhost${incoming.url}` }).end(),
  ).listen(80)
  return {
    certificate,
    close: () => {
      tls.close()
      plain.close()
    },
  }
}
