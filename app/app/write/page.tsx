import type { Metadata } from 'next'
import { requireVisitor } from '@/logbook/sessions'
import { saveEntry } from '@/logbook/write'
import { EntryForm } from '@/ui/entry-form'

export const metadata: Metadata = { title: 'Write', robots: { index: false } }

export default async function Write() {
  await requireVisitor('/write')
  return (
    <div className="narrow">
      <h1 className="page-title">Write an entry</h1>
      <EntryForm action={saveEntry.bind(null, null)} submit="Publish" />
    </div>
  )
}
