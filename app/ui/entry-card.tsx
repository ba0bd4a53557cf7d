import Image from 'next/image'
import Link from 'next/link'
import type { Summary } from '@/logbook/entries'
import { topicNames } from '@/logbook/topics'
import { Sea } from './sea'

export const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

export function Cover({ entry, sizes, priority }: { entry: Summary; sizes: string; priority?: boolean }) {
  if (!entry.coverKey) return <Sea seed={entry.slug} topic={entry.topic} className="cover" />
  return (
    <Image
      className="cover"
      src={`/media/${entry.coverKey}`}
      alt=""
      width={entry.coverWidth ?? 1200}
      height={entry.coverHeight ?? 600}
      sizes={sizes}
      loading={priority ? 'eager' : 'lazy'}
      fetchPriority={priority ? 'high' : 'auto'}
    />
  )
}

export function Byline({ entry }: { entry: Summary }) {
  return (
    <p className="byline">
      <span className={`topic topic-${entry.topic}`}>{topicNames[entry.topic]}</span>
      <time dateTime={entry.publishedAt.toISOString()}>{date.format(entry.publishedAt)}</time>
      <span>{entry.authorName}</span>
    </p>
  )
}

export function EntryCard({ entry, lead }: { entry: Summary; lead?: boolean }) {
  return (
    <article className={lead ? 'card lead' : 'card'}>
      <Cover entry={entry} sizes={lead ? '(min-width: 60rem) 34rem, 100vw' : '(min-width: 60rem) 22rem, 100vw'} priority={lead} />
      <div className="card-text">
        <Byline entry={entry} />
        <h2>
          <Link href={`/entries/${entry.slug}`} prefetch={false}>
            {entry.title}
          </Link>
        </h2>
        <p>{entry.summary}</p>
      </div>
    </article>
  )
}

/** A way on, below an entry or a short list. */
export function MoreEntries({ title, entries }: { title: string; entries: Summary[] }) {
  if (entries.length === 0) return null
  return (
    <aside className="more" aria-labelledby="more">
      <h2 id="more">{title}</h2>
      <div className="cards">
        {entries.map((entry) => (
          <EntryCard key={entry.id} entry={entry} />
        ))}
      </div>
    </aside>
  )
}

export function EntryList({ entries, empty }: { entries: Summary[]; empty: string }) {
  if (entries.length === 0)
    return (
      <p className="empty">
        {empty} <Link href="/write">Write one.</Link>
      </p>
    )
  return (
    <div className="cards">
      {entries.map((entry, index) => (
        <EntryCard key={entry.id} entry={entry} lead={index === 0} />
      ))}
    </div>
  )
}
