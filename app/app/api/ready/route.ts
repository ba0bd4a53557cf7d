import { canServe, readiness } from '@slipway/next/health'

export const dynamic = 'force-dynamic'

export async function GET() {
  const state = await readiness()
  return Response.json(state, { status: canServe(state) ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}
