import { randomToken, tokenHash, tokenHashes } from '@slipway/next/crypto'
import { env } from '@slipway/next/env'
import { rememberWrite } from '@slipway/next/read-your-writes'
import { and, eq, gt, inArray } from 'drizzle-orm'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { readForVisitor, write } from '@/db/database'
import { sessions, users } from '@/db/schema'

export interface Visitor {
  id: string
  name: string
}

const days = 30
const secure = () => env().AUTH_URL.startsWith('https:')
/** The prefix makes browsers refuse the cookie from a subdomain or without TLS. */
const cookieName = () => (secure() ? '__Host-session' : 'session')

/** Asked once per request, however many components want to know. */
export const currentVisitor = cache(async (): Promise<Visitor | undefined> => {
  const token = (await cookies()).get(cookieName())?.value
  if (!token) return undefined
  const [visitor] = await readForVisitor((database) =>
    database
      .select({ id: users.id, name: users.name })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(inArray(sessions.tokenHash, tokenHashes(token)), gt(sessions.expiresAt, new Date()))),
  )
  return visitor
})

export async function requireVisitor(next: string): Promise<Visitor> {
  return (await currentVisitor()) ?? redirect(`/sign-in?next=${encodeURIComponent(next)}`)
}

export async function startSession(userId: string) {
  const token = randomToken()
  const expiresAt = new Date(Date.now() + days * 24 * 3600 * 1000)
  await write((database) => database.insert(sessions).values({ tokenHash: tokenHash(token), userId, expiresAt }))
  const jar = await cookies()
  jar.set(cookieName(), token, {
    httpOnly: true,
    secure: secure(),
    sameSite: 'lax',
    path: '/',
    expires: expiresAt,
  })
  jar.set('signed-in', '1', { secure: secure(), sameSite: 'lax', path: '/', expires: expiresAt })
  await rememberWrite()
}

export async function endSession() {
  const jar = await cookies()
  const token = jar.get(cookieName())?.value
  if (token) await write((database) => database.delete(sessions).where(inArray(sessions.tokenHash, tokenHashes(token))))
  jar.delete('signed-in')
  jar.delete({ name: cookieName(), path: '/', secure: secure(), httpOnly: true })
}
