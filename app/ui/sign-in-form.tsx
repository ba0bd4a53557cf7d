'use client'
import { useActionState } from 'react'
import { requestLink } from '@/logbook/sign-in'

export function SignInForm({ next, way }: { next: string; way: 'mail' | 'page' }) {
  const [state, request, sending] = useActionState(requestLink, {})
  if (state.link)
    return (
      <div className="notice" role="status">
        <p>
          No mail leaves this machine, so here is the link for <strong>{state.sentTo}</strong>.
        </p>
        <p>
          <a className="button" href={state.link}>
            Open the link
          </a>
        </p>
      </div>
    )
  if (state.sentTo)
    return (
      <p className="notice" role="status">
        A link is on its way to <strong>{state.sentTo}</strong>. It works once, for fifteen minutes.
      </p>
    )
  return (
    <form action={request} className="form" noValidate>
      <input type="hidden" name="next" value={next} />
      <label htmlFor="email">Email address</label>
      <input
        id="email"
        name="email"
        type="email"
        autoComplete="email"
        required
        aria-invalid={Boolean(state.error)}
        aria-describedby={state.error ? 'email-error' : undefined}
      />
      {state.error && (
        <p className="error" id="email-error" role="alert">
          {state.error}
        </p>
      )}
      <button type="submit" disabled={sending}>
        {sending ? 'Sending…' : way === 'mail' ? 'Email me a link' : 'Give me a link'}
      </button>
    </form>
  )
}
