import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ownEntry } from '@/logbook/entries'
import { requireVisitor } from '@/logbook/sessions'
import { deleteEntry, saveEntry } from '@/logbook/write'
import { EntryForm } from '@/ui/entry-form'

export const metadata: Metadata = { title: 'Edit', robots: { index: false } }

export default async function Edit({ params }: PageProps<'/entries/[slug]/edit'>) {
  const { slug } = await params
  const visitor = await requireVisitor(`/entries/${slug}/edit`)
  const entry = await ownEntry(slug, visitor.id)
  if (!entry) notFound()
  return (
    <div className="narrow">
      <h1 className="page-title">Edit entry</h1>
      <EntryForm action={saveEntry.bind(null, slug)} initial={entry} submit="Save changes" />
      <form action={deleteEntry.bind(null, slug)} className="danger">
        <p>Deleting an entry takes its picture with it, for good.</p>
        <button type="submit">Delete entry</button>
      </form>
    </div>
  )
}
