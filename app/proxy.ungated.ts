import { createNonce, noncePolicy } from '@slipway/next/security'
import { type NextRequest, NextResponse } from 'next/server'

/**
 * Gives pages that are rendered for each request a nonce, where no gate does (platform/gate.ts): in development and on
 * Vercel. Everywhere else Next.js does not know this file (platform/next-config.ts), which saves it a step in each request.
 */
export function proxy(request: NextRequest) {
  const policy = noncePolicy(createNonce())
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy) // Next.js takes the nonce from here
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** Pages that are kept bring the hashes of their own scripts instead. Next.js reads this without running it. */
export const config = { matcher: ['/(|status|write|account|sign-in|sign-in/confirm|entries/[^/]+/edit)'] }
