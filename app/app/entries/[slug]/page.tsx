import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { findEntry, latestEntries } from '@/logbook/entries'
import { Byline, Cover, date, MoreEntries } from '@/ui/entry-card'

/** Rendered at the first visit and kept until its author changes it. */
export const generateStaticParams = async () => []

export async function generateMetadata({ params }: PageProps<'/entries/[slug]'>): Promise<Metadata> {
  const entry = await findEntry((await params).slug)
  return entry
    ? {
        title: entry.title,
        description: entry.summary,
        openGraph: {
          title: entry.title,
          description: entry.summary,
          type: 'article',
          publishedTime: entry.publishedAt.toISOString(),
        },
      }
    : {}
}

export default async function EntryPage({ params }: PageProps<'/entries/[slug]'>) {
  const entry = await findEntry((await params).slug)
  if (!entry) notFound()
  const edited = entry.updatedAt.getTime() - entry.publishedAt.getTime() > 60_000
  const others = (await latestEntries()).filter(({ slug }) => slug !== entry.slug)
  // Those on the same topic first.
  const next = [...others.filter(({ topic }) => topic === entry.topic), ...others.filter(({ topic }) => topic !== entry.topic)]
  return (
    <>
      <article className="entry">
        <Byline entry={entry} />
        <h1>{entry.title}</h1>
        <p className="standfirst">{entry.summary}</p>
        <Cover entry={entry} sizes="(min-width: 50rem) 46rem, 100vw" priority />
        {entry.body.split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {edited && <p className="hint">Changed on {date.format(entry.updatedAt)}</p>}
      </article>
      <MoreEntries title="Read on" entries={next.slice(0, 3)} />
    </>
  )
}
