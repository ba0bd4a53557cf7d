import { withSlipway } from '@slipway/next'

export default withSlipway({
  typedRoutes: true,
  reactStrictMode: true,
  images: {
    formats: ['image/avif', 'image/webp'],
    localPatterns: [
      { pathname: '/media/**', search: '' },
      { pathname: '/_next/static/media/**', search: '' },
    ],
    minimumCacheTTL: 31_536_000,
  },
  experimental: {
    useCache: true,
    serverActions: { bodySizeLimit: '6mb' },
  },
})
