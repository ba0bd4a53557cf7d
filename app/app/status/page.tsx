import { readiness } from '@slipway/next/health'
import type { Metadata } from 'next'
import { connection } from 'next/server'
import { Suspense } from 'react'

export const metadata: Metadata = { title: 'Status', description: 'Whether everything works right now.' }

const names = { database: 'Database', replica: 'Read replica', cache: 'Shared cache', email: 'Mail' } as const
const words = { ok: 'Working', degraded: 'Working in part', down: 'Not answering', off: 'Not set up' } as const
const headlines = {
  ready: 'All is well',
  degraded: 'Working, with something missing',
  unavailable: 'Not working right now',
  draining: 'Making room for a new release',
} as const

export default async function Status() {
  await connection()
  return (
    <div className="narrow">
      <h1 className="page-title">Status</h1>
      <Suspense fallback={<p className="hint">Asking the database and the cache…</p>}>
        <Dependencies />
      </Suspense>
    </div>
  )
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`
}

/** Streamed: the page is there before the slowest dependency has answered. */
async function Dependencies() {
  const { status, dependencies, release, uptimeSeconds } = await readiness()
  const parts = Object.keys(names) as Array<keyof typeof names>
  const isUsed = (part: keyof typeof names) => (dependencies[part]?.state ?? 'off') !== 'off'
  const [used, unused] = [parts.filter(isUsed), parts.filter((part) => !isUsed(part))]
  return (
    <>
      <p className={`headline headline-${status}`}>{headlines[status]}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">State</th>
            <th scope="col">Answered in</th>
          </tr>
        </thead>
        <tbody>
          {used.map((part) => {
            const { state, latencyMs } = dependencies[part] as { state: keyof typeof words; latencyMs?: number }
            return (
              <tr key={part}>
                <th scope="row">{names[part]}</th>
                <td className={`state-${state}`}>{words[state]}</td>
                <td>{latencyMs === undefined ? 'not timed' : `${latencyMs} ms`}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {unused.length > 0 && (
        <p className="hint">Not set up here: {unused.map((part) => names[part].toLowerCase()).join(', ')}.</p>
      )}
      <p className="hint">
        {release === 'unknown' ? 'Up' : `Release ${release}, up`} for {duration(uptimeSeconds)}
      </p>
    </>
  )
}
