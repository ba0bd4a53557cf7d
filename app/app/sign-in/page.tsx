import { clientAddress } from '@slipway/next/client-address'
import { localPath } from '@slipway/next/local-path'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { signInBy } from '@/logbook/sign-in-by'
import { SignInForm } from '@/ui/sign-in-form'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

export default async function SignIn({ searchParams }: PageProps<'/sign-in'>) {
  const { next, expired } = await searchParams
  const way = signInBy(clientAddress(await headers()))
  return (
    <div className="narrow">
      <h1 className="page-title">Sign in</h1>
      {expired && (
        <p className="error" role="alert">
          That link has been used or is too old. Ask for a new one.
        </p>
      )}
      {way === 'none' ? (
        <p className="notice">
          Nobody can sign in here yet: this site has no mail provider. Its operator sets <code>EMAIL_API_KEY</code>.
        </p>
      ) : (
        <>
          <p>No password to remember: {way === 'mail' ? 'we email you a link.' : 'you get a link that works once.'}</p>
          <SignInForm next={localPath(next)} way={way} />
        </>
      )}
    </div>
  )
}
