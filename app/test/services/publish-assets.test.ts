import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { filesBelow } from '../../../packages/next/src/server/static-files'
import { Aws } from '../support/aws'

const folder = '.next/standalone/.next/static'

describe('static files for a CDN', function () {
  this.timeout(300_000)
  let aws: Aws
  let s3: S3Client

  before(async function () {
    const started = await Aws.start()
    if (typeof started === 'string') {
      console.log(`      Skipped. Missing:\n        ${started}`)
      return this.skip()
    }
    aws = started
    const { endpoint, region } = aws
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const
    await s3.send(new CreateBucketCommand({ Bucket: 'shop-assets', CreateBucketConfiguration }))
  })
  after(() => aws?.remove())

  const publish = (settings: Record<string, string> = {}) =>
    spawnSync(process.execPath, ['publish-assets.js'], {
      cwd: '.next/standalone',
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        ASSETS_ENDPOINT: aws.endpoint,
        ASSETS_REGION: aws.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ...settings,
      } as NodeJS.ProcessEnv,
    })
  const keys = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: 'shop-assets' }))).Contents ?? []).map(({ Key }) => Key).sort()

  it('are where the site asks for them, each with its type, for a year, and are what was built', async () => {
    const old = '_next/static/chunks/of-a-release-before.js'
    await s3.send(new PutObjectCommand({ Bucket: 'shop-assets', Key: old, Body: 'old' }))
    const { status, stdout, stderr } = publish({ ASSETS_BUCKET: 'shop-assets' })
    assert.equal(status, 0, stdout + stderr)

    const files = await filesBelow(folder)
    assert.ok(files.length > 10)
    assert.deepEqual(await keys(), [old, ...files.map((file) => `_next/static/${file}`)].sort())
    const types = new Set<string | undefined>()
    for (const file of files) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'shop-assets', Key: `_next/static/${file}` }))
      assert.equal(object.CacheControl, 'public, max-age=31536000, immutable')
      const body = Buffer.from((await object.Body?.transformToByteArray()) as Uint8Array)
      assert.ok(body.equals(readFileSync(`${folder}/${file}`)), file)
      types.add(object.ContentType)
    }
    assert.ok(types.has('text/javascript; charset=utf-8') && types.has('text/css; charset=utf-8') && types.has('font/woff2'))
    assert.ok(!types.has('application/octet-stream'))
    assert.match(stdout, new RegExp(`"files":${files.length},.*static files published`))
  })

  it('may be published again: the same objects, made new', async () => {
    const before = await keys()
    assert.equal(publish({ ASSETS_BUCKET: 'shop-assets' }).status, 0)
    assert.deepEqual(await keys(), before)
  })

  it('take the region of uploads where none is given', () => {
    const settings = { ASSETS_BUCKET: 'shop-assets', ASSETS_REGION: '', STORAGE_REGION: aws.region }
    assert.equal(publish(settings).status, 0)
  })

  it('say that they could not be published, and which bucket it was', () => {
    const { status, stdout } = publish({ ASSETS_BUCKET: 'not-there' })
    assert.equal(status, 1)
    assert.match(stdout, /NoSuchBucket.*"bucket":"not-there".*could not be published/)
  })

  it('need a bucket to be named', () => {
    const { status, stderr } = publish()
    assert.equal(status, 78)
    assert.match(stderr, /ASSETS_BUCKET is required to publish/)
  })
})
