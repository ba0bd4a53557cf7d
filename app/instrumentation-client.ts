import { watchErrors } from '@slipway/next/browser-errors'

watchErrors()
