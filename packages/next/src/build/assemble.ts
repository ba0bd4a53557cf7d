import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { descriptionFile, readDescription } from './description.js'
import { findMigrations } from './find-migrations.js'

/**
 * `node assemble.js PROJECT DIST`: into Next.js' standalone output what Next.js does not write, in `.slipway/` beside the
 * application. `server.js`, `migrate.js` and `publish-assets.js` at the top start it, wherever in a workspace the
 * application is.
 */
const [project = process.cwd(), dist = join(project, '.next')] = process.argv.slice(2)
const here = join(import.meta.dirname, '..')
const description = readDescription(dist)
// Where the guide, the Dockerfile and the command look for it, wherever Next.js was told to build (`distDir`).
const standalone = join(project, '.next/standalone')
const written = join(dist, 'standalone')
if (written !== standalone && fs.existsSync(written)) {
  fs.rmSync(standalone, { recursive: true, force: true })
  fs.mkdirSync(join(project, '.next'), { recursive: true })
  fs.renameSync(written, standalone)
}
const application = join(standalone, description.appFolder)
const own = join(application, '.slipway')

fs.rmSync(own, { recursive: true, force: true })
fs.mkdirSync(own, { recursive: true })
fs.writeFileSync(join(own, 'package.json'), JSON.stringify({ type: 'module' }))
fs.copyFileSync(join(dist, descriptionFile), join(own, descriptionFile))

const nextServer = join(application, 'next-server.js')
if (!fs.existsSync(nextServer)) fs.renameSync(join(application, 'server.js'), nextServer)
fs.cpSync(join(dist, 'static'), join(application, description.distDir, 'static'), { recursive: true })
if (fs.existsSync(join(project, 'public'))) fs.cpSync(join(project, 'public'), join(application, 'public'), { recursive: true })
for (const trace of fs.globSync(join(application, description.distDir, '**/*.nft.json'))) fs.rmSync(trace)

wrapInstrumentation()
const { entry: migrate, folder } = findMigrations(project, here)
if (folder) fs.cpSync(folder, join(own, 'migrations'), { recursive: true })
await bundle({
  server: join(here, 'server/server.js'),
  'publish-assets': join(here, 'build/publish-assets.js'),
  migrate,
})
for (const name of ['server', 'migrate', 'publish-assets']) {
  const target = `./${[...(description.appFolder === '.' ? [] : [description.appFolder]), '.slipway'].join('/')}/${name}.js`
  // Valid in a CommonJS package and in a module.
  fs.writeFileSync(join(standalone, `${name}.js`), `import(${JSON.stringify(target)})\n`)
}
console.log(`\n@slipway/next: ${relative(process.cwd(), standalone) || standalone} runs with \`node server.js\``)
if (description.uses.length > 0) console.log(`  settings are needed for: ${description.uses.join(', ')}`)
for (const path of ['/api/health', '/api/ready'])
  if (description.routes.some(({ route }) => route === path))
    console.log(`  ${path} is answered by a route of the application, not by @slipway/next: probes must like its answers`)

const { status } = spawnSync(process.execPath, [join(here, 'build/warm-up.js'), standalone], { stdio: 'inherit' })
if (status !== 0)
  console.warn('  The server did not start when it was tried, without any of its settings. It will start without compiled code.')

async function bundle(entryPoints: Record<string, string>) {
  await build({
    entryPoints,
    outdir: own,
    bundle: true,
    splitting: true,
    chunkNames: 'part-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    // Packages in CommonJS ask for these.
    banner: {
      js: "import{createRequire as slipwayRequire}from'node:module';const require=slipwayRequire(import.meta.url);const __filename=import.meta.filename,__dirname=import.meta.dirname;",
    },
    // Next.js itself is in the standalone output; these are optional parts of others that nothing here uses.
    external: ['next', 'next/*', 'pg-native', 'sharp', '@electric-sql/pglite', 'drizzle-orm/pglite', 'drizzle-orm/pglite/*'],
    nodePaths: [join(project, 'node_modules')],
    logLevel: 'warning',
  })
}

/**
 * Next.js loads this file, when there is one, before it serves anything. The application's own stays as it is, behind one
 * that also logs, counts and reports errors.
 */
function wrapInstrumentation() {
  const folder = join(application, description.distDir, 'server')
  const file = join(folder, 'instrumentation.js')
  const kept = join(folder, 'instrumentation-of-application.js')
  const ours = "Symbol.for('slipway')"
  if (fs.existsSync(file) && !fs.readFileSync(file, 'utf8').includes(ours)) fs.renameSync(file, kept)
  fs.writeFileSync(
    file,
    `${fs.existsSync(kept) ? "const load = () => require('./instrumentation-of-application.js')" : 'const load = () => undefined'}
const found = load()
const application = Promise.resolve(found).then((module) => (module && module.default && !module.register ? module.default : module) || {})
exports.register = async () => (await application).register?.()
exports.onRequestError = async (...details) => {
  await globalThis[Symbol.for('slipway')]?.get('on-request-error')?.(...details)
  await (await application).onRequestError?.(...details)
}
`,
  )
}
