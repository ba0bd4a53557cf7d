import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import sharp from 'sharp'
import { App, entry, eventually, migrate, planted, signedIn } from '../support/app'
import { Aws } from '../support/aws'
import { collector } from '../support/collector'
import { makeCertificate, Postgres, Redis } from '../support/services'

/** Secrets as platforms mount them: one file each, with a newline at the end. */
function mounted(secrets: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'logbook-secrets-'))
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => {
      const file = join(folder, name.toLowerCase())
      writeFileSync(file, `${value}\n`, { mode: 0o400 })
      return [`${name}_FILE`, file]
    }),
  )
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

describe('on AWS', function () {
  this.timeout(300_000)
  let aws: Aws
  let postgres: Postgres
  let s3: S3Client
  let app: App | undefined

  before(async function () {
    const started = await Aws.start()
    if (typeof started === 'string') {
      console.log(`      Skipped. Missing:\n        ${started}`)
      return this.skip()
    }
    aws = started
    const { endpoint, region } = aws
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    await s3.send(
      new CreateBucketCommand({ Bucket: 'shop-uploads', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    )
    postgres = await Postgres.start()
    await migrate({ DATABASE_URL: postgres.url() })
  })
  afterEach(async () => void (await app?.stop('SIGKILL')))
  after(async () => {
    postgres?.remove()
    await aws?.remove()
  })

  it('uploads go to the bucket, and come back from it on another replica', async () => {
    const settings = {
      DATABASE_URL: postgres.url(),
      STORAGE_BUCKET: 'shop-uploads',
      STORAGE_REGION: aws.region,
      STORAGE_ENDPOINT: aws.endpoint,
      ...mounted({ STORAGE_ACCESS_KEY_ID: 'test', STORAGE_SECRET_ACCESS_KEY: 'test' }),
    }
    app = await App.start(settings)
    const { cookie } = await signedIn(postgres)
    const picture = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#246' } })
      .png()
      .toBuffer()
    const cover = new File([new Uint8Array(picture)], 'cover.png')
    const path = (await app.submit('/write', { ...entry('With a cover'), cover }, { cookie })).headers.get('location')

    const [object] = (await s3.send(new ListObjectsV2Command({ Bucket: 'shop-uploads' }))).Contents ?? []
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'shop-uploads', Key: object?.Key }))
    assert.match(head.ContentType as string, /^image\/(webp|avif)$/)
    assert.equal(head.CacheControl, 'public, max-age=31536000, immutable')
    await app.stop()

    app = await App.start(settings)
    assert.ok((await app.text(path as string)).includes(encodeURIComponent(`/media/${object?.Key}`)))
    const answer = await app.get(`/media/${object?.Key}`)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, head.ContentType])
    assert.equal((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width, 80)
    assert.equal((await app.get(`/media/${object?.Key?.replace(/^./, 'z')}`)).status, 404)
  })

  it('the database password comes from Secrets Manager, and a rotated one is fetched without a restart', async () => {
    const secrets = new SecretsManagerClient({ endpoint: aws.endpoint, region: aws.region, credentials })
    const [before, after] = [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')]
    const credentialsWith = (password: string) => JSON.stringify({ username: 'rotating', password })
    const { ARN } = await secrets.send(
      new CreateSecretCommand({ Name: `rds!db-${before}`, SecretString: credentialsWith(before) }),
    )
    await postgres.query(`create role rotating login superuser password '${before}'`)
    const file = (await postgres.query<{ file: string }>("select current_setting('hba_file') as file"))[0]?.file as string
    writeFileSync(file, 'host all rotating 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n')
    await postgres.query('select pg_reload_conf()')

    app = await App.start({
      // Without a user in it: that too is in the secret.
      DATABASE_URL: postgres.url('postgres', '').replace('//@', '//'),
      DATABASE_SECRET_ARN: ARN,
      ...aws.environment,
    })
    const works = async () => (await app?.ready())?.code === 200
    await eventually(10_000, works)
    await secrets.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: credentialsWith(after) }))
    await postgres.query(`alter role rotating password '${after}'`)
    await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rotating'")
    await eventually(10_000, async () => (await app?.text('/'))?.includes('<h1'))
    await eventually(10_000, works)
    for (const password of [before, after]) assert.ok(!app.output.includes(password))
  })
})

