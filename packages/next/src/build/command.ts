import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { init } from './init.js'
import { managerOf, managerProblems, workspaceRoot } from './project.js'

const usage = `Usage: slipway-next <command>

  build [...]   build the application, with what runs it in production, into .next/standalone.
                Runs the script "build" of package.json, or \`next build\`; arguments are passed on
  init          write Dockerfile and .dockerignore, unless there are any
`

const [command, ...rest] = process.argv.slice(2)
if (command === 'build') build(rest)
else if (command === 'init') init(process.cwd())
else {
  console.error(usage)
  process.exit(command === undefined || command === '--help' || command === 'help' ? 0 : 64)
}

function build(args: string[]) {
  const project = process.cwd()
  const [problem] = managerProblems(project)
  if (problem) return fail(problem)
  const requireHere = createRequire(join(project, 'package.json'))
  let next: string
  try {
    next = requireHere.resolve('next/dist/bin/next')
  } catch {
    return fail(`Next.js is not installed in ${project}: run this in the folder of the application, after an install`)
  }
  rmSync(join(project, '.next/standalone'), { recursive: true, force: true })

  const { scripts = {} } = existsSync('package.json')
    ? (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts?: Record<string, string> })
    : {}
  // A script of the application's own may do more than `next build`; one that calls this command would call it without end.
  const own = scripts.build && !scripts.build.includes('slipway-next')
  const [file, ...before] = own
    ? [managerOf(project).name, 'run', 'build', ...(args.length > 0 ? ['--'] : [])]
    : [process.execPath, next, 'build']
  const { status, error } = spawnSync(file as string, [...before, ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      NEXT_ADAPTER_PATH: join(import.meta.dirname, 'adapter.js'),
      // Next.js takes the outermost folder with a lock file for the root of what is traced; only a workspace has one further up.
      NEXT_PRIVATE_OUTPUT_TRACE_ROOT: process.env.NEXT_PRIVATE_OUTPUT_TRACE_ROOT ?? workspaceRoot(project) ?? project,
      PATH: `${join(project, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
    },
  })
  if (status !== 0) return fail(error ? String(error) : `the build ended with ${status}`)
  if (!existsSync(join(project, '.next/standalone/migrate.js')))
    fail('the build went by without @slipway/next: does the script "build" call `next build`, and does the environment reach it?')
}

function fail(reason: string) {
  console.error(`slipway-next: ${reason}`)
  process.exit(1)
}
