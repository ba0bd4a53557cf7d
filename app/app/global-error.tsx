'use client'
import { reportError } from '@slipway/next/browser-errors'
import { useEffect } from 'react'
import './globals.css'

export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  useEffect(() => reportError(error), [error])
  return (
    <html lang="en">
      <body>
        <main className="narrow centred">
          <h1 className="page-title">We hit rough water</h1>
          <p>Something on our side went wrong, and we have been told. Please load the page again.</p>
          {error.digest && <p className="hint">If you write to us, mention {error.digest}</p>}
        </main>
      </body>
    </html>
  )
}
