import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** What stands in front of a release on every target: it sends requests on, and has the static files of the build before. */
export class Front {
  /** Files that only the build before had. */
  fromBefore = 0
  private constructor(
    private readonly server: Server,
    /** Where requests go. */
    public port: number,
  ) {}

  static async start(port: number, kept: string): Promise<Front> {
    const server = createServer((asked, response) => {
      const { method, url = '/', headers } = asked
      const onward = request({ host: '127.0.0.1', port: front.port, method, path: url, headers }, (answer) => {
        const file = join(kept, decodeURIComponent((url.split('?', 1)[0] as string).replace('/_next/static/', '')))
        if (answer.statusCode === 404 && url.startsWith('/_next/static/') && existsSync(file)) {
          answer.resume()
          front.fromBefore++
          response.writeHead(200, { 'content-type': file.endsWith('.css') ? 'text/css' : 'text/javascript' })
          return response.end(readFileSync(file))
        }
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(response)
      })
      onward.on('error', () => response.destroy())
      asked.pipe(onward)
    }).listen(0, '127.0.0.1')
    const front = new Front(server, port)
    await once(server, 'listening')
    return front
  }

  get origin() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close() {
    this.server.close()
    this.server.closeAllConnections()
  }
}
