import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { latestEntries } from '@/logbook/entries'
import { isTopic, topicNames } from '@/logbook/topics'
import { EntryList } from '@/ui/entry-card'
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
  return (
    <>
      <h1 className="page-title">{topicNames[topic]}</h1>
      <TopicNav current={topic} />
      <EntryList entries={await latestEntries(topic)} empty="Nothing on this topic yet." />
    </>
  )
}
