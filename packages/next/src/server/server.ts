import * as nodeModule from 'node:module'
import { join } from 'node:path'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`@slipway/next needs Node.js 22.18 or newer; this is ${process.version}.`)
  process.exit(78) // EX_CONFIG: restarting will not help
}
/**
 * `node server.js`. The build has left V8's compiled code beside the program (build.mjs), which a third of the start
 * would be spent on; what is imported here first would be compiled before anybody looks there. On another version of
 * Node.js it is ignored.
 */
const directory = join(import.meta.dirname, '.compiled')
try {
  nodeModule.enableCompileCache({ directory, portable: true })
} catch {
  nodeModule.enableCompileCache(directory) // Node.js 22 takes no options
}
await import('./serve.js')
