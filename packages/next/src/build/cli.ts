#!/usr/bin/env node
// Before anything is imported that an older Node.js lacks.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`slipway-next needs Node.js 22.18 or newer; this is ${process.version}.`)
  process.exit(1)
}
await import('./command.js')

export {}
