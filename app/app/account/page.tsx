import type { Metadata } from 'next'
import Link from 'next/link'
import { entriesBy } from '@/logbook/entries'
import { requireVisitor } from '@/logbook/sessions'
import { signOut } from '@/logbook/sign-in'
import { date } from '@/ui/entry-card'

export const metadata: Metadata = { title: 'Account', robots: { index: false } }

export default async function Account() {
  const visitor = await requireVisitor('/account')
  const entries = await entriesBy(visitor.id)
  return (
    <div className="narrow">
      <h1 className="page-title">Hello, {visitor.name}</h1>
      {entries.length === 0 ? (
        <p className="empty">
          You have not written anything yet. <Link href="/write">Start with what you did today.</Link>
        </p>
      ) : (
        <ul className="own">
          {entries.map((entry) => (
            <li key={entry.id}>
              <Link href={`/entries/${entry.slug}`}>{entry.title}</Link>
              <time dateTime={entry.publishedAt.toISOString()}>{date.format(entry.publishedAt)}</time>
              <Link href={`/entries/${entry.slug}/edit`} aria-label={`Edit ${entry.title}`}>
                Edit
              </Link>
            </li>
          ))}
        </ul>
      )}
      <form action={signOut}>
        <button type="submit" className="quiet">
          Sign out
        </button>
      </form>
    </div>
  )
}
