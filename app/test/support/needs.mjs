import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * `node test/support/needs.mjs build postgres redis chromium docker`: says plainly
 * what a suite lacks and exits 3, which means skipped, not failed.
 */
const postgresHome = '/usr/lib/postgresql'
const postgresFolders = existsSync(postgresHome)
  ? readdirSync(postgresHome).map((version) => join(postgresHome, version, 'bin'))
  : []
export const onPath = (name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name))
const first = (candidates) => candidates.find((path) => existsSync(path))

export const findPostgres = () =>
  first([...postgresFolders, ...process.env.PATH.split(delimiter)].map((folder) => join(folder, 'initdb')))?.replace(
    /initdb$/,
    '',
  )
export const findRedis = () => first([...onPath('valkey-server'), ...onPath('redis-server')])
export const findChromium = () => first([...onPath('chromium'), ...onPath('chromium-browser'), ...onPath('google-chrome')])
// Debian's client brings its own BuildKit client; another one found first may lack the plugin.
export const findDocker = () => first(['/usr/bin/docker', ...onPath('docker')])

const needs = {
  build: () => existsSync('.next/standalone/server.js') || 'the production build: run `npm run build` first',
  postgres: () => Boolean(findPostgres()) || 'PostgreSQL (initdb): install the package postgresql',
  redis: () => Boolean(findRedis()) || 'Redis or Valkey: install the package redis-server or valkey-server',
  chromium: () => Boolean(findChromium()) || 'Chromium: install the package chromium',
  docker: () => Boolean(findDocker()) || 'Docker: install the package docker.io',
}

if (process.argv[1] === import.meta.filename) {
  const missing = process.argv
    .slice(2)
    .map((need) => needs[need]())
    .filter((answer) => answer !== true)
  if (missing.length > 0) {
    console.error(`Skipped. Missing:\n${missing.map((what) => `  ${what}`).join('\n')}`)
    process.exit(3)
  }
}
