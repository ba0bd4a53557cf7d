import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inlineScript, type Policy } from '../server/policy.js'

interface Settings {
  project?: string
  /** `experimental.inlineCss`: the style sheets of each page are in its HTML, and in the browser those of the next one. */
  inlineCss?: boolean | undefined
}

/** The style elements that Next.js itself writes: those of its pages for 404 and failures, or, if asked to, all of them. */
export function withFrameworkStyles(policy: Policy, { project = process.cwd(), inlineCss = false }: Settings = {}): Policy {
  const styles = policy['style-src'] ?? []
  if (styles.includes("'unsafe-inline'")) return policy // beside a hash it would not count
  // React adds them without a nonce when it navigates, so that nothing narrower would do.
  if (inlineCss)
    return { ...policy, 'style-src': [...styles, "'unsafe-inline'"].filter((source) => !/^'(sha|nonce-)/.test(source)) }
  const require = createRequire(join(project, 'package.json'))
  const texts = [
    'next/dist/client/components/http-access-fallback/error-fallback.js',
    'next/dist/client/components/builtin/error-styles.js',
    'next/dist/pages/_error.js',
  ].flatMap((name) => stylesIn(require, name))
  return { ...policy, 'style-src': [...styles, ...texts.map(inlineScript)] }
}

function stylesIn(require: NodeJS.Require, name: string): string[] {
  const source = readFileSync(require.resolve(name), 'utf8')
  const [, constant] = /errorThemeCss = `([^`]*)`/.exec(source) ?? []
  const [, inline, dark] = /__html: `([^`$]*)(?:\$\{withDarkMode \? '([^']*)' : ''\})?`/.exec(source) ?? []
  return [constant?.replace(/\n\s*/g, ''), inline, dark === undefined ? undefined : `${inline}${dark}`].filter(
    (text) => text !== undefined,
  )
}
