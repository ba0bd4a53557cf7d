import type { NextConfig } from 'next'
import { installDevelopmentGate } from '../server/development.js'
import { type Policy, policyProblems, policyWriter } from '../server/policy.js'
import { headersOfPages, securityHeaders } from '../server/protection.js'
import { withFrameworkOrigins } from './framework-origins.js'
import { withFrameworkStyles } from './framework-styles.js'
import { extensionsOf, proxyProblems } from './proxy-files.js'

export interface SlipwayOptions {
  /**
   * Sources that the Content-Security-Policy allows besides this site's own, by directive.
   * docs/content-security-policy.md has them for Stripe, Turnstile, Google, S3 and CSS-in-JS.
   * @default {}
   * @example { 'script-src': ['https://js.stripe.com'], 'frame-src': ['https://js.stripe.com'] }
   */
  policy?: Policy
}

type ConfigFunction = (phase: string, context: { defaultConfig: NextConfig }) => NextConfig | Promise<NextConfig>

/** Adds the platform to an application's own configuration, whose every word counts. */
export function withSlipway(
  config: NextConfig | ConfigFunction = {},
  { policy: asked = {} }: SlipwayOptions = {},
): ConfigFunction {
  return async (phase, context) => {
    const given = typeof config === 'function' ? await config(phase, context) : config
    const problems = [...policyProblems(asked), ...proxyProblems(process.cwd(), given.pageExtensions)]
    if (problems.length > 0)
      throw new Error(`next.config does not work:\n\n${problems.map((problem) => `  ${problem}`).join('\n')}\n`)

    const policy = withFrameworkOrigins(asked, given)
    // The adapter reads it back, and so does the proxy on Vercel.
    const own = { ...given, env: { ...given.env, SLIPWAY_POLICY: JSON.stringify(policy) } }
    // Without the hashes of Next.js' own styles: beside a hash, browsers ignore 'unsafe-inline', which its overlay needs.
    if (process.env.NODE_ENV === 'development') installDevelopmentGate({ policy, basePath: given.basePath ?? '' })
    if (process.env.VERCEL !== '1') return own
    return {
      ...own,
      poweredByHeader: given.poweredByHeader ?? false,
      // A proxy that is only for Vercel, where no server of ours stands in front: elsewhere it would cost each request a step.
      pageExtensions: extensionsOf(given.pageExtensions).flatMap((each) => [`vercel.${each}`, each]),
      // Skew protection: a page of an older build asks with its own id and reloads when it must.
      deploymentId: given.deploymentId ?? (process.env.DEPLOYMENT_ID || undefined),
      headers: async () => [
        ...vercelHeaders(withFrameworkStyles(policy, { inlineCss: given.experimental?.inlineCss })),
        ...((await given.headers?.()) ?? []),
      ],
    }
  }
}

/**
 * On Vercel nobody can know the scripts of a page that its cache holds, so those get a policy that allows inline scripts;
 * what the proxy answers for has a nonce instead. docs/content-security-policy.md says what that means.
 */
function vercelHeaders(policy: Policy) {
  const key = 'content-security-policy'
  const value = policyWriter({ policy })("'unsafe-inline'")
  return [{ source: '/:path*', headers: [...securityHeaders, ...headersOfPages(policy), { key, value }] }]
}

export { inlineScript, type Policy } from '../server/policy.js'
