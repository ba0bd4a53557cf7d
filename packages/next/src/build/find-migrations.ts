import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * What `node migrate.js` runs. An application may say it in `db/migrate.ts` (or .js, .mjs; or below src/), with
 * `runMigrations`. Otherwise the folder that drizzle-kit or Prisma keeps is applied as it is; without one there is nothing
 * to do, which is no error.
 */
export function findMigrations(project: string, here: string): { entry: string; folder?: string } {
  const [own] = globSync(join(project, '{db,src/db}/migrate.{ts,js,mjs}'))
  const places = '{.,db,drizzle,lib/db,migrations,prisma,src/db,src/lib/db,src/prisma,src/server/db}'
  const [marker] = globSync(join(project, places, '{.,drizzle,migrations}', '{meta/_journal.json,migration_lock.toml}')).sort()
  const folder = marker && (marker.endsWith('.json') ? dirname(dirname(marker)) : dirname(marker))
  return { entry: own ?? join(here, 'data/migrate-found.js'), folder }
}
