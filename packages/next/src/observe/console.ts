import { format } from 'node:util'
import { judgeWarning, noteFault } from '../server/client-fault.js'
import { log } from './log.js'

/** Next.js and React write to the console; one process should speak one format. */
export function captureConsole() {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...args: unknown[]) => {
      const error = args.find((arg) => arg instanceof Error)
      // Errors with a digest are reported once, with their request, by onRequestError.
      if (error && 'digest' in error) return
      if (level !== 'debug' && args.some(noteFault)) return
      const text = format(...args.filter((arg) => arg !== error)).trim() || error?.message || ''
      const known = level === 'warn' || level === 'error' ? judgeWarning(text) : undefined
      if (known === 'repeated') return
      log()[known ? 'warn' : level](error ? { err: error } : {}, text)
    }
  Object.assign(console, {
    debug: line('debug'),
    log: line('info'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  })
}
