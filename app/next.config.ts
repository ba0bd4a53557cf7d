import { platformConfig } from '@slipway/next'
import type { NextConfig } from 'next'

const config: NextConfig = {
  ...platformConfig,
  typedRoutes: true,
}

export default config
