import { runMigrations } from '@slipway/next/migrate'
import * as schema from './schema'
import { seed } from './seed'

await runMigrations({ schema, seed })
