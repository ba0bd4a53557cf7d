import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * `node server.js`. The build has left V8's compiled code beside the program (build.mjs), which a third of the start
 * would be spent on; what is imported here first would be compiled before anybody looks there. On another version of
 * Node.js it is ignored.
 */
enableCompileCache({ directory: join(import.meta.dirname, '.compiled'), portable: true })
await import('./serve.js')
