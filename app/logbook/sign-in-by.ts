import { env } from '@slipway/next/env'
import { canSendMail } from '@slipway/next/mail'

const localName = /^(localhost|127\.0\.0\.1|\[::1\])$|\.localhost$/
const privateAddress = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/i

/**
 * How a visitor gets the link that signs in: by mail, or, where there is no mail provider, on the page itself. The latter on
 * a site that is called localhost, for visitors from a private network: that is somebody who tries it out on this machine.
 */
export function signInBy(client: string): 'mail' | 'page' | 'none' {
  if (canSendMail()) return 'mail'
  return localName.test(new URL(env().AUTH_URL).hostname) && privateAddress.test(client) ? 'page' : 'none'
}
