import { env } from '@slipway/next/env'
import { and, desc, eq, ilike, or } from 'drizzle-orm'
import { cacheLife, cacheTag } from 'next/cache'
import { read, readForVisitor } from '@/db/database'
import { entries } from '@/db/schema'
import type { Topic } from './topics'

export type Entry = typeof entries.$inferSelect
export type Summary = Omit<Entry, 'body'>

export const allEntriesTag = 'entries'
export const entryTag = (slug: string) => `entry:${slug}`

const keep = () => cacheLife({ revalidate: env().CACHE_TTL, expire: env().CACHE_TTL * 12 })
// What is kept must not be older than the write that cleared it: the primary, never a replica.
const fresh = { fresh: true }
const newest = { columns: { body: false }, orderBy: desc(entries.publishedAt), limit: 30 } as const

/** One query for all visitors, until somebody writes. */
export async function latestEntries(topic?: Topic): Promise<Summary[]> {
  'use cache'
  cacheTag(allEntriesTag)
  keep()
  return read((database) => database.query.entries.findMany({ ...newest, where: topic && eq(entries.topic, topic) }), fresh)
}

export async function findEntry(slug: string): Promise<Entry | undefined> {
  'use cache'
  cacheTag(entryTag(slug))
  keep()
  return read((database) => database.query.entries.findFirst({ where: eq(entries.slug, slug) }), fresh)
}

/** As many queries as there are questions: not kept, and the replica answers. */
export async function searchEntries(words: string): Promise<Summary[]> {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  return readForVisitor((database) =>
    database.query.entries.findMany({
      ...newest,
      where: or(ilike(entries.title, pattern), ilike(entries.summary, pattern), ilike(entries.body, pattern)),
    }),
  )
}

export const entriesBy = (authorId: string): Promise<Summary[]> =>
  readForVisitor((database) => database.query.entries.findMany({ ...newest, where: eq(entries.authorId, authorId) }))

/** For editing: only the author's own, and never from a cache. */
export const ownEntry = (slug: string, authorId: string) =>
  read(
    (database) => database.query.entries.findFirst({ where: and(eq(entries.slug, slug), eq(entries.authorId, authorId)) }),
    fresh,
  )
