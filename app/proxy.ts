import { type NextRequest, NextResponse } from 'next/server'
import { createNonce, noncePolicy } from './platform/security'

/** Pages rendered for each request get a nonce; pages that are kept bring the hashes of their own scripts. */
export function proxy(request: NextRequest) {
  const nonce = createNonce()
  const policy = noncePolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy) // Next.js takes the nonce from here
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = { matcher: ['/', '/status', '/write', '/account', '/sign-in/:path*', '/entries/:slug/edit'] }
