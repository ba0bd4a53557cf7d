import { localPath } from '@slipway/next/local-path'
import type { Metadata } from 'next'
import { confirmSignIn } from '@/logbook/sign-in'

// Not 'no-referrer': with it browsers post forms with `Origin: null`, which the check against forged actions refuses.
export const metadata: Metadata = { title: 'Sign in', robots: { index: false }, referrer: 'same-origin' }

export default async function Confirm({ searchParams }: PageProps<'/sign-in/confirm'>) {
  const { token, next } = await searchParams
  return (
    <div className="narrow">
      <h1 className="page-title">Welcome aboard</h1>
      <form action={confirmSignIn} className="form">
        <input type="hidden" name="token" value={typeof token === 'string' ? token : ''} />
        <input type="hidden" name="next" value={localPath(next)} />
        <button type="submit">Sign in on this device</button>
      </form>
    </div>
  )
}
