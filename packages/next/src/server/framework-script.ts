import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** What React defines before it calls it: `$RC=function...`, and the clock of a prerendered shell. */
const definition = /^(\$R[A-Z]=|requestAnimationFrame\(function\(\)\{\$RT=)/
const call = /\$R[A-Z]\((.*)\);?$/s

/** Turbopack says which chunks and modules a page begins with. */
const bootstrap = /^\(globalThis\["TURBOPACK"\] \|\| \(globalThis\["TURBOPACK"\] = \[\]\)\)\.push\((\{.*\})\);?$/
/** What React is to render, as data. */
const payload = /^(?:\(self\.__next_f=self\.__next_f\|\|\[\]\)|self\.__next_f)\.push\((\[.*\])\)$/s

let runtime: string | undefined

/** Is a script that carries no nonce one that Next.js or React writes without? */
export const isFrameworkScript = (text: string) =>
  text.split('\n').every((line) => isJson(bootstrap.exec(line)?.[1] ?? '-')) || isReactInstruction(text)

/** In the page for failures too, which the build made of the application's own code alone. */
export const isPrerenderedScript = (text: string) => isFrameworkScript(text) || isJson(payload.exec(text)?.[1] ?? '-')

/**
 * Is a script that carries no nonce one of React's own? In the shell of a partially prerendered page it gives them none.
 * They move what has arrived into its place: code that is in React itself, and calls of it with plain data. Who writes
 * the same into stored content can move parts of the page, and run nothing.
 */
export function isReactInstruction(text: string, source = reactSource()): boolean {
  const called = call.exec(text)
  if (called && !isJson(`[${called[1]}]`)) return false
  const defined = called ? text.slice(0, called.index) : text
  return defined === '' ? called !== null : definition.test(defined) && source.includes(defined)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** React's server, as Next.js brings it. */
function reactSource(): string {
  if (runtime !== undefined) return runtime
  const { resolve } = createRequire(import.meta.url)
  const folder = resolve('next/package.json').replace(/package\.json$/, 'dist/compiled/next-server/')
  const files = ['app-page-turbo.runtime.prod.js', 'app-page.runtime.prod.js'].map((name) => folder + name).filter(existsSync)
  runtime = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  return runtime
}
