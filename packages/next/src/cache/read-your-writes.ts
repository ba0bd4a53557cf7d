import { cookies } from 'next/headers.js'
import { hasCaughtUp, replicaUrls, writtenUpTo } from '../data/pools.js'
import { env } from '../env.js'

const cookie = 'wrote'
const longestLagSeconds = 30

/** After a write: the visitor's next reads wait for no replica that has not seen it. Call it in the action that wrote. */
export async function rememberWrite() {
  if (replicaUrls().length === 0) return
  const position = await writtenUpTo()
  if (!position) return
  ;(await cookies()).set(cookie, position, {
    httpOnly: true,
    sameSite: 'lax',
    secure: env().AUTH_URL.startsWith('https:'),
    path: '/',
    maxAge: longestLagSeconds,
  })
}

export async function replicaHasWhatVisitorWrote(): Promise<boolean> {
  const position = (await cookies()).get(cookie)?.value
  return position === undefined || hasCaughtUp(position)
}
