import { runMigrations } from './migrate.js'

await runMigrations()
