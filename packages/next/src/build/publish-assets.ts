import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { EnvironmentError, env, readEnv } from '../env.js'
import { log } from '../observe/log.js'
import { filesBelow, staticHeaders } from '../server/static-files.js'
import { shared } from '../shared.js'
import { readDescription } from './description.js'

/** More at once would only queue inside of the client: it opens 50 connections. */
const atOnce = 32
/** Replicas wait for this step, and start without it when it fails: the running release serves its own files too. */
const deadlineMs = 60_000

/**
 * `node publish-assets.js`: copies .next/static to the bucket from which the CDN serves the files of this release and
 * of those before it. It only ever puts: names carry a hash of the content, so the same file again is the same object,
 * made new, and the bucket's own rule deletes by age what no release has put for long. It needs no other permission.
 */
async function main() {
  // Like the migration it gets what it needs of the environment, and nothing of the application's.
  const settings = shared('env', () => readEnv(process.env, { partial: true, parts: ['storage'] }))
  const { ASSETS_BUCKET: Bucket, ASSETS_REGION, ASSETS_ENDPOINT: endpoint, STORAGE_REGION } = settings
  if (!Bucket) throw new EnvironmentError(['ASSETS_BUCKET is required to publish: bucket name, for example shop-assets'])

  const { PutObjectCommand, S3Client } = await import('../data/aws-s3.js')
  // Uploads may be kept by another provider under keys of their own; these files open by the role of the task.
  const client = new S3Client({
    region: ASSETS_REGION ?? STORAGE_REGION,
    endpoint,
    forcePathStyle: Boolean(endpoint),
    requestHandler: { connectionTimeout: 3000, requestTimeout: 15_000 },
  })
  const abortSignal = AbortSignal.timeout(deadlineMs)
  const { basePath, distDir } = readDescription(import.meta.dirname)
  const folder = join(import.meta.dirname, '..', distDir, 'static')
  const files = await filesBelow(folder)
  const waiting = files.values()
  let bytes = 0
  const before = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const file of waiting) {
        const Body = await readFile(join(folder, file))
        const Key = `${basePath.replace(/^\//, '')}${basePath && '/'}_next/static/${file.split(sep).join('/')}`
        await client.send(new PutObjectCommand({ Bucket, Key, Body, ...staticHeaders(file) }), { abortSignal })
        bytes += Body.length
      }
    }),
  )
  const seconds = Number(((performance.now() - before) / 1000).toFixed(2))
  log().info({ bucket: Bucket, files: files.length, bytes, seconds }, 'static files published')
}

main().catch((error: unknown) => {
  if (error instanceof EnvironmentError) console.error(error.message)
  else log().error({ err: error, bucket: env().ASSETS_BUCKET }, 'static files could not be published')
  process.exitCode = error instanceof EnvironmentError ? 78 : 1
})