describe('with secrets as files, and TLS to database and cache', function () {
  this.timeout(60_000)
  const certificate = makeCertificate()
  const password = 'planted-redis-password'
  let postgres: Postgres
  let redis: Redis
  let app: App | undefined
  const start = async (settings: Record<string, string | undefined>) => {
    app = await App.start({
      AUTH_SECRET: undefined,
      ENCRYPTION_KEY: undefined,
      EMAIL_API_KEY: undefined,
      ...mounted({ ...planted, REDIS_PASSWORD: password, DATABASE_URL: postgres.url('postgres', 'shop', 'localhost') }),
      DATABASE_TLS: 'verify-full',
      DATABASE_CA_FILE: certificate.ca,
      REDIS_URL: `rediss://localhost:${redis.port}`,
      REDIS_CA_FILE: certificate.ca,
      ...settings,
    })
    return app
  }

  before(async () => {
    const files = [`ssl_cert_file=${certificate.certificate}`, `ssl_key_file=${certificate.key}`]
    postgres = await Postgres.start('ssl=on', ...files)
    redis = await Redis.startTls(certificate, password)
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
  })
  afterEach(async () => void (await app?.stop('SIGKILL')))
  after(async () => {
    await redis?.remove()
    postgres?.remove()
  })

  it('connects to both, encrypted, and pages are kept in the shared cache', async () => {
    const running = await start({})
    await eventually(5000, async () => (await running.ready()).body.dependencies.cache?.state === 'ok')
    assert.match(await running.text('/'), /Search answers while you type/)
    const [connection] = await postgres.query<{ ssl: boolean }>(
      "select bool_and(ssl) as ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'slipway-app'",
    )
    assert.equal(connection?.ssl, true)
    assert.ok(Number(redis.cli('dbsize')) > 0)
  })

  it('trusts no certificate of an authority that it was not told of', async () => {
    const running = await start({ REDIS_CA_FILE: undefined })
    await eventually(5000, async () => (await running.ready()).body.dependencies.cache?.state === 'down')
    assert.match(running.output, /redis is away/)
    assert.equal((await running.ready()).code, 200, 'the site serves without its cache')
    await running.stop('SIGKILL')

    const other = await start({ DATABASE_CA_FILE: undefined })
    await eventually(10_000, async () => (await other.ready()).code === 503)
  })

  it('trusts no certificate of another name', async () => {
    const running = await start({
      REDIS_URL: `rediss://127.0.0.1:${redis.port}`,
      DATABASE_URL_FILE: undefined,
      DATABASE_URL: postgres.url(),
    })
    await eventually(10_000, async () => (await running.ready()).code === 503)
    const { cache, database } = (await running.ready()).body.dependencies
    assert.deepEqual([cache?.state, database?.state], ['down', 'down'])
  })

  it('keeps what was mounted out of the log', async () => {
    const running = await start({ LOG_LEVEL: 'trace' })
    await running.text('/')
    for (const secret of [password, ...Object.values(planted)]) assert.ok(!running.output.includes(secret))
  })
})

describe('what leaves for others', function () {
  this.timeout(60_000)
  let postgres: Postgres
  let app: App | undefined
  let other: Awaited<ReturnType<typeof collector>>

  before(async () => {
    postgres = await Postgres.start()
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
  })
  beforeEach(async () => {
    other = await collector()
  })
  afterEach(async () => {
    await app?.stop('SIGKILL')
    other.close()
  })
  after(() => postgres?.remove())

  interface Traces {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] }
      scopeSpans: { spans: { traceId: string; parentSpanId?: string; name: string }[] }[]
    }[]
  }

  it('traces go to the collector, under the service and the release, as a part of the trace that a caller began', async () => {
    app = await App.start({
      DATABASE_URL: postgres.url(),
      METRICS_ENDPOINT: `http://127.0.0.1:${other.port}`,
      RELEASE: '1.4.2',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    })
    const traceId = randomBytes(16).toString('hex')
    const caller = randomBytes(8).toString('hex')
    await app.text('/', { headers: { traceparent: `00-${traceId}-${caller}-01` } })
    // Stopping sends what is still held.
    assert.equal((await app.stop()).code, 0)

    assert.ok(other.received.length > 0, 'nothing was sent')
    assert.deepEqual([...new Set(other.received.map(({ path }) => path))], ['/v1/traces'])
    const sent = other.received.flatMap(({ text }) => (JSON.parse(text) as Traces).resourceSpans)
    const attributes = Object.fromEntries(sent[0]?.resource.attributes.map(({ key, value }) => [key, value.stringValue]) ?? [])
    assert.equal(attributes['service.name'], 'slipway-app')
    assert.equal(attributes['service.version'], '1.4.2')
    const spans = sent.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    const own = spans.filter((span) => span.traceId === traceId)
    assert.ok(
      own.some(({ name, parentSpanId }) => name.startsWith('GET') && parentSpanId === caller),
      JSON.stringify(spans.map(({ name }) => name)),
    )
  })

  it('a collector that is away costs nothing but its traces', async () => {
    other.close()
    app = await App.start({ DATABASE_URL: postgres.url(), METRICS_ENDPOINT: `http://127.0.0.1:${other.port}` })
    const headers = { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` }
    assert.equal((await app.get('/', { headers })).status, 200)
    assert.equal((await app.stop()).code, 0)
  })

  it('errors go to Sentry with release and route, and without anything personal', async () => {
    const dsn = `http://0123456789abcdef@127.0.0.1:${other.port}/42`
    app = await App.start({ DATABASE_URL: postgres.url(), SENTRY_DSN: dsn, RELEASE: '1.4.2' })
    const person = { email: 'ada.lovelace@example.com', cookie: (await signedIn(postgres, 'postgres', 'Ada Lovelace')).cookie }
    await postgres.query('alter table entries rename to entries_gone')
    try {
      const answer = await app.submit(
        '/write',
        { ...entry(`Private title of ${person.email}`), body: 'A private body that nobody else should read.' },
        { cookie: person.cookie },
      )
      assert.equal(answer.status, 500)
    } finally {
      await postgres.query('alter table entries_gone rename to entries')
    }
    const event = await eventually(10_000, async () => other.received.find(({ text }) => text.includes('"type":"event"')))
    assert.match(event.path, /^\/api\/42\/envelope\//)
    const [, , item = '{}'] = event.text.split('\n')
    const { release, tags, exception } = JSON.parse(item) as {
      release: string
      tags: Record<string, string>
      exception: { values: { type: string; value: string; stacktrace?: object }[] }
    }
    assert.equal(release, '1.4.2')
    assert.deepEqual(tags, { route: '/write/page', kind: 'render' })
    assert.ok(
      exception.values.some(({ value }) => value.includes('entries')),
      'it says what went wrong',
    )
    assert.ok(exception.values.some(({ stacktrace }) => stacktrace !== undefined))
    const session = person.cookie.split('=')[1] as string
    for (const text of [event.text, app.output]) {
      for (const personal of [person.email, 'Ada Lovelace', 'Private title', 'private body', session])
        assert.ok(!text.includes(personal), `${personal} is in\n${text}`)
    }
  })
})
