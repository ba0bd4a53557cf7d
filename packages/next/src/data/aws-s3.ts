// Loaded only where files are in S3. A file of its own: esbuild gives a CommonJS package that is imported late no names.
export { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
