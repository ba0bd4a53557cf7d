import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** An SMTP server that keeps what it is given. */
export class Mailbox {
  readonly letters: string[] = []
  readonly #server = createServer((socket) => this.#talk(socket))

  static async open() {
    const mailbox = new Mailbox()
    mailbox.#server.listen(0, '127.0.0.1')
    await once(mailbox.#server, 'listening')
    return mailbox
  }

  get url() {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #talk(socket: Socket) {
    let [read, inData] = ['', false]
    socket.on('error', () => {})
    socket.write('220 mailbox\r\n')
    socket.on('data', (chunk) => {
      read += chunk
      for (;;) {
        const end = inData ? '\r\n.\r\n' : '\r\n'
        const at = read.indexOf(end)
        if (at < 0) return
        const text = read.slice(0, at)
        read = read.slice(at + end.length)
        if (inData) this.letters.push(text)
        inData = !inData && text.toUpperCase() === 'DATA'
        socket.write(inData ? '354 go on\r\n' : text.toUpperCase() === 'QUIT' ? '221 bye\r\n' : '250 mailbox\r\n')
      }
    })
  }

  close() {
    this.#server.close()
  }
}
