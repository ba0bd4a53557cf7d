'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useSyncExternalStore } from 'react'

const nothing = () => () => {}
const signedIn = () => /(^|; )signed-in=1/.test(document.cookie)

/**
 * Pages are kept for everybody, so they say what a stranger needs; a browser that is signed in knows it by a cookie that says
 * no more than that. The session itself is in another one, which no script can read.
 */
export function AccountLink() {
  usePathname() // signing in and out ends on another page
  const account = useSyncExternalStore(nothing, signedIn, () => false)
  return (
    <Link href="/account" prefetch={false}>
      {account ? 'Account' : 'Sign in'}
    </Link>
  )
}
