import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { shared } from './shared.js'
import { allParts, type Part, type Variable, variables } from './variables.js'

type Name = keyof typeof variables
export type Env = { readonly [K in Name]: z.output<(typeof variables)[K]['schema']> }
export type Source = Record<string, string | undefined>

export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The environment has ${problems.length} problem${problems.length === 1 ? '' : 's'}. Nothing was started.\n\n${problems.map((problem) => `  ${problem}`).join('\n')}\n\nEvery variable is described in docs/environment.md.`,
    )
    this.name = 'EnvironmentError'
  }
}

interface ReadOptions {
  /** For commands that need only some of what is required. Default: false */
  partial?: boolean
  /** Whose variables are demanded and checked, beside those of the server. Default: all */
  parts?: readonly Part[]
}

/** Reads and checks everything at once; the error never repeats a value. */
export function readEnv(source: Source = process.env, { partial = false, parts = allParts }: ReadOptions = {}): Env {
  // A build runs as production too, without any of the settings it will be run with.
  const production = source.NODE_ENV === 'production' && source.NEXT_PHASE !== 'phase-production-build'
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  // A PostgreSQL that is named is asked how it is, whatever the application reaches it with.
  const checked = /^postgres(ql)?:/.test(source.DATABASE_URL ?? '') ? [...parts, 'database'] : parts

  for (const [name, variable] of Object.entries(variables) as [Name, Variable][]) {
    const foreign = variable.part !== undefined && !checked.includes(variable.part)
    const demanded = variable.required && (!variable.part || parts.includes(variable.part))
    const found = foreign ? [] : problems
    const given = read(name, variable, source, found)
    const value = given ?? (production ? undefined : variable.development) ?? variable.default
    if (value === undefined && production && demanded) {
      if (partial) continue
      problems.push(
        `${name}${variable.secret ? ` or ${name}_FILE` : ''} is required: ${variable.type}, for example ${variable.example}`,
      )
      continue
    }
    const parsed = variable.schema.safeParse(value)
    if (parsed.success) values[name] = parsed.data
    else found.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join(', ')}`)
  }

  for (const prefix of ['DATABASE_', 'DATABASE_MIGRATION_']) {
    const passwords = ['PASSWORD', 'PASSWORD_FILE', 'SECRET_ARN'].map((name) => prefix + name).filter((name) => source[name])
    if (passwords.includes(`${prefix}SECRET_ARN`) && passwords.length > 1)
      problems.push(`${passwords.join(' and ')} are both set: keep one`)
  }
  if (parts.includes('storage') && Boolean(values.STORAGE_ACCESS_KEY_ID) !== Boolean(values.STORAGE_SECRET_ACCESS_KEY))
    problems.push('STORAGE_ACCESS_KEY_ID and STORAGE_SECRET_ACCESS_KEY go together: one is missing')

  if (problems.length > 0) throw new EnvironmentError(problems)
  return Object.freeze(values) as Env
}

function read(name: Name, variable: Variable, source: Source, problems: string[]): string | undefined {
  const direct = source[name] || undefined // an empty variable is how Compose and CI spell "unset"
  const file = variable.secret ? source[`${name}_FILE`] || undefined : undefined
  if (!file) return direct
  try {
    const content = readSecretFile(file)
    // The server gives the application what is in the file under the plain name too: server/secrets.ts.
    if (direct && direct !== content) problems.push(`${name} and ${name}_FILE are both set: keep one`)
    return content
  } catch (error) {
    problems.push(`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`)
    return direct ?? ''
  }
}

/** Mounted secrets usually end in a newline that is not part of them. */
export const readSecretFile = (path: string) => readFileSync(path, 'utf8').replace(/\r?\n$/, '')

/** The environment of this process: read at first use, so that a build needs none of it. */
export const env = () => shared('env', () => readEnv(process.env, { parts: [] }))

/**
 * The environment, with what a part of this package cannot do without. The mark is found in the code of an application that
 * uses the part (adapter.ts), so that its server demands these variables before it opens a port.
 */
export const needs = (mark: `slipway:part:${Part}`) =>
  shared(mark, () => readEnv(process.env, { parts: [mark.slice('slipway:part:'.length) as Part] }))

/** For the server: checks for every part that the build says is used, and remembers that it has. */
export function checkEnvironment(parts: readonly Part[]): Env {
  const checked = shared('env', () => readEnv(process.env, { parts }))
  for (const part of parts) shared(`slipway:part:${part}`, () => checked)
  return checked
}
