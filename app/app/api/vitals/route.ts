import { recordVital } from '@slipway/next/vitals'

export async function POST(request: Request) {
  return new Response(null, { status: recordVital(await request.text()) ? 204 : 400 })
}
