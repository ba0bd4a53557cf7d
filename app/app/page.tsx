import type { Metadata } from 'next'
import { latestEntries, searchEntries } from '@/logbook/entries'
import { EntryList } from '@/ui/entry-card'
import { WideSea } from '@/ui/sea'
import { TopicNav } from '@/ui/topic-nav'

export const metadata: Metadata = { alternates: { canonical: '/' } }

export default async function Home({ searchParams }: PageProps<'/'>) {
  const { q } = await searchParams
  const words = typeof q === 'string' ? q.trim().slice(0, 80) : ''
  const entries = words ? await searchEntries(words) : await latestEntries()
  return (
    <>
      <section className="hero">
        <WideSea />
        <div>
          <h1>What we shipped, and why it matters</h1>
          <p>A log kept by the people who do the work. Short entries, plain words, no release numbers.</p>
          <search>
            <form action="/">
              <label className="visually-hidden" htmlFor="q">
                Search the log
              </label>
              <input id="q" name="q" type="search" placeholder="Search the log" defaultValue={words} />
              <button type="submit">Search</button>
            </form>
          </search>
        </div>
      </section>
      <TopicNav />
      {words && (
        <p role="status" className="found">
          {entries.length === 1 ? 'One entry mentions' : `${entries.length} entries mention`} <q>{words}</q>
        </p>
      )}
      <EntryList entries={entries} empty={words ? 'Try another word.' : 'Nothing has been written yet.'} />
    </>
  )
}
