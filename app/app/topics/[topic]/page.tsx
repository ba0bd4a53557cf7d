import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { latestEntries } from '@/logbook/entries'
import { isTopic, topicNames, topicSummaries } from '@/logbook/topics'
import { EntryList, MoreEntries } from '@/ui/entry-card'
import { TopicNav } from '@/ui/topic-nav'

/** Rendered at the first visit and kept until somebody writes: a build has no database. */
export const generateStaticParams = async () => []

export async function generateMetadata({ params }: PageProps<'/topics/[topic]'>): Promise<Metadata> {
  const { topic } = await params
  return isTopic(topic) ? { title: topicNames[topic], description: `Entries about ${topicNames[topic].toLowerCase()}.` } : {}
}

export default async function TopicPage({ params }: PageProps<'/topics/[topic]'>) {
  const { topic } = await params
  if (!isTopic(topic)) notFound()
  const [entries, all] = await Promise.all([latestEntries(topic), latestEntries()])
  return (
    <>
      <h1 className="page-title">{topicNames[topic]}</h1>
      <p className="standfirst">{topicSummaries[topic]}</p>
      <TopicNav current={topic} />
      <EntryList entries={entries} empty="Nothing on this topic yet." />
      {entries.length < 5 && (
        <MoreEntries title="On other topics" entries={all.filter((entry) => entry.topic !== topic).slice(0, 3)} />
      )}
    </>
  )
}
