import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { needs } from '../env.js'
import { shared } from '../shared.js'

const settings = () => needs('slipway:part:storage')

export interface Storage {
  put(key: string, body: Buffer, contentType: string): Promise<void>
  /** Undefined when there is nothing under this key. */
  get(key: string): Promise<Buffer | undefined>
  delete(key: string): Promise<void>
}

/** Keys are made by this program, never by a visitor; anything else is refused before it reaches a path or a bucket. */
export const isKey = (key: string) => /^[a-z0-9-]{1,64}\.(avif|webp|png|jpg)$/.test(key)

export const storage = () =>
  shared('storage', () => (settings().STORAGE_BUCKET.startsWith('file:') ? disk(settings().STORAGE_BUCKET) : s3()))

/** `file:///absolute` or, in development, `file:relative`. */
function disk(location: string): Storage {
  const folder = resolve(location.replace(/^file:(\/\/)?/, ''))
  return {
    async put(key, body) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, key), body)
    },
    get: (key) => readFile(join(folder, key)).catch(absent('ENOENT')),
    delete: (key) => rm(join(folder, key), { force: true }),
  }
}

function s3(): Storage {
  const {
    STORAGE_BUCKET: Bucket,
    STORAGE_REGION: region,
    STORAGE_ENDPOINT: endpoint,
    STORAGE_ACCESS_KEY_ID: accessKeyId,
    STORAGE_SECRET_ACCESS_KEY: secretAccessKey,
  } = settings()
  const opened = import('./aws-s3.js').then((sdk) => ({
    sdk,
    client: new sdk.S3Client({
      region,
      endpoint,
      forcePathStyle: Boolean(endpoint),
      credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    }),
  }))
  return {
    async put(Key, Body, ContentType) {
      const { sdk, client } = await opened
      await client.send(
        new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl: 'public, max-age=31536000, immutable' }),
      )
    },
    async get(Key) {
      const { sdk, client } = await opened
      const object = await client.send(new sdk.GetObjectCommand({ Bucket, Key })).catch(absent('NoSuchKey'))
      return object?.Body && Buffer.from(await object.Body.transformToByteArray())
    },
    async delete(Key) {
      const { sdk, client } = await opened
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }))
    },
  }
}

const absent = (name: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === name || error.name === name) return undefined
  throw error
}
