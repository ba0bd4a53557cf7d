'use client'
import { reportError } from '@slipway/next/browser-errors'
import { useEffect } from 'react'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => reportError(error), [error])
  return (
    <div className="narrow centred">
      <h1 className="page-title">We hit rough water</h1>
      <p>Something on our side went wrong, and we have been told. Nothing you saved is lost.</p>
      {error.digest && <p className="hint">If you write to us, mention {error.digest}</p>}
      <button type="button" onClick={reset}>
        Try again
      </button>
    </div>
  )
}
