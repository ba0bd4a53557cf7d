import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, eventually, migrate } from '../support/app'
import { Postgres } from '../support/services'

interface Row {
  readonly id: string
  readonly prometheus?: { readonly application?: string }
}

/** The alarm as it is deployed: a row of the table that every target renders. By its path: the app does not know the rest. */
async function queryOf(id: string): Promise<string> {
  const table = new URL('../../../components/monitoring/signals.ts', import.meta.url).href
  const { signals } = (await import(table)) as { signals: readonly Row[] }
  const query = signals.find((row) => row.id === id)?.prometheus?.application
  assert.ok(query, `no query for ${id}`)
  return query.replaceAll('$job', 'app')
}

/** Whether Prometheus itself finds the value at 100 percent, over what the application says. */
function isFull(query: string, metrics: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'alarms-'))
  try {
    const series = metrics
      .split('\n')
      .filter((line) => /^db_pool_/.test(line))
      .map((line) => {
        const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
        return { series: `${name}{job="app"${labels ? `,${labels}` : ''}}`, values: `${value}x5` }
      })
    assert.ok(series.length > 0, metrics)
    const full = { expr: `(${query}) > 80`, eval_time: '2m', exp_samples: [{ labels: '{}', value: 100 }] }
    const test = { interval: '1m', input_series: series, promql_expr_test: [full] }
    writeFileSync(join(folder, 'test.yaml'), JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
    chmodSync(folder, 0o755)
    const { status, stderr, stdout } = promtool(folder)
    const said = `${stdout}${stderr}`
    assert.ok(status === 0 || /got:/.test(said), said)
    return status === 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const image = process.env.PROMETHEUS_IMAGE ?? 'slipway-bed/prometheus:latest'
const own = spawnSync('promtool', ['--version']).status === 0
const inImage = () => spawnSync('docker', ['image', 'inspect', image]).status === 0

function promtool(folder: string) {
  const args = ['test', 'rules', `${folder}/test.yaml`]
  return own
    ? spawnSync('promtool', args, { encoding: 'utf8' })
    : spawnSync(
        'docker',
        ['run', '--rm', '--network=none', '-v', `${folder}:${folder}:ro`, '--entrypoint=promtool', image, ...args],
        { encoding: 'utf8' },
      )
}

describe('the alarm on the database pool', function () {
  this.timeout(60_000)
  let postgres: Postgres

  before(async function () {
    if (!own && !inImage()) {
      console.log(`      not there: promtool, or the image ${image}`)
      this.skip()
    }
    postgres = await Postgres.start()
    await migrate({ DATABASE_URL: postgres.url() }, '--seed')
  })
  after(() => postgres?.remove())

  it('goes off while every connection waits on PostgreSQL, and not before', async () => {
    const query = await queryOf('database-connections')
    const app = await App.start({ DATABASE_URL: postgres.url(), DATABASE_POOL_SIZE: '2' })
    try {
      await app.get('/?q=calm')
      assert.equal(isFull(query, await app.metrics()), false)
      const locked = postgres.query('do $$ begin lock table entries in access exclusive mode; perform pg_sleep(8); end $$')
      await eventually(3000, async () => {
        const [{ n } = { n: 0 }] = await postgres.query<{ n: number }>(
          "select count(*)::int as n from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'entries'::regclass",
        )
        return n > 0
      })
      const waiting = [1, 2, 3, 4].map((n) => app.get(`/?q=waiting${n}`).catch(() => undefined))
      await eventually(5000, async () => (await app.metric(/^db_pool_waiting\{/)) > 0)
      assert.equal(isFull(query, await app.metrics()), true)
      await Promise.all([locked, ...waiting])
    } finally {
      await app.stop()
    }
  })
})
