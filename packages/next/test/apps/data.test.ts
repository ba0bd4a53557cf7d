import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Postgres } from '../../../../app/test/support/services.js'
import type { Built } from './build.js'
import { Front } from './front.js'
import { Mailbox } from './mail.js'
import { actionsKey, applications, isInProduction, npm } from './suite.js'

/** What an application is told to add; next.config.mjs of the one with Auth.js has it. */
const policies = readFileSync(new URL('../../../../docs/content-security-policy.md', import.meta.url), 'utf8')

const migrate = (built: Built, settings: Record<string, string>) =>
  spawnSync(process.execPath, ['migrate.js'], {
    cwd: built.standalone,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings } as NodeJS.ProcessEnv,
  })

describe('applications of others with a database, in a browser', function () {
  this.timeout(900_000)
  this.retries(1)
  const { bring, start, visit } = applications({ inBrowser: true })

  it('Drizzle over postgres with middleware, instrumentation, actions and migrations: DATABASE_URL and secrets as themselves; npm', async () => {
    const built = await bring('saas', { fixture: 'saas', ...npm })
    const postgres = await Postgres.start()
    try {
      const secrets = mkdtempSync(join(tmpdir(), 'slipway-secrets-'))
      writeFileSync(join(secrets, 'password'), 'with spaces & signs\n')
      writeFileSync(join(secrets, 'stripe'), 'sk_test_123\n')
      await postgres.query("create role saas login superuser password 'with spaces & signs'")
      const url = new URL(postgres.url())
      url.username = 'saas'
      url.password = ''
      const settings = {
        DATABASE_URL: url.href,
        DATABASE_PASSWORD_FILE: join(secrets, 'password'),
        STRIPE_SECRET_KEY_FILE: join(secrets, 'stripe'),
      }
      for (let run = 0; run < 2; run++) {
        const { status, stdout } = migrate(built, settings)
        assert.equal(status, 0)
        assert.match(stdout, /migrations applied/)
      }
      const server = await start(built, settings)
      await isInProduction(server)
      assert.match(await (await server.get('/')).text(), /Ada and friends/)
      assert.equal((await (await server.get('/api/ready')).json()).dependencies.database.state, 'ok')
      const { page, complaints } = await visit(server.origin)
      await page.fill('input[name=name]', 'Grace and friends')
      await page.click('button')
      await page.waitForSelector('li:has-text("Grace and friends")')
      assert.deepEqual(complaints, [])
      assert.match((await server.get('/dashboard')).headers.get('location') ?? '', /\/sign-in$/)
      assert.equal((await server.get('/api/broken')).status, 500)
      assert.deepEqual(await (await server.get('/api/state')).json(), {
        registered: 'sk_test_123'.length,
        seen: 'broken on purpose',
      })
      assert.match(await server.metrics(), /server_errors_total\{kind="route"\} 1/)
      assert.doesNotMatch(server.output, /with spaces|sk_test/)
    } finally {
      postgres.remove()
    }
  })

  it('Auth.js with its Drizzle adapter on two replicas: a link by mail, a session in the database, a proxy; npm', async () => {
    const built = await bring('auth', {
      fixture: 'auth',
      ...npm,
      variables: { ...actionsKey, EMAIL_SERVER: 'smtp://mail.invalid' }, // its provider wants one while Next.js builds
    })
    const [postgres, mailbox] = [await Postgres.start(), await Mailbox.open()]
    const front = await Front.start(0, built.folder)
    const origin = front.origin.replace('127.0.0.1', 'localhost') // Next.js takes the first for the second
    try {
      const settings = {
        DATABASE_URL: postgres.url(),
        EMAIL_SERVER: mailbox.url,
        AUTH_SECRET: 'a secret of thirty-two characters',
        AUTH_URL: origin,
      }
      assert.equal(migrate(built, settings).status, 0)
      const [a, b] = [await start(built, settings), await start(built, settings)]
      await isInProduction(a)
      for (const { port } of [a, b]) {
        front.port = port
        const turnedAway = await fetch(`${origin}/dashboard`, { redirect: 'manual' })
        assert.equal(new URL(turnedAway.headers.get('location') ?? 'none:', origin).href, `${origin}/`)
      }

      const { page, complaints } = await visit(origin)
      assert.equal(await page.textContent('h1'), 'Signed out')
      await page.fill('input[name=email]', 'ada@example.com')
      await page.click('button')
      await page.waitForURL('**/api/auth/verify-request**')
      assert.match((await page.textContent('h1')) ?? '', /Check your email/)
      const [letter = ''] = mailbox.letters
      assert.match(letter, /^To: ada@example.com\r$/m)
      // Quoted-printable: long lines are folded, and signs are spelt out.
      const link =
        letter
          .replace(/=\r\n/g, '')
          .replaceAll('=3D', '=')
          .match(/http\S+callback\/nodemailer\S+token=\w+\S*/)?.[0] ?? ''
      assert.ok(link.startsWith(`${origin}/api/auth/callback/nodemailer?`), link)

      // Each step by the other replica.
      front.port = a.port
      await page.goto(link)
      assert.equal(page.url(), `${origin}/dashboard`)
      assert.equal(await page.textContent('h1'), 'Dashboard of ada@example.com')
      const [session] = (await page.context().cookies()).filter(({ name }) => name === 'authjs.session-token')
      assert.deepEqual([session?.httpOnly, session?.sameSite], [true, 'Lax'])
      assert.deepEqual(await postgres.query('select "sessionToken" as token from session'), [{ token: session?.value }])
      front.port = b.port
      await page.goto(origin)
      assert.equal(await page.textContent('h1'), 'Signed in as ada@example.com')
      front.port = a.port
      await page.click('button')
      await page.waitForSelector('h1:has-text("Signed out")')
      assert.deepEqual(await postgres.query('select * from session'), [])
      front.port = b.port
      await page.goto(`${origin}/dashboard`)
      assert.equal(page.url(), `${origin}/`)
      assert.equal((await fetch(link, { redirect: 'manual' })).headers.get('location')?.includes('error=Verification'), true)
      assert.deepEqual(complaints, [])
      assert.match(
        policies,
        /^\| the pages of Auth\.js itself .*`style-src`: `'unsafe-inline'`; `img-src`: `https:\/\/authjs\.dev` /m,
      )
      assert.doesNotMatch(a.output + b.output, /a secret of thirty-two/)
    } finally {
      front.close()
      mailbox.close()
      postgres.remove()
    }
  })
})

