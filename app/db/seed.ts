import type { Database } from './database'
import { entries } from './schema'

const day = 24 * 3600 * 1000
const examples = [
  {
    slug: 'search-answers-while-you-type',
    topic: 'feature',
    title: 'Search answers while you type',
    authorName: 'Ada Lindqvist',
    summary: 'Results appear after the second letter, ranked by what your team opens most.',
    body: 'Search used to wait for Enter. Now it answers while you type, and it learns which pages your team opens.\n\nNothing is sent to a third party: the index lives next to the data, and disappears with it.\n\nIf you prefer the old behaviour, turn off instant results in the settings.',
  },
  {
    slug: 'half-the-time-to-first-byte',
    topic: 'performance',
    title: 'Half the time to first byte',
    authorName: 'Tomás Rey',
    summary: 'Pages that nobody has changed are now served from memory on every replica.',
    body: 'We measured before we changed anything: 71 % of page views asked for something that had not changed for an hour.\n\nThose pages are now kept in memory on each replica, in front of a shared cache. When somebody edits an entry, every replica hears of it within milliseconds.\n\nMedian time to first byte went from 84 ms to 39 ms.',
  },
  {
    slug: 'sign-in-without-a-password',
    topic: 'security',
    title: 'Sign in without a password',
    authorName: 'Ada Lindqvist',
    summary: 'We mail you a link that works once, for fifteen minutes. There is nothing to leak.',
    body: 'Passwords get reused, and then they get stolen somewhere else. We no longer keep any.\n\nAsk for a link, open it on the same device, done. Your address is encrypted in our database.',
  },
  {
    slug: 'dates-follow-your-time-zone',
    topic: 'fix',
    title: 'Dates follow your time zone',
    authorName: 'Noor Haddad',
    summary: 'An entry published at midnight no longer shows up as yesterday.',
    body: 'Dates were rendered in the time zone of the server. They are now rendered in yours.\n\nThanks to the three people who wrote to us about it.',
  },
  {
    slug: 'uploads-keep-no-location',
    topic: 'security',
    title: 'Uploads keep no location',
    authorName: 'Noor Haddad',
    summary: 'Pictures lose their hidden metadata, GPS coordinates included, before they are stored.',
    body: 'Phones write where a picture was taken into the file. We decode every upload and encode it again, which drops that and anything else that is not the picture.',
  },
  {
    slug: 'undo-for-a-minute',
    topic: 'feature',
    title: 'Undo, for a minute',
    authorName: 'Tomás Rey',
    summary: 'Deleting something keeps a way back open long enough to notice the mistake.',
    body: 'Most deletions that people wrote to us about were noticed within twenty seconds. For a minute you can now take one back, from the message at the bottom of the page.\n\nAfter that it is gone for good, from the backups too, within thirty days.',
  },
  {
    slug: 'pictures-in-half-the-bytes',
    topic: 'performance',
    title: 'Pictures in half the bytes',
    authorName: 'Ada Lindqvist',
    summary: 'Browsers that can show AVIF get it, in the size they need and no larger.',
    body: 'A phone used to download the picture of a desktop. Each picture now exists in the sizes that screens ask for, made at the first visit and kept.\n\nThe median page lost 61 % of its weight.',
  },
] as const

/** A few entries to look at, in an empty database only. */
export async function seed(database: Database) {
  const [existing] = await database.select({ id: entries.id }).from(entries).limit(1)
  if (existing) return
  const dated = examples.map((entry, index) => {
    const publishedAt = new Date(Date.now() - (index * 9 + 1) * day)
    return { ...entry, publishedAt, updatedAt: publishedAt }
  })
  await database.insert(entries).values(dated)
}
