import type { NextConfig } from 'next'
import { pageHeaders, securityHeaders } from '../server/security.js'

type ConfigFunction = (phase: string, context: { defaultConfig: NextConfig }) => NextConfig | Promise<NextConfig>

/** gate.ts sets the headers where server.ts runs, for less. Elsewhere, in development and on Vercel, Next.js has to. */
const ownServer = process.env.NODE_ENV === 'production' && process.env.VERCEL !== '1'

/**
 * `export default withSlipway(config)` in next.config: development and Vercel get what the server of `slipway-next build`
 * does by itself. What the configuration says already stays as it is.
 */
export function withSlipway(config: NextConfig | ConfigFunction = {}): ConfigFunction {
  return async (phase, context) => {
    const given = typeof config === 'function' ? await config(phase, context) : config
    if (ownServer) return given
    return {
      ...given,
      poweredByHeader: given.poweredByHeader ?? false,
      // What is only for where no gate.ts runs: `proxy.ungated.ts`.
      pageExtensions: ['ungated.ts', ...(given.pageExtensions ?? ['tsx', 'ts', 'jsx', 'js'])],
      // Skew protection: a page of an older build asks with its own id and reloads when it must.
      deploymentId: given.deploymentId ?? (process.env.DEPLOYMENT_ID || undefined),
      headers: async () => [
        { source: '/:path*', headers: [...securityHeaders, ...pageHeaders] },
        ...((await given.headers?.()) ?? []),
      ],
    }
  }
}
