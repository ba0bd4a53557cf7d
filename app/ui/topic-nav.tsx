import Link from 'next/link'
import { type Topic, topicNames, topics } from '@/logbook/topics'

export function TopicNav({ current }: { current?: Topic }) {
  return (
    <nav className="topics" aria-label="Topics">
      <Link href="/" aria-current={current ? undefined : 'page'}>
        Everything
      </Link>
      {topics.map((topic) => (
        <Link key={topic} href={`/topics/${topic}`} aria-current={topic === current ? 'page' : undefined}>
          {topicNames[topic]}
        </Link>
      ))}
    </nav>
  )
}
