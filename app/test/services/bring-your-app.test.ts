import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MeasuredServer } from '../../bench/server'
import { Postgres } from '../support/services'

const guide = readFileSync('../docs/bring-your-app.md', 'utf8')

/** What create-next-app writes, but for its fonts, which come from the network. */
const fresh: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'shop', version: '0.1.0', private: true }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2017',
      lib: ['dom', 'dom.iterable', 'esnext'],
      allowJs: true,
      skipLibCheck: true,
      strict: true,
      noEmit: true,
      esModuleInterop: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      resolveJsonModule: true,
      isolatedModules: true,
      jsx: 'react-jsx',
      incremental: true,
      plugins: [{ name: 'next' }],
      paths: { '@/*': ['./*'] },
    },
    include: ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts'],
    exclude: ['node_modules'],
  }),
  'app/layout.tsx':
    'export default function RootLayout({ children }: { children: React.ReactNode }) { return <html lang="en"><body>{children}</body></html> }',
  'app/page.tsx': 'export default function Home() { return <h1>Your own page</h1> }',
  'public/robots.txt': 'User-agent: *',
}

/** Files that the guide shows whole. */
const shown = Object.fromEntries(
  [...guide.matchAll(/^```ts\n\/\/ ([\w./-]+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name as string, text as string]),
)

describe('docs/bring-your-app.md', () => {
  it('installs every package that the folder imports, and no other', () => {
    const installed = [...guide.matchAll(/^npm install (?:--save-dev )?((?:.*\\\n)*.*)$/gm)]
      .flatMap(([, packages = '']) => packages.replaceAll('\\\n', ' ').trim().split(/\s+/))
      .flatMap((name) => {
        const [, before = '', parts] = name.match(/^(.*)\{(.*)\}$/) ?? []
        return parts ? parts.split(',').map((part) => before + part) : [name.replace(/(?<=.)@.*/, '')]
      })
    const imported = readdirSync('platform').flatMap((file) =>
      [...readFileSync(`platform/${file}`, 'utf8').matchAll(/(?:from|import\() ?'(@[^/']+\/[^/']+|[^./'@][^/']*)/g)].map(
        ([, name = '']) => name,
      ),
    )
    const own = imported.filter((name) => !name.startsWith('node:') && name !== 'next')
    const others = ['drizzle-kit', '@types/pg', '@types/node', '@opentelemetry/api'] // tools, and what a package asks for
    assert.deepEqual([...new Set([...own, ...others])].sort(), installed.sort())
  })

  it('makes a new application ready, as it is written', async function () {
    this.timeout(180_000)
    const folder = join(process.cwd(), '.bench/brought')
    rmSync(folder, { recursive: true, force: true })
    assert.deepEqual(Object.keys(shown), ['db/schema.ts', 'db/seed.ts', 'next.config.ts'])
    for (const [name, text] of Object.entries({ ...fresh, ...shown })) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    cpSync('platform', join(folder, 'platform'), { recursive: true })
    for (const file of ['instrumentation.ts', 'instrumentation-client.ts', 'proxy.ungated.ts']) cpSync(file, join(folder, file))
    for (const route of ['health', 'ready', 'vitals'])
      cpSync(`app/api/${route}`, join(folder, `app/api/${route}`), { recursive: true })
    execFileSync('cp', ['-al', 'node_modules', join(folder, 'node_modules')])

    const PATH = `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    const [, ...generate] = guide.match(/^npx (drizzle-kit generate .*)$/m)?.[0].split(' ') ?? []
    run(generate[0] as string, ...generate.slice(1))
    run('node', 'platform/build.mjs')

    const postgres = await Postgres.start()
    const settings = { DATABASE_URL: postgres.url() }
    try {
      execFileSync('node', ['.next/standalone/migrate.js', '--seed'], {
        cwd: folder,
        env: { ...process.env, PATH, NODE_ENV: 'production', ...settings },
      })
      assert.deepEqual(await postgres.query('select * from orders'), [])
      const server = await MeasuredServer.start(join(folder, '.next/standalone'), settings)
      const page = await fetch(server.origin)
      assert.match(await page.text(), /Your own page/)
      assert.match(page.headers.get('content-security-policy') as string, /script-src 'self' 'sha256-/)
      assert.equal((await fetch(`${server.origin}/api/ready`)).status, 200)
      await server.stop()
    } finally {
      postgres.remove()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
