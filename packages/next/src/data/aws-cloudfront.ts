// Loaded only with CLOUDFRONT_DISTRIBUTION_ID; see aws-s3.ts.
export { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
