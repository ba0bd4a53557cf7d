import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const bare = '.bench/bare'

/**
 * The standalone output of a bare Next.js application with the same pages and components; what they import from the
 * platform is replaced by the plainest thing that works. Built once, and again when it is removed.
 */
export function bareApplication(): string {
  const standalone = `${bare}/.next/standalone`
  if (existsSync(`${standalone}/server.js`)) return standalone
  rmSync(bare, { recursive: true, force: true })
  mkdirSync(`${bare}/plain`, { recursive: true })
  for (const part of ['app', 'ui', 'logbook', 'db', 'public', 'tsconfig.json', 'package.json'])
    cpSync(part, `${bare}/${part}`, { recursive: true })
  for (const gone of [
    'app/write',
    'app/account',
    'app/sign-in',
    'app/entries/[slug]/edit',
    'app/media',
    'app/api/ready',
    'app/api/vitals',
    'app/status',
    'app/feed.xml',
    'logbook/write.ts',
    'logbook/sessions.ts',
    'logbook/sign-in.ts',
    'ui/entry-form.tsx',
    'ui/sign-in-form.tsx',
    'db/seed.ts',
    'db/migrate.ts',
  ])
    rmSync(`${bare}/${gone}`, { recursive: true, force: true })
  // In the places of the files that use the platform, and of the parts of it that pages import.
  const plain: Record<string, string> = {
    'db/database.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
let database: ReturnType<typeof drizzle<typeof schema>> | undefined
export const read = <T>(run: (database: ReturnType<typeof drizzle<typeof schema>>) => Promise<T>, _?: unknown) =>
  run((database ??= drizzle(process.env.DATABASE_URL as string, { schema, casing: 'snake_case' })))
export const readForVisitor = read`,
    'plain/env.ts': `export const env = () => ({ CACHE_TTL: 300, AUTH_URL: 'http://localhost:3000', SENTRY_DSN: undefined as string | undefined })`,
    'plain/browser-errors.ts': `export const reportError = (error: unknown) => console.error(error)`,
  }
  for (const [name, text] of Object.entries(plain)) writeFileSync(`${bare}/${name}`, text)
  for (const file of globSync(`${bare}/{app,ui,logbook}/**/*.{ts,tsx}`)) {
    const text = readFileSync(file, 'utf8')
    if (text.includes('@slipway/next/')) writeFileSync(file, text.replaceAll('@slipway/next/', '@/plain/'))
  }
  writeFileSync(
    `${bare}/next.config.ts`,
    `export default { output: 'standalone', typedRoutes: true, outputFileTracingRoot: '${process.cwd()}/${bare}', turbopack: { root: '${process.cwd()}/${bare}' }, serverExternalPackages: ['pg'], experimental: { useCache: true }, typescript: { ignoreBuildErrors: true } }`,
  )
  execFileSync('cp', ['-al', 'node_modules', `${bare}/node_modules`])
  // Its own binary: with this folder's, two copies of React would meet.
  execFileSync('node_modules/.bin/next', ['build'], { cwd: bare, stdio: 'inherit' })
  cpSync(`${bare}/.next/static`, `${bare}/.next/standalone/.next/static`, { recursive: true })
  return standalone
}
