import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'About', description: 'How this log is kept.', alternates: { canonical: '/about' } }

const rules = [
  ['Say what changed for people', 'Not which ticket was closed. If nobody can notice it, it does not need an entry.'],
  ['Write it the day it ships', 'Memory polishes. The log is more useful with the rough edges left on.'],
  ['Own what broke', 'A fix gets an entry as well, and says what was wrong, for how long, and for whom.'],
  ['Keep it short', 'Three paragraphs. If it needs more, it is probably two entries.'],
]

export default function About() {
  return (
    <div className="narrow prose">
      <h1 className="page-title">How this log is kept</h1>
      <p className="standfirst">Ships keep a log because the sea does not remember. Software teams forget even faster.</p>
      <dl>
        {rules.map(([rule, why]) => (
          <div key={rule}>
            <dt>{rule}</dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
      <h2>Your data</h2>
      <p>
        We keep your email address, encrypted, to send you links for signing in. Pictures lose their hidden metadata when you
        upload them. There is no tracking; we measure how fast pages are, without knowing whose.
      </p>
    </div>
  )
}
