/** Gives pages that are rendered for each request a nonce on Vercel, where no server of ours stands in front. */
export { proxy } from '@slipway/next/proxy'

/** Pages that Vercel caches get theirs from next.config. Next.js reads this without running it. */
export const config = { matcher: ['/(|status|write|account|sign-in|sign-in/confirm|entries/[^/]+/edit)'] }
