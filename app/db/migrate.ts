import { runMigrations } from '@slipway/next/migrate'
import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
import { seed } from './seed'

await runMigrations({ seed: (client) => seed(drizzle(client, { schema, casing: 'snake_case' })) })
