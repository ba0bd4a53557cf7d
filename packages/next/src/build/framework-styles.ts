import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inlineScript, type Policy } from '../server/policy.js'

/** The style elements of the pages for 404 and failures that Next.js shows where an application has none of its own. */
export function withFrameworkStyles(policy: Policy, project = process.cwd()): Policy {
  const styles = policy['style-src'] ?? []
  if (styles.includes("'unsafe-inline'")) return policy // beside a hash it would not count
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
