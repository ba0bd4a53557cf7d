import { type NextFetchEvent, type NextRequest, NextResponse } from 'next/server'
import { createNonce } from './nonce.js'
import { type Policy, policyWriter } from './policy.js'

type Handler = (request: NextRequest, event: NextFetchEvent) => Response | null | undefined | Promise<Response | null | undefined>

/**
 * The application's proxy with the Content-Security-Policy around it. It matters on Vercel alone, where no server of ours
 * stands in front; everywhere else the function runs as it is.
 *
 * @example export const proxy = withPolicy((request) => isSignedIn(request) ? NextResponse.next() : NextResponse.redirect(new URL('/sign-in', request.url)))
 */
export function withPolicy(handler?: Handler): Handler {
  return async (request, event) => {
    if (process.env.VERCEL !== '1') return (await handler?.(request, event)) ?? NextResponse.next()
    const nonce = createNonce()
    const headers = new Headers(request.headers)
    headers.set('content-security-policy', `script-src 'nonce-${nonce}'`) // Next.js takes the nonce from here
    const answer = (await handler?.(request, event)) ?? undefined
    const response = answer && !passesOn(answer) ? answer : passOn(headers, answer)
    if (!response.headers.has('content-security-policy'))
      response.headers.set('content-security-policy', writer()(`'nonce-${nonce}'`))
    return response
  }
}

/** Without a function of the application's own. */
export const proxy = withPolicy()

let made: ReturnType<typeof policyWriter> | undefined
const writer = () =>
  (made ??= policyWriter({ policy: JSON.parse(process.env.SLIPWAY_POLICY ?? '{}') as Policy, reportUri: undefined }))

const passesOn = ({ headers }: Response) => headers.has('x-middleware-next') || headers.has('x-middleware-rewrite')

/** NextResponse says in headers which headers of the request it changes: these are the application's changes and the nonce. */
function passOn(headers: Headers, answer: Response | undefined): Response {
  const changed = answer?.headers.get('x-middleware-override-headers')?.split(',')
  const wanted = new Headers(headers)
  if (changed) {
    for (const name of headers.keys()) if (!changed.includes(name) && name !== 'content-security-policy') wanted.delete(name)
    for (const name of changed) {
      const value = answer?.headers.get(`x-middleware-request-${name}`)
      if (value != null) wanted.set(name, value)
    }
  }
  const response = NextResponse.next({ request: { headers: wanted } })
  for (const [name, value] of answer?.headers ?? []) {
    if (name === 'x-middleware-next' || name === 'x-middleware-override-headers' || name.startsWith('x-middleware-request-'))
      continue
    if (name === 'set-cookie') response.headers.append(name, value)
    else response.headers.set(name, value)
  }
  if (answer?.headers.has('x-middleware-rewrite')) response.headers.delete('x-middleware-next')
  return response
}
