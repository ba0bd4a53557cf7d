import { env } from '@slipway/next/env'
import { latestEntries } from '@/logbook/entries'

export const dynamic = 'force-dynamic'

const escaped = (text: string) => text.replace(/[<>&'"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

export async function GET() {
  const site = env().AUTH_URL.replace(/\/$/, '')
  const entries = await latestEntries()
  const items = entries.map(
    (entry) => `  <entry>
    <title>${escaped(entry.title)}</title>
    <id>urn:uuid:${entry.id}</id>
    <link href="${escaped(`${site}/entries/${entry.slug}`)}"/>
    <updated>${entry.updatedAt.toISOString()}</updated>
    <author><name>${escaped(entry.authorName)}</name></author>
    <summary>${escaped(entry.summary)}</summary>
  </entry>`,
  )
  const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Logbook</title>
  <id>${escaped(site)}/</id>
  <link href="${escaped(site)}/feed.xml" rel="self"/>
  <updated>${(entries[0]?.updatedAt ?? new Date(0)).toISOString()}</updated>
${items.join('\n')}
</feed>
`
  return new Response(feed, {
    headers: { 'content-type': 'application/atom+xml; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
