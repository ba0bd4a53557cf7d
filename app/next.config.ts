import type { NextConfig } from 'next'
import { platformConfig } from './platform/next-config'

const config: NextConfig = {
  ...platformConfig,
  typedRoutes: true,
}

export default config
