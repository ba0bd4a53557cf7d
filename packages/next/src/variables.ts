import * as z from 'zod'

/**
 * What an application may use of this package, or not. Its variables are demanded only of one that does; another may have
 * variables of the same names with a meaning of their own.
 */
export const allParts = ['database', 'secrets', 'mail', 'storage'] as const
export type Part = (typeof allParts)[number]
export const isPart = (name: string): name is Part => (allParts as readonly string[]).includes(name)

/**
 * The whole interface between the application and whatever runs it. One row a
 * variable; docs/environment.md is generated from this table.
 *
 * A row marked `secret` may also be given as NAME_FILE, the path of a file that
 * holds the value: platforms mount secrets as files so that they appear in no
 * process listing, task definition or crash dump.
 */
export interface Variable<S extends z.ZodType = z.ZodType> {
  schema: S
  /** What a reader may write, with the unit. */
  type: string
  doc: string
  example: string
  secret?: true
  /** Demanded, and checked, only of an application that uses this part. Default: of all */
  part?: Part
  /** Refuse to start in production without it. */
  required?: true
  default?: string
  /** Stands in for a required value while developing; never used in production. */
  development?: string
}

const row = <S extends z.ZodType>(variable: Variable<S>) => variable
const integer = (min: number, max: number) =>
  z.coerce
    .number({ error: 'expected a number' })
    .int('expected a whole number')
    .min(min, `expected at least ${min}`)
    .max(max, `expected at most ${max}`)
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `expected a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    )
const text = () => z.string()

export const variables = {
  DATABASE_URL: row({
    part: 'database',
    schema: url('postgres:', 'postgresql:').optional(),
    type: 'postgres URL, password optional',
    secret: true,
    required: true,
    doc: 'PostgreSQL primary. Unset in development: an embedded PostgreSQL (PGlite) in `.data/`.',
    example: 'postgres://shop@db.internal:5432/shop',
  }),
  DATABASE_PASSWORD: row({
    part: 'database',
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'Password for every database URL here. As DATABASE_PASSWORD_FILE it is read again for each new connection, so a rotation needs no restart.',
    example: 'DATABASE_PASSWORD_FILE=/run/secrets/database-password',
  }),
  DATABASE_SECRET_ARN: row({
    part: 'database',
    schema: text().startsWith('arn:', 'expected an ARN').optional(),
    type: 'ARN',
    doc: 'AWS Secrets Manager secret with JSON `password` (and `username`). Read when connecting, kept for a minute, read again when the database refuses it.',
    example: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1a2b',
  }),
  DATABASE_REPLICA_URL: row({
    part: 'database',
    schema: url('postgres:', 'postgresql:').optional(),
    type: 'postgres URL',
    secret: true,
    doc: 'Read replica. Reads go here, except right after a write by the same visitor; while it cannot be reached, the primary answers them.',
    example: 'postgres://shop@db-ro.internal:5432/shop',
  }),
  DATABASE_REPLICA_URLS: row({
    part: 'database',
    schema: text()
      .refine(
        (list) => list.split(',').every((one) => url('postgres:', 'postgresql:').safeParse(one).success),
        'expected URLs that start with postgres:// or postgresql://, with commas between them',
      )
      .optional(),
    type: 'postgres URLs with commas between them',
    secret: true,
    doc: 'All read replicas, where there are several: reads go to each in turn. Default: DATABASE_REPLICA_URL.',
    example: 'postgres://shop@db-ro-1.internal:5432/shop,postgres://shop@db-ro-2.internal:5432/shop',
  }),
  DATABASE_MIGRATION_URL: row({
    part: 'database',
    schema: url('postgres:', 'postgresql:').optional(),
    type: 'postgres URL',
    secret: true,
    doc: 'Direct connection for migrations, past any pooler: the advisory lock needs one session. Default: DATABASE_URL.',
    example: 'postgres://shop@db.internal:5432/shop',
  }),
  DATABASE_MIGRATION_PASSWORD: row({
    part: 'database',
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'For migrations alone: password of DATABASE_MIGRATION_URL, where its user is another than that of DATABASE_URL. The server does not need it and should not have it. Default: the password of DATABASE_URL.',
    example: 'DATABASE_MIGRATION_PASSWORD_FILE=/run/secrets/database-owner-password',
  }),
  DATABASE_MIGRATION_SECRET_ARN: row({
    part: 'database',
    schema: text().startsWith('arn:', 'expected an ARN').optional(),
    type: 'ARN',
    doc: 'The same as a secret in AWS Secrets Manager, in the form of DATABASE_SECRET_ARN.',
    example: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1a2b',
  }),
  DATABASE_TLS: row({
    part: 'database',
    schema: z.enum(['verify-full', 'rds', 'disable'], 'expected verify-full, rds or disable').optional(),
    type: '`verify-full`, `rds` or `disable`',
    doc: 'Default: `verify-full`, or `disable` for a loopback host and in development. `rds` trusts the Amazon RDS authorities. `disable` is for a private network only.',
    example: 'verify-full',
  }),
  DATABASE_CA: row({
    part: 'database',
    schema: text().optional(),
    type: 'PEM',
    secret: true,
    doc: 'Authority that signed the database certificate.',
    example: 'DATABASE_CA_FILE=/run/secrets/database-ca.pem',
  }),
  DATABASE_POOL_SIZE: row({
    part: 'database',
    schema: integer(1, 500),
    type: 'connections per replica',
    default: '10',
    doc: 'Upper bound of connections to each of primary and read replica. Replicas x pool size must stay under the server limit.',
    example: '20',
  }),
  REDIS_URL: row({
    schema: url('redis:', 'rediss:').optional(),
    type: 'redis URL, rediss for TLS',
    secret: true,
    doc: 'Redis or Valkey, shared by all replicas for caches and rate limits. Unset: each process keeps its own.',
    example: 'rediss://cache.internal:6379',
  }),
  REDIS_PASSWORD: row({
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'As REDIS_PASSWORD_FILE it is read again at each reconnect.',
    example: 'REDIS_PASSWORD_FILE=/run/secrets/redis-password',
  }),
  REDIS_CA: row({
    schema: text().optional(),
    type: 'PEM',
    secret: true,
    doc: 'Authority that signed the Redis certificate.',
    example: 'REDIS_CA_FILE=/run/secrets/redis-ca.pem',
  }),
  CACHE_NAMESPACE: row({
    schema: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)?$/, 'expected a name, or two with a slash between them, of letters, digits, dots, hyphens')
      .optional(),
    type: '`stack` or `stack/environment`',
    doc: 'Whose pages the cache holds, where several stacks or environments share one Redis. The same for all replicas; the part after the slash changes with the variables that pages are rendered with. Default: a digest of the database’s host and name.',
    example: 'shop-prod/3f9c2a71',
  }),
  AUTH_SECRET: row({
    part: 'secrets',
    schema: text().min(32, 'expected at least 32 characters').optional(),
    type: 'at least 32 characters',
    secret: true,
    required: true,
    development: 'development-only-auth-secret-000000',
    doc: 'Signs what the application hands to browsers. Changing it signs everybody out, unless AUTH_SECRET_FALLBACK has the previous one.',
    example: 'openssl rand -base64 32',
  }),
  AUTH_SECRET_FALLBACK: row({
    part: 'secrets',
    schema: text().min(32, 'expected at least 32 characters').optional(),
    type: 'at least 32 characters',
    secret: true,
    doc: 'Accepted as well as AUTH_SECRET, and used for nothing new: while `slipway rotate` goes on, and for as long as sessions of before live.',
    example: 'AUTH_SECRET_FALLBACK_FILE=/run/secrets/auth-secret-fallback',
  }),
  AUTH_URL: row({
    schema: url('http:', 'https:'),
    type: 'origin',
    default: 'http://localhost:3000',
    doc: 'The address visitors use. Links in mail are built from it; with https, cookies are marked Secure.',
    example: 'https://shop.example.com',
  }),
  ENCRYPTION_KEY: row({
    part: 'secrets',
    schema: z
      .string()
      .refine((value) => Buffer.from(value, 'base64').length === 32, 'expected 32 bytes in base64')
      .optional(),
    type: '32 bytes, base64',
    secret: true,
    required: true,
    development: Buffer.alloc(32, 'development').toString('base64'),
    doc: 'Encrypts personal data at rest. Losing it loses that data; after a change ENCRYPTION_KEY_FALLBACK has the previous one.',
    example: 'openssl rand -base64 32',
  }),
  ENCRYPTION_KEY_FALLBACK: row({
    part: 'secrets',
    schema: z
      .string()
      .refine((value) => Buffer.from(value, 'base64').length === 32, 'expected 32 bytes in base64')
      .optional(),
    type: '32 bytes, base64',
    secret: true,
    doc: 'Opens what ENCRYPTION_KEY does not, and encrypts nothing new. Needed until nothing is left that it encrypted.',
    example: 'ENCRYPTION_KEY_FALLBACK_FILE=/run/secrets/encryption-key-fallback',
  }),
  EMAIL_API_KEY: row({
    part: 'mail',
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'Key of the mail provider. Unset in development: mail is written to the log. Unset in production: sign-in by mail is off and `/api/ready` says so.',
    example: 're_123',
  }),
  EMAIL_API_URL: row({
    part: 'mail',
    schema: url('http:', 'https:', 'log:'),
    type: 'URL, or `log:`',
    default: 'https://api.resend.com/emails',
    doc: 'Where mail is posted, as `{from, to, subject, text}` with the key as bearer. `log:` writes each mail, sign-in link included, to the log: only for a machine of your own.',
    example: 'log:',
  }),
  EMAIL_FROM: row({
    part: 'mail',
    schema: text(),
    type: 'mail address',
    default: 'Logbook <logbook@localhost>',
    doc: 'Sender of mail.',
    example: 'Shop <hello@shop.example.com>',
  }),
  STORAGE_BUCKET: row({
    part: 'storage',
    schema: text(),
    type: 'bucket name, or `file:///path`',
    default: 'file:///tmp/uploads',
    development: 'file:.data/uploads',
    doc: 'Where uploads go. A directory is for one replica only.',
    example: 'shop-uploads',
  }),
  STORAGE_REGION: row({
    part: 'storage',
    schema: text(),
    type: 'string',
    default: 'us-east-1',
    doc: 'Region of the bucket.',
    example: 'eu-central-1',
  }),
  STORAGE_ENDPOINT: row({
    part: 'storage',
    schema: url('http:', 'https:').optional(),
    type: 'URL',
    doc: 'Any other service with the S3 API. Unset: Amazon S3.',
    example: 'https://minio.internal:9000',
  }),
  STORAGE_ACCESS_KEY_ID: row({
    part: 'storage',
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'Unset: the role of the task or pod.',
    example: 'AKIA...',
  }),
  STORAGE_SECRET_ACCESS_KEY: row({
    part: 'storage',
    schema: text().optional(),
    type: 'string',
    secret: true,
    doc: 'Goes with STORAGE_ACCESS_KEY_ID.',
    example: 'STORAGE_SECRET_ACCESS_KEY_FILE=/run/secrets/storage-key',
  }),
  ASSETS_BUCKET: row({
    schema: text().optional(),
    type: 'bucket name',
    doc: 'Where `publish-assets.js` copies the static files of a release, for a CDN. The server does not use it.',
    example: 'shop-assets',
  }),
  ASSETS_REGION: row({
    schema: text().optional(),
    type: 'string',
    doc: 'Region of that bucket. Default: STORAGE_REGION.',
    example: 'eu-central-1',
  }),
  ASSETS_ENDPOINT: row({
    schema: url('https:', 'http:').optional(),
    type: 'URL',
    doc: 'Another service with the S3 API for that bucket. Unset: Amazon S3. Keys are found as the AWS SDK finds them.',
    example: 'https://minio.internal:9000',
  }),
  CLOUDFRONT_DISTRIBUTION_ID: row({
    schema: text()
      .regex(/^[A-Z0-9]+$/, 'expected the id of a distribution, such as E1A2B3C4D5E6F7')
      .optional(),
    type: 'id',
    doc: 'CloudFront distribution whose cache follows revalidateTag and revalidatePath. It takes `x-amz-meta-cache-tag` for the header of its cache tags; the role of the task may do `cloudfront:CreateInvalidation`. Unset: CloudFront does not hear of them.',
    example: 'E1A2B3C4D5E6F7',
  }),
  CLOUDFRONT_INVALIDATION_PATHS_PER_DAY: row({
    schema: integer(0, 1_000_000),
    type: 'tags per day',
    default: '100',
    doc: 'More than this are not invalidated at CloudFront, all replicas together where they share Redis: each costs $0.005 after the first 1,000 of an account and month.',
    example: '1000',
  }),
  SENTRY_DSN: row({
    // The SDK turns itself off where it cannot read the address, and says so to nobody.
    schema: url('https:', 'http:')
      .regex(/:\/\/\w+(:\w*)?@[\w.-]+(:\d+)?\/(.+\/)?\d+$/, 'expected a DSN as Sentry shows it: key@host/project')
      .optional(),
    type: 'URL',
    secret: true,
    doc: 'Error tracking on server and in browsers. Unset: off, and nothing of it is loaded.',
    example: 'https://key@o1.ingest.sentry.io/2',
  }),
  LOG_LEVEL: row({
    schema: z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'expected trace, debug, info, warn, error, fatal or silent',
    ),
    type: 'level',
    default: 'info',
    doc: 'JSON lines on standard output.',
    example: 'debug',
  }),
  METRICS_ENDPOINT: row({
    schema: url('http:', 'https:').optional(),
    type: 'OTLP/HTTP base URL',
    doc: 'Where traces are sent. Unset: no traces, and nothing of it is loaded.',
    example: 'http://collector:4318',
  }),
  METRICS_PORT: row({
    schema: integer(0, 65535),
    type: 'port',
    default: '9464',
    doc: 'Prometheus text at `/metrics`. Keep this port private. 0: off.',
    example: '9464',
  }),
  CACHE_TTL: row({
    schema: integer(1, 31_536_000),
    type: 'seconds',
    default: '300',
    doc: 'How long cached queries and pages are served before they are refreshed in the background.',
    example: '60',
  }),
  MAX_CONCURRENT_REQUESTS: row({
    schema: integer(1, 100_000),
    type: 'requests per replica',
    default: '500',
    doc: 'More than this at once are answered 503 with Retry-After. Health endpoints are exempt.',
    example: '200',
  }),
  MAX_REQUESTS_PER_ADDRESS: row({
    schema: integer(0, 100_000),
    type: 'requests per address and replica',
    default: '100',
    doc: 'One visitor has at most this many open at once, idle streams included; more are answered 429. IPv6 counts by /64. 0: no limit.',
    example: '50',
  }),
  MAX_CONCURRENT_IMAGES: row({
    schema: integer(1, 64),
    type: 'pictures per replica',
    default: '1',
    doc: 'Pictures that are resized at the same time; up to 100 more wait, the rest are answered 503. Each needs memory for its pixels: about 100 MB for WebP 3840 wide; AVIF needs three times as much and is sent as WebP where that would be more than a quarter of the container.',
    example: '2',
  }),
  TRUSTED_PROXIES: row({
    schema: integer(0, 10),
    type: 'number of proxies',
    default: '0',
    doc: 'Proxies of your own in front of this server. The visitor has the address that the outermost of them saw: that many entries of X-Forwarded-For, counted from the end, are believed. 0: none, the connection itself counts.',
    example: '1',
  }),
  ALLOWED_HOSTS: row({
    schema: text().optional(),
    type: 'host names, separated by commas',
    doc: 'Further hosts under which visitors reach this application. A request for one of them sees it in `request.url`; every other sees AUTH_URL. Those of `i18n.domains` are known.',
    example: 'www.shop.example.com,shop.example.org',
  }),
  PORT: row({ schema: integer(0, 65535), type: 'port', default: '3000', doc: 'Where the server listens.', example: '3000' }),
  HOSTNAME: row({
    schema: text(),
    type: 'address',
    default: '::',
    doc: 'Address the server listens on. `::` takes IPv6 and IPv4, or IPv4 alone where the system has no IPv6.',
    example: '127.0.0.1',
  }),
  KEEP_ALIVE_TIMEOUT: row({
    schema: integer(0, 3_600_000),
    type: 'milliseconds',
    default: '70000',
    doc: 'Idle connections close after this. Longer than the idle time of the load balancer (60 s on an ALB), or it reuses a connection that has just closed and answers 502.',
    example: '70000',
  }),
  SHUTDOWN_DELAY_SECONDS: row({
    schema: integer(0, 600),
    type: 'seconds',
    default: '5',
    development: '0',
    doc: 'After SIGTERM `/api/ready` fails for this long while requests are still served, so that routing moves away first.',
    example: '15',
  }),
  SHUTDOWN_GRACE_SECONDS: row({
    schema: integer(0, 600),
    type: 'seconds',
    default: '25',
    doc: 'Then running requests and background work have this long to finish. Delay plus grace must be less than what the platform waits before SIGKILL.',
    example: '25',
  }),
  RELEASE: row({
    schema: text(),
    type: 'string',
    // On Vercel no image carries it, and the platform tells the commit.
    default: process.env.VERCEL_GIT_COMMIT_SHA || 'unknown',
    doc: 'Reported by `/api/ready`, logs and Sentry. The image carries its VERSION build argument here.',
    example: '1.4.0',
  }),
} as const
