// Loaded only with DATABASE_SECRET_ARN; see aws-s3.ts.
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
