import { env } from '@slipway/next/env'
import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import Link from 'next/link'
import { AccountLink } from '@/ui/account-link'
import { Vitals } from '@/ui/vitals'
import './globals.css'

const serif = localFont({ src: './fonts/newsreader.woff2', weight: '200 800', variable: '--serif', display: 'swap' })
const sans = localFont({ src: './fonts/figtree.woff2', weight: '300 900', variable: '--sans', display: 'swap' })

export function generateMetadata(): Metadata {
  const { AUTH_URL, SENTRY_DSN } = env()
  return {
    metadataBase: new URL(AUTH_URL),
    title: { default: 'Logbook: what we shipped', template: '%s · Logbook' },
    description: 'What our team shipped, and why it matters.',
    // Read by platform/browser-errors.ts.
    other: SENTRY_DSN ? { 'error-tracking': SENTRY_DSN } : {},
  }
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f3ec' },
    { media: '(prefers-color-scheme: dark)', color: '#0c1722' },
  ],
}

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en" className={`${serif.variable} ${sans.variable}`}>
      <body>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <header className="top">
          <Link className="brand" href="/">
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <path d="M4 19h24l-4 8H8zM15 4v13H6zM17 7l8 10h-8z" />
            </svg>
            <span>Logbook</span>
          </Link>
          <nav aria-label="Site">
            <Link className="wide-only" href="/about">
              About
            </Link>
            <AccountLink />
            <Link className="button" href="/write" prefetch={false}>
              Write
            </Link>
          </nav>
        </header>
        <main id="main">{children}</main>
        <footer className="bottom">
          <p>Set in Newsreader and Figtree. No cookies until you sign in.</p>
          <nav aria-label="More">
            <Link href="/about">About this log</Link>
            <Link href="/status" prefetch={false}>
              Status
            </Link>
            <a href="/feed.xml">Feed</a>
          </nav>
        </footer>
        <Vitals />
      </body>
    </html>
  )
}
