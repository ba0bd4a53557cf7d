import { createHash } from 'node:crypto'
import type { RedisArgument } from '@redis/client'

interface Script {
  readonly text: string
  readonly sha: string
}

const script = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') })

/**
 * One hash holds the history: `epoch`, `sequence`, `mark`, and a record for each tag (`t:<tag>`: expired, stale, deadline,
 * asked, time in seconds). Redis loses it as a whole or not at all, so a reader that finds it missing knows that nothing is known.
 * It belongs to one run of one server: after a restart from a snapshot, or a failover to a copy, the last invalidations may
 * be missing from it, so that another history begins.
 */
const preamble = `
local function number(value) return string.format('%.0f', value) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
local function begin(name)
  local epoch = number(now) .. '-' .. name
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'sequence', 0, 'mark', name, 'server', server)
  return epoch
end
local function current(name)
  local there = redis.call('HMGET', KEYS[1], 'epoch', 'server')
  return there[1] and there[2] == server and there[1] or begin(name)
end
local function tell(message)
  return type(redis.pcall('PUBLISH', KEYS[1], cjson.encode(message))) == 'number'
end
`

export const scripts = {
  /**
   * Reads the position. Writes as well, at the key that invalidations are recorded at: who may not write there is told
   * here, before it matters, and the key stays recently used. ARGV: name of a new epoch.
   */
  confirm: script(`${preamble}
    local epoch = current(ARGV[1])
    redis.call('HSET', KEYS[1], 'seen', number(now))
    local rest = redis.call('HMGET', KEYS[1], 'sequence', 'mark')
    return { epoch, rest[1], rest[2], number(now) }`),

  /** ARGV: name of a new epoch, the epoch that is not to be trusted. */
  forget: script(`${preamble}
    if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] then return 0 end
    tell({ epoch = begin(ARGV[1]), sequence = 0, mark = ARGV[1], tags = {} })
    return 1`),

  /**
   * ARGV: name of a new epoch, mark, most records to keep, then for each tag: name, kind (`expire`, `stale`), seconds until
   * what is stale expires (empty: never), `repeat` or empty.
   */
  invalidate: script(`${preamble}
    if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) then redis.call('DEL', KEYS[1]) end
    local epoch = current(ARGV[1])
    local sequence = redis.call('HINCRBY', KEYS[1], 'sequence', 1)
    redis.call('HSET', KEYS[1], 'mark', ARGV[2])
    local tags = {}
    for i = 4, #ARGV, 4 do
      local field, record = 't:' .. ARGV[i], {}
      for value in string.gmatch(redis.call('HGET', KEYS[1], 't:' .. ARGV[i]) or '', '%S+') do record[#record + 1] = tonumber(value) end
      local expired, stale, deadline, asked = record[1] or 0, record[2] or 0, record[3] or 0, record[4] or 0
      if ARGV[i + 3] ~= 'repeat' then asked = sequence end
      if deadline > 0 and deadline <= now then expired, deadline = math.max(expired, stale), 0 end
      if ARGV[i + 1] == 'expire' then
        expired, stale, deadline = sequence, 0, 0
      else
        stale = sequence
        if ARGV[i + 2] ~= '' then
          local due = now + tonumber(ARGV[i + 2]) * 1000
          if deadline == 0 or due < deadline then deadline = due end
        end
      end
      local text = table.concat({ number(expired), number(stale), number(deadline), number(asked), time[1] }, ' ')
      redis.call('HSET', KEYS[1], field, text)
      tags[#tags + 1] = { ARGV[i], text }
    end
    local heard = tell({ epoch = epoch, sequence = sequence, mark = ARGV[2], tags = tags })
    return { epoch, sequence, ARGV[2], number(now), heard and 1 or 0, cjson.encode(tags) }`),

  /** Removes records that have not changed since they were read. ARGV: field, value, ... */
  prune: script(`
    for i = 1, #ARGV, 2 do
      if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
    end
    return 1`),

  /**
   * Keeps an entry unless there is one whose render began later. ARGV: epoch, sequence, time of birth, bytes, seconds.
   * Within one epoch the position decides, and between renders of the same position the time.
   */
  keep: script(`
    local there = redis.call('HMGET', KEYS[1], 'epoch', 'sequence', 'born')
    if there[1] == ARGV[1] then
      local sequence = tonumber(there[2])
      if sequence > tonumber(ARGV[2]) then return 0 end
      if sequence == tonumber(ARGV[2]) and tonumber(there[3]) > tonumber(ARGV[3]) then return 0 end
    end
    redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'sequence', ARGV[2], 'born', ARGV[3], 'bytes', ARGV[4])
    redis.call('EXPIRE', KEYS[1], ARGV[5])
    return 1`),
}

interface Client {
  sendCommand<T>(args: RedisArgument[]): Promise<T>
}

export async function run<T>(client: Client, { text, sha }: Script, key: string, ...args: Array<string | Buffer>): Promise<T> {
  try {
    return await client.sendCommand<T>(['EVALSHA', sha, '1', key, ...args])
  } catch (error) {
    if (!String((error as Error).message).startsWith('NOSCRIPT')) throw error
    return client.sendCommand<T>(['EVAL', text, '1', key, ...args])
  }
}
