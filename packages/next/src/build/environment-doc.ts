import { readFileSync, writeFileSync } from 'node:fs'
import { register } from 'prom-client'
import { metrics } from '../observe/metrics.js'
import { type Variable, variables } from '../variables.js'

/** `npm run docs:environment` writes docs/environment.md; `--check` fails when it is out of date. */
const file = new URL('../../../../docs/environment.md', import.meta.url)

function variableRow([name, variable]: [string, Variable]) {
  const fallback = variable.required ? 'required in production' : variable.default ? `\`${variable.default}\`` : 'unset'
  return `| \`${name}\`${variable.secret ? ' or `_FILE`' : ''} | ${variable.type} | ${fallback} | ${variable.doc} | \`${variable.example}\` |`
}

interface Described {
  name: string
  help: string
  type: unknown
  labelNames?: string[]
}

function metricRow(metric: Described) {
  return `| \`${metric.name}\` | ${String(metric.type)} | ${(metric.labelNames ?? []).map((label) => `\`${label}\``).join(', ')} | ${metric.help} |`
}

async function page() {
  const described = Object.values(metrics).map((metric) => ({
    ...(metric as unknown as Omit<Described, 'type'>),
    type: kind(metric),
  }))
  return `<!-- Generated from packages/next/src/variables.ts and packages/next/src/observe/metrics.ts by \`npm run docs:environment\` in packages/next/. -->

# Environment

Everything the application wants to know from whatever runs it, with the same names on every target.
The server checks all of it before it opens a port: what is wrong is listed at once, no value is repeated,
and the exit code is 78.

A variable marked \`_FILE\` may instead be given as \`NAME_FILE\`, the path of a file that holds the value
(a newline at its end is ignored). Giving both is an error. An empty variable counts as unset.

| variable | type | default | meaning | example |
|---|---|---|---|---|
${(Object.entries(variables) as [string, Variable][]).map(variableRow).join('\n')}

Build arguments of the image: \`NODE_IMAGE\` (base), \`DEPLOYMENT_ID\` (letters, digits, \`-\`, \`_\`; a new one for each
release; not given, it is made of the sources), \`VERSION\` (becomes \`RELEASE\`), \`REVISION\`, \`SOURCE\`, \`SOURCE_DATE_EPOCH\`. Build secrets:
\`server_actions_key\` (32 bytes in base64, the same for every build) and, for networks that re-sign TLS, \`ca\` (PEM).

## Commands

All run in the working directory \`/app\` of the image, as user 1001:1001, with a read-only root file system, a
tmpfs on \`/tmp\` and no capabilities. Node.js is process 1: it handles signals itself and starts no children.

| command | what it does | exit codes |
|---|---|---|
| \`["node", "--max-semi-space-size=32", "server.js"]\` | serves on \`PORT\`, metrics on \`METRICS_PORT\` | 0 stopped with nothing lost; 1 the grace period was too short; 78 wrong environment |
| \`["node", "publish-assets.js"]\` | copies the static files of the release to ASSETS_BUCKET, below \`_next/static/\`; deletes nothing, may be run again | 0 copied; 1 failed; 78 wrong environment |
| \`["node", "migrate.js"]\` | applies missing migrations under an advisory lock, waiting up to 60 s for the database; with \`--seed\` it adds a few entries to an empty log | 0 applied or nothing to do; 1 failed, nothing applied; 78 wrong environment |

## Endpoints

| path | port | answers |
|---|---|---|
| \`/api/health\` | \`PORT\` | 200 while the process answers. It asks nothing else: use it for liveness |
| \`/api/ready\` | \`PORT\` | 200 \`ready\` or \`degraded\` (cache, replica or mail missing), 503 \`unavailable\` (no database) or \`draining\`. Use it for routing |
| \`/metrics\` | \`METRICS_PORT\` | Prometheus text. Keep the port private |

## Stopping

At SIGTERM \`/api/ready\` fails and answers carry \`Connection: close\` for \`SHUTDOWN_DELAY_SECONDS\`; then the port closes,
running requests and background work get \`SHUTDOWN_GRACE_SECONDS\`, telemetry is flushed, pools are closed. Give the
platform at least delay + grace + 5 s before it kills. The delay must be longer than the load balancer needs to
notice: failing probes x (interval + timeout).

## Metrics

\`route\` is the route as Next.js knows it (\`/entries/[slug]\`), \`/_next/static\`, \`/_next/image\` or \`other\`: a fixed set.
\`status\` 499 means that the client went away first.

| name | type | labels | meaning |
|---|---|---|---|
${described.map(metricRow).join('\n')}
| \`app_info\` | gauge | \`release\` | Always 1; the release is the label. |
| \`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_eventloop_lag_seconds\`, \`process_resident_memory_bytes\`, \`process_cpu_seconds_total\`, \`nodejs_heap_size_used_bytes\`, \`nodejs_gc_duration_seconds\`, ... | | | The defaults of prom-client. |
`
}

const kind = (metric: object) => metric.constructor.name.toLowerCase()

const text = await page()
register.clear()
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/environment.md is out of date: run `npm run docs:environment`')
    process.exit(1)
  }
} else writeFileSync(file, text)
