#!/usr/bin/env node
// npm create slipway infra -- --target aws-ecs: makes the folder, installs Slipway in it, and has it write the rest.
'use strict'
const { spawnSync } = require('node:child_process')
const { existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs')
const { basename, join, resolve } = require('node:path')
const { version } = require('./package.json')

const help = `Usage: npm create slipway [folder] -- [options of slipway init]

Makes the folder (default: infra), installs Slipway in it and writes the project. Your application stays as it is.

  --package <what>  what to install (default: slipway@^${version}), such as a tarball
  --help            this text; npx slipway init --help shows the other options, once it is installed
`

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help)
  process.exit(0)
}
const what = take('--package') ?? `slipway@^${version}`
const folder = args.length > 0 && !args[0].startsWith('-') ? args.shift() : 'infra'
const target = resolve(folder)

if (existsSync(target) && readdirSync(target).length > 0) {
  console.error(`${folder} is not empty. Nothing was written. To add a stack to it: cd ${folder} && npx slipway init --stack NAME`)
  process.exit(1)
}
mkdirSync(target, { recursive: true })
// A package of its own: the cloud's SDKs have no place among an application's dependencies.
writeFileSync(join(target, 'package.json'), `${JSON.stringify({ name: basename(target), private: true }, null, 2)}\n`)
console.log(`Installing ${what} in ${folder}`)
run('npm', ['install', '--no-audit', '--no-fund', what.startsWith('.') ? resolve(what) : what], target)
// Those of the target alone: the SDKs of all are hundreds of MB.
const slipway = join(target, 'node_modules', 'slipway')
const { sdks } = require(join(slipway, 'dist', 'stacks', 'targets.js')).targetDefinitions[option('--target') ?? 'docker'] ?? { sdks: [] }
const { peerDependencies } = require(join(slipway, 'package.json'))
run('npm', ['install', '--no-audit', '--no-fund', ...[...sdks, '@pulumi/policy'].map((name) => `${name}@${peerDependencies[name]}`)], target)
run(process.execPath, [join(slipway, 'tools', 'slipway.cjs'), 'init', folder, ...args], process.cwd())

function option(name) {
  const at = args.findIndex((word) => word === name || word.startsWith(`${name}=`))
  return at === -1 ? undefined : args[at].includes('=') ? args[at].slice(name.length + 1) : args[at + 1]
}

function take(option) {
  const at = args.indexOf(option)
  return at === -1 ? undefined : args.splice(at, 2)[1]
}

function run(command, parameters, cwd) {
  const { status, error } = spawnSync(command, parameters, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined) console.error(`${command} could not be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}
