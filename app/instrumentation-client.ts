import { watchErrors } from './platform/browser-errors'

watchErrors()
