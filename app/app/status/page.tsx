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

/** Streamed: the page is there before the slowest dependency has answered. */
async function Dependencies() {
  const { status, dependencies, release, uptimeSeconds } = await readiness()
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
          {(Object.keys(names) as Array<keyof typeof names>).map((part) => {
            const { state, latencyMs } = dependencies[part] ?? { state: 'off' }
            return (
              <tr key={part}>
                <th scope="row">{names[part]}</th>
                <td className={`state-${state}`}>{words[state]}</td>
                <td>{latencyMs === undefined ? '' : `${latencyMs} ms`}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="hint">
        Release {release}, up for {uptimeSeconds} s
      </p>
    </>
  )
}
