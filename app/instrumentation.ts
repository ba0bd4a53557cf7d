import type { Instrumentation } from 'next'

export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') await (await import('@slipway/next/instrumentation')).start()
}

export const onRequestError: Instrumentation.onRequestError = async (...details) => {
  if (process.env.NEXT_RUNTIME === 'nodejs') await (await import('@slipway/next/on-request-error')).onRequestError(...details)
}