describe('applications of others with a database', function () {
  this.timeout(900_000)
  const { bring, start } = applications({ inBrowser: false })

  it('Kysely over pg with a folder of Prisma migrations and no scripts; bun', async () => {
    const built = await bring('kysely', { fixture: 'kysely', guide: 'bun', before: 'bun install' })
    const postgres = await Postgres.start()
    try {
      const settings = { DATABASE_URL: postgres.url() }
      for (let run = 0; run < 2; run++) assert.equal(migrate(built, settings).status, 0)
      assert.deepEqual(await postgres.query('select migration_name as name from _prisma_migrations order by 1'), [
        { name: '20250101000000_start' },
        { name: '20250202000000_first' },
      ])
      const server = await start(built, settings)
      await isInProduction(server)
      assert.match(await (await server.get('/')).text(), /kept by Kysely/)

      // A password that is rotated, and connections that end with it: clients that ask for it go on.
      const file = join(mkdtempSync(join(tmpdir(), 'slipway-rotated-')), 'password')
      const rotate = async (password: string) => {
        await postgres.query(`alter role rotating password '${password}'`)
        writeFileSync(file, password)
        await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rotating'")
      }
      await postgres.query('create role rotating login')
      await postgres.allow('host all rotating 127.0.0.1/32 scram-sha-256')
      await rotate('of yesterday')
      const url = new URL(postgres.url())
      url.username = 'rotating'
      const rotating = await start(built, { DATABASE_URL: url.href, DATABASE_PASSWORD_FILE: file })
      const who = async () => (await rotating.get('/rotating')).json()
      assert.deepEqual(await who(), { pg: 'rotating', postgres: 'rotating' })
      await rotate('of today')
      for (let tries = 0; tries < 20 && (await rotating.get('/rotating')).status !== 200; tries++) await sleep(50)
      assert.deepEqual(await who(), { pg: 'rotating', postgres: 'rotating' })
      assert.doesNotMatch(rotating.output, /of yesterday|of today/)
    } finally {
      postgres.remove()
    }
  })
})
