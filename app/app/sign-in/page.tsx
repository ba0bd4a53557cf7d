import { localPath } from '@slipway/next/local-path'
import type { Metadata } from 'next'
import { SignInForm } from '@/ui/sign-in-form'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

export default async function SignIn({ searchParams }: PageProps<'/sign-in'>) {
  const { next, expired } = await searchParams
  return (
    <div className="narrow">
      <h1 className="page-title">Sign in</h1>
      {expired && (
        <p className="error" role="alert">
          That link has been used or is too old. Ask for a new one.
        </p>
      )}
      <p>No password to remember: we mail you a link.</p>
      <SignInForm next={localPath(next)} />
    </div>
  )
}
