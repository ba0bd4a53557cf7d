import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Compiles src/ to JavaScript and types in dist/ when something has changed. npm runs it where the package is packed, or
 * installed from this folder; a fresh clone gets the compiler first. `--into FOLDER` also brings a copy that is installed
 * there up to date: for the demo application, while both are worked on.
 */
const target = process.argv[2] === '--into' ? resolve(process.argv[3]) : undefined
process.chdir(import.meta.dirname)

const sources = fs.readdirSync('src', { recursive: true }).map((file) => join('src', file))
const changed = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
const built = 'dist/.built'
if (
  Math.max(...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'build.mjs', ...sources].map(changed)) > changed(built)
) {
  if (!fs.existsSync('node_modules/typescript')) run('npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts')
  fs.rmSync('dist', { recursive: true, force: true })
  run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  fs.chmodSync('dist/build/cli.js', 0o755)
  fs.writeFileSync(built, '')
}
if (target && changed(join(target, built)) < changed(built)) {
  fs.rmSync(join(target, 'dist'), { recursive: true, force: true })
  for (const file of ['dist', 'package.json']) fs.cpSync(file, join(target, file), { recursive: true })
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`)
}
