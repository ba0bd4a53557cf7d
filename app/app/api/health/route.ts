export const dynamic = 'force-dynamic'

/** Alive: the process answers. It must ask nothing else, or an outage elsewhere restarts every replica. */
export const GET = () => Response.json({ status: 'alive' }, { headers: { 'cache-control': 'no-store' } })
