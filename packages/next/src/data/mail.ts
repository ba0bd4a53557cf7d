import { env, needs } from '../env.js'
import { log } from '../observe/log.js'

export interface Mail {
  to: string
  subject: string
  text: string
}

export const canSendMail = () => {
  const { EMAIL_API_KEY, EMAIL_API_URL } = env()
  return Boolean(EMAIL_API_KEY) || EMAIL_API_URL === 'log:' || process.env.NODE_ENV !== 'production'
}

/** Posts to the provider, or writes to the log where there is none and that is allowed. */
export async function sendMail(mail: Mail): Promise<void> {
  const { EMAIL_API_KEY, EMAIL_API_URL, EMAIL_FROM } = needs('slipway:part:mail')
  if (!canSendMail()) throw new Error('EMAIL_API_KEY is not set: mail cannot be sent')
  if (!EMAIL_API_KEY || EMAIL_API_URL === 'log:') return log().info({ subject: mail.subject, text: mail.text }, 'mail, not sent')
  const response = await fetch(EMAIL_API_URL, {
    method: 'POST',
    headers: { authorization: `Bearer ${EMAIL_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: EMAIL_FROM, to: [mail.to], subject: mail.subject, text: mail.text }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`the mail provider answered ${response.status}`)
}
