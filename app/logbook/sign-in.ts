'use server'
import { clientAddress } from '@slipway/next/client-address'
import { blindIndex, blindIndexes, randomToken, reseal, seal, tokenHash, tokenHashes, unseal } from '@slipway/next/crypto'
import { env } from '@slipway/next/env'
import { localPath } from '@slipway/next/local-path'
import { sendMail } from '@slipway/next/mail'
import { allow } from '@slipway/next/rate-limit'
import { and, gt, inArray } from 'drizzle-orm'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import * as z from 'zod'
import { write } from '@/db/database'
import { signInTokens, users } from '@/db/schema'
import { endSession, startSession } from './sessions'
import { signInBy } from './sign-in-by'

export interface FormState {
  error?: string
  sentTo?: string
  /** On this machine alone, where no mail can be sent. */
  link?: string
}

const minutes = 15
const address = z.email().max(254).toLowerCase()

/** The answer is the same whether or not somebody with this address has been here. */
export async function requestLink(_: FormState, form: FormData): Promise<FormState> {
  const parsed = address.safeParse(String(form.get('email') ?? '').trim())
  if (!parsed.success) return { error: 'Please enter an email address, like ada@example.com.' }
  const client = clientAddress(await headers())
  const way = signInBy(client)
  if (way === 'none') return { error: 'Nobody can sign in yet: this site has no mail provider.' }

  const email = parsed.data
  const allowed = await Promise.all([
    allow(`sign-in:${blindIndex(email)}`, { limit: 5, windowSeconds: 900 }),
    allow(`sign-in-from:${blindIndex(client)}`, { limit: 30, windowSeconds: 900 }),
  ])
  if (allowed.includes(false)) return { error: 'That was a lot of links. Please try again in a quarter of an hour.' }

  const token = randomToken()
  await write((database) =>
    database
      .insert(signInTokens)
      .values({ tokenHash: tokenHash(token), emailSealed: seal(email), expiresAt: new Date(Date.now() + minutes * 60_000) }),
  )
  const link = new URL('/sign-in/confirm', env().AUTH_URL)
  link.searchParams.set('token', token)
  link.searchParams.set('next', localPath(form.get('next')))
  if (way === 'page') return { sentTo: email, link: link.pathname + link.search }
  await sendMail({
    to: email,
    subject: 'Your link to Logbook',
    text: `Open this to sign in. It works once, within ${minutes} minutes:\n\n${link}\n\nNot you? Then there is nothing to do.`,
  })
  return { sentTo: email }
}

/** A button, not the link itself, uses the token up: mail scanners open links, they do not press buttons. */
export async function confirmSignIn(form: FormData) {
  const next = localPath(form.get('next'))
  const [token] = await write((database) =>
    database
      .delete(signInTokens)
      .where(
        and(
          inArray(signInTokens.tokenHash, tokenHashes(String(form.get('token') ?? ''))),
          gt(signInTokens.expiresAt, new Date()),
        ),
      )
      .returning(),
  )
  if (!token) redirect('/sign-in?expired=1')
  const email = unseal(token.emailSealed)
  const name = (email.split('@')[0] as string).replace(/[._-]+/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase())
  const emailSealed = reseal(token.emailSealed)
  const [user] = await write(async (database) => {
    // Somebody who was here before the key was rotated is the same person.
    const [index, ...former] = blindIndexes(email)
    if (former.length > 0) await database.update(users).set({ emailIndex: index }).where(inArray(users.emailIndex, former))
    return database
      .insert(users)
      .values({ name, emailIndex: index, emailSealed })
      .onConflictDoUpdate({ target: users.emailIndex, set: { emailSealed } })
      .returning({ id: users.id })
  })
  await startSession((user as { id: string }).id)
  redirect(next as '/')
}

export async function signOut() {
  await endSession()
  redirect('/')
}
