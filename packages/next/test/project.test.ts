import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { dockerfile, exportsOf } from '../src/build/dockerfile.js'
import { findMigrations } from '../src/build/find-migrations.js'
import { managerOf, workspaceRoot } from '../src/build/project.js'

function project(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'slipway-project-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

describe('the package manager', () => {
  const cases: Array<[Record<string, string>, string]> = [
    [{}, 'npm install'],
    [{ 'package-lock.json': '{}' }, 'npm ci'],
    [{ 'pnpm-lock.yaml': '' }, 'pnpm install --frozen-lockfile'],
    [{ 'yarn.lock': '' }, 'yarn install --frozen-lockfile'],
    [{ 'yarn.lock': '', '.yarnrc.yml': '' }, 'yarn install --immutable'],
    [{ 'bun.lock': '' }, 'bun install --frozen-lockfile'],
    [{ 'package.json': '{"packageManager":"pnpm@10.1.0+sha512.abc"}' }, 'pnpm install'],
  ]
  for (const [files, install] of cases)
    it(`installs with \`${install}\` where there is ${Object.keys(files).join(' and ') || 'nothing'}`, () => {
      assert.equal(managerOf(project(files)).install, install)
    })

  it('has the version that package.json names, without its hash', () => {
    assert.equal(
      managerOf(project({ 'package.json': '{"packageManager":"pnpm@10.1.0+sha512.abc"}' })).setup,
      'npm install --global pnpm@10.1.0',
    )
  })
})

describe('the root of a workspace', () => {
  it('is found further up, only where the workspace counts the application in', () => {
    const root = project({
      'package.json': JSON.stringify({ workspaces: ['apps/*'] }),
      'package-lock.json': '{}',
      'apps/web/package.json': '{}',
      'other/package.json': '{}',
    })
    assert.equal(workspaceRoot(join(root, 'apps/web')), root)
    assert.equal(workspaceRoot(join(root, 'other')), undefined)
    assert.equal(managerOf(join(root, 'apps/web')).install, 'npm ci')
  })
})

describe('migrations', () => {
  const found = (files: Record<string, string>) => {
    const root = project(files)
    const { entry, folder } = findMigrations(root, '/here')
    return [entry.startsWith(root) ? relative(root, entry) : entry, folder && relative(root, folder)]
  }

  it('are where drizzle-kit or Prisma keep them, or what the application says, or none', () => {
    const generic = '/here/data/migrate-found.js'
    for (const folder of ['drizzle', 'db/migrations', 'lib/db/migrations', 'src/db/drizzle', 'migrations'])
      assert.deepEqual(found({ [`${folder}/meta/_journal.json`]: '{}' }), [generic, folder])
    assert.deepEqual(found({ 'prisma/migrations/migration_lock.toml': '' }), [generic, 'prisma/migrations'])
    assert.deepEqual(found({ 'db/migrate.ts': '', 'db/migrations/meta/_journal.json': '{}' }), ['db/migrate.ts', 'db/migrations'])
    assert.deepEqual(found({ 'lib/db/index.ts': '' }), [generic, undefined])
  })
})

describe('slipway-next', () => {
  it('says which Node.js it needs, where an older one would end in a syntax error', () => {
    // All that it asks before it imports anything: of the oldest that is refused.
    const older = `Object.defineProperty(process.versions, 'node', { value: '22.17.1' })`
    const { status, stderr } = spawnSync(
      'tsx',
      ['--import', `data:text/javascript,${encodeURIComponent(older)}`, 'src/build/cli.ts'],
      {
        encoding: 'utf8',
      },
    )
    assert.doesNotMatch(readFileSync('src/build/cli.ts', 'utf8'), /^import /m)
    assert.deepEqual([status, /needs Node\.js 22\.18 or newer/.test(stderr)], [1, true], stderr)
  })
})

describe('slipway-next init', () => {
  const init = (folder: string) =>
    execFileSync('tsx', [join(process.cwd(), 'src/build/cli.ts'), 'init'], { cwd: folder, encoding: 'utf8' })

  const readDockerfile = (root: string) => {
    init(root)
    return readFileSync(join(root, 'Dockerfile'), 'utf8')
  }

  it('writes a Dockerfile for the manager, with the public variables that the code names, and lists what stays out', () => {
    const root = project({
      'package.json': '{}',
      'pnpm-lock.yaml': '',
      'app/page.tsx': 'process.env.NEXT_PUBLIC_SHOP',
      '.env': 'SECRET=1',
    })
    init(root)
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
    assert.match(dockerfile, /^ {4}pnpm install --frozen-lockfile$/m)
    assert.match(dockerfile, /^ARG NEXT_PUBLIC_SHOP$/m)
    assert.match(dockerfile, /^USER 1001:1001$/m)
    assert.match(dockerfile, /^ {4}HOSTNAME=:: \\$/m, 'both families')
    assert.match(dockerfile, /^ {4}MALLOC_ARENA_MAX=2 \\$/m, 'what pictures take is given back')
    assert.match(readFileSync(join(root, '.dockerignore'), 'utf8'), /^\*\*\/\.env\*$/m)
    assert.doesNotMatch(dockerfile, /SECRET=1/)
  })

  it('builds from the root of a workspace, packages that come first before', () => {
    const root = project({
      'pnpm-workspace.yaml': '',
      'turbo.json': '{}',
      'apps/web/package.json': '{"name":"web","scripts":{"build":"next build"}}',
    })
    const printed = init(join(root, 'apps/web'))
    const dockerfile = readFileSync(join(root, 'apps/web/Dockerfile'), 'utf8')
    assert.match(dockerfile, /npx turbo run build --filter='web\^\.\.\.' &&/)
    assert.match(dockerfile, /cd apps\/web && npx slipway-next build/)
    assert.ok(existsSync(join(root, 'apps/web/Dockerfile.dockerignore')))
    assert.match(printed, /docker build -t app -f apps\/web\/Dockerfile \./)
  })

  it('gives the build the variables of a file as Next.js would read it', () => {
    const lines = [
      '# of the build',
      'DATABASE_URL=postgres://shop:p%24s@db/shop?sslmode=require&pool=5',
      'TITLE=Ada and friends',
      'QUOTED="it\'s $HOME; `date`"',
      'export TOKEN=a$b',
    ]
    const file = join(project({ '.env.build': lines.join('\n') }), '.env.build')
    const names = ['DATABASE_URL', 'TITLE', 'QUOTED', 'TOKEN']
    const printed = `node -p 'JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name]))'`
    assert.deepEqual(JSON.parse(execFileSync('sh', ['-c', `${exportsOf(file)}; ${printed}`], { encoding: 'utf8' })), [
      'postgres://shop:p%24s@db/shop?sslmode=require&pool=5',
      'Ada and friends',
      "it's $HOME; `date`",
      'a$b',
    ])
    assert.ok(readDockerfile(project({ 'package.json': '{}' })).includes(exportsOf('/run/secrets/build_env')))
  })

  it('leaves what is there', () => {
    const root = project({ 'package.json': '{}', Dockerfile: 'FROM mine' })
    assert.match(init(root), /Dockerfile is there already/)
    assert.equal(readFileSync(join(root, 'Dockerfile'), 'utf8'), 'FROM mine')
  })
})

describe('the deployment id that nobody gave', () => {
  const given = (dockerfile: string) => /sources\(\) \{[\s\S]*?\}; \\\n/.exec(dockerfile)?.[0] ?? ''
  const rendered = given(dockerfile({ manager: managerOf(project({})), folder: '', publicVariables: [] }))
  const of = (root: string, environment: Record<string, string> = {}) =>
    execFileSync('sh', ['-c', `${rendered.replaceAll('/build', root)} sources | sha256sum`], {
      env: { NODE_ENV: 'test', PATH: process.env.PATH, ...environment },
    }).toString()
  const root = project({ 'a.txt': 'one', 'b.txt': 'one', 'node_modules/x/index.js': '1', '.next/cache': '1' })
  symlinkSync('a.txt', join(root, 'link'))
  const first = of(root)

  it('is the same for the same sources, whatever is installed or built beside them', () => {
    writeFileSync(join(root, '.next/cache'), '2')
    writeFileSync(join(root, 'node_modules/x/index.js'), '2')
    assert.equal(of(root, { HOME: '/elsewhere', API_KEY: 'x' }), first)
  })

  it('is another one for a public variable or another key of the server actions', () => {
    const ids: Array<Record<string, string>> = [
      { NEXT_PUBLIC_A: '1' },
      { NEXT_PUBLIC_A: '2' },
      { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'k' },
    ]
    assert.equal(new Set([first, ...ids.map((environment) => of(root, environment))]).size, 4)
  })

  it('is another one for a link that leads elsewhere, though what it leads to is alike', () => {
    rmSync(join(root, 'link'))
    symlinkSync('b.txt', join(root, 'link'))
    assert.notEqual(of(root), first)
  })

  it('is made alike in the Dockerfile of the demo', () => {
    assert.equal(given(readFileSync(join(import.meta.dirname, '../../../app/Dockerfile'), 'utf8')), rendered)
  })
})
