'use server'
import { log } from '@slipway/next/log'
import { allow } from '@slipway/next/rate-limit'
import { rememberWrite } from '@slipway/next/read-your-writes'
import { storage } from '@slipway/next/storage'
import { storePicture, UploadRefused } from '@slipway/next/upload'
import { and, eq } from 'drizzle-orm'
import { updateTag } from 'next/cache'
import { redirect } from 'next/navigation'
import { after } from 'next/server'
import * as z from 'zod'
import { write } from '@/db/database'
import { entries } from '@/db/schema'
import { allEntriesTag, entryTag, ownEntry } from './entries'
import { requireVisitor } from './sessions'
import { topics } from './topics'

const draft = z.object({
  title: z.string().trim().min(4, 'The title needs at least 4 characters.').max(100, 'The title is longer than 100 characters.'),
  summary: z
    .string()
    .trim()
    .min(10, 'The summary needs at least 10 characters.')
    .max(200, 'The summary is longer than 200 characters.'),
  body: z.string().trim().min(20, 'Please write at least a sentence.').max(20_000, 'That is longer than 20,000 characters.'),
  topic: z.enum(topics, 'Please pick a topic.'),
})

export type Draft = Record<keyof z.infer<typeof draft>, string>
export interface SaveState {
  values?: Draft
  errors?: Partial<Record<keyof Draft | 'cover' | 'form', string>>
}

/** Creates an entry, or with a slug changes the visitor's own. */
export async function saveEntry(slug: string | null, _: SaveState, form: FormData): Promise<SaveState> {
  const visitor = await requireVisitor(slug ? `/entries/${slug}/edit` : '/write')
  const values = Object.fromEntries(
    ['title', 'summary', 'body', 'topic'].map((name) => [name, String(form.get(name) ?? '')]),
  ) as Draft
  const parsed = draft.safeParse(values)
  if (!parsed.success)
    return { values, errors: Object.fromEntries(parsed.error.issues.reverse().map((issue) => [issue.path[0], issue.message])) }
  if (!(await allow(`write:${visitor.id}`, { limit: 30, windowSeconds: 3600 })))
    return { values, errors: { form: 'You have written a lot this hour. Please come back later.' } }

  const existing = slug === null ? undefined : await ownEntry(slug, visitor.id)
  if (slug !== null && !existing) return { values, errors: { form: 'This entry is not yours, or no longer there.' } }

  let cover: Awaited<ReturnType<typeof storePicture>> | undefined
  const file = form.get('cover')
  try {
    if (file instanceof File && file.size > 0) cover = await storePicture(file)
  } catch (error) {
    if (!(error instanceof UploadRefused)) throw error
    return { values, errors: { cover: error.message } }
  }

  const covered = cover && { coverKey: cover.key, coverWidth: cover.width, coverHeight: cover.height }
  const target = existing ? existing.slug : slugOf(parsed.data.title)
  await write((database) =>
    existing
      ? database
          .update(entries)
          .set({ ...parsed.data, ...covered, updatedAt: new Date() })
          .where(eq(entries.id, existing.id))
      : database
          .insert(entries)
          .values({ ...parsed.data, ...covered, slug: target, authorId: visitor.id, authorName: visitor.name }),
  )
  if (cover && existing?.coverKey) discard(existing.coverKey)
  await published(target)
  redirect(`/entries/${target}`)
}

export async function deleteEntry(slug: string) {
  const visitor = await requireVisitor('/account')
  const [gone] = await write((database) =>
    database
      .delete(entries)
      .where(and(eq(entries.slug, slug), eq(entries.authorId, visitor.id)))
      .returning(),
  )
  if (gone?.coverKey) discard(gone.coverKey)
  await published(slug)
  redirect('/account')
}

/** Nobody sees the old text again: not on this replica, not on another. */
async function published(slug: string) {
  updateTag(allEntriesTag)
  updateTag(entryTag(slug))
  await rememberWrite()
}

function discard(key: string) {
  after(() =>
    storage()
      .delete(key)
      .catch((error: unknown) => log().warn({ err: error, key }, 'an old picture stays behind')),
  )
}

/** Readable, and with a tail so that two entries of one title never meet. */
function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${words || 'entry'}-${crypto.randomUUID().slice(0, 6)}`
}
