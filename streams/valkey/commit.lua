-- commit: the one way into the log. Looks at everything first, since an error midway would keep earlier
-- writes, then writes.
--
-- KEYS  1 log  2 meta  3 done  4 feed  5 timers  6 hints  7 tokens  8 attempts  9 names of timers
-- ARGV  id field, stream, traceparent, key, note, group, entry id (each may be ''),
--       'new' | 'turn' | 'guards', expected turn, the epoch that it is of (or ''),
--       n, n x (field, op, value, code)           guards; op: present equals less reached passed
--       n, n x (type, quiet '1' or '', payload)   events
--       n, n x (op, field, value)                 meta; op: value in rev drop
--       n, n x (op, name, ms)                     timers; op: in at cancel
--       counted field or '',
--       n, n x (hash, owner or '')                secrets
--       how many hints are kept,
--       intent, its content (or '' twice): a second key of the same commit, beside that of the effect
-- The id field is the name under which the feed and the hints tell the stream. The turn of another life of
-- this id conflicts, whatever its number.
-- Gives {'ok', rev, at, count or -1} | {'dup', rev, at, note} | {'conflict', turn} | {'exists'} |
-- {'missing'} | {'refused', code}. ok and dup acknowledge the entry; the others leave everything as it was.
-- May run twice under one key.
--
-- Each entry carries a seal: the SHA-1 of the seal before it and of all that the entry holds. A log in which
-- one byte was changed later tells where (streams/log/hash-chain.ts). It guards against accidents, not
-- forgers.

local function reader(argv)
  local position = 0
  local function next_one()
    position = position + 1
    return argv[position]
  end
  local function rows(width)
    local list = {}
    for i = 1, tonumber(next_one()) do
      local row = {}
      for column = 1, width do row[column] = next_one() end
      list[i] = row
    end
    return list
  end
  return next_one, rows
end

-- The store's time in ms.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function holds(op, have, value, meta, now)
  if not have then return false end
  if op == 'present' then return true end
  if op == 'equals' then return have == value end
  -- A field that is not a number refuses.
  local number = tonumber(have)
  if not number then return false end
  if op == 'less' then
    local other = tonumber(redis.call('HGET', meta, value) or '')
    return other ~= nil and number < other
  end
  if op == 'reached' then return now >= number end
  return now <= number
end

-- Forgets how often a handler was started for an entry, how often it failed, and with what.
local function forget_attempts(attempts, group, entry)
  local field = group .. ':' .. entry
  redis.call('HDEL', attempts, field, field .. ':x', field .. ':e')
end

local function settle(keys, group, entry)
  if entry == '' then return end
  redis.call('XACK', keys[4], group, entry)
  forget_attempts(keys[8], group, entry)
end

-- On a cluster readers do not block; whoever writes to a partition's streams rings for them. The channel is
-- the feed's name, so it lies in the slot of the keys. A user who may use no channel is refused here, between
-- two writes: they matter, the bell does not.
local function ring(feed)
  if feed:sub(1, 1) == '{' then redis.pcall('SPUBLISH', feed, '') end
end

local function commit(keys, argv)
  local next_one, rows = reader(argv)
  local id_field, stream = next_one(), next_one()
  local traceparent, key, note = next_one(), next_one(), next_one()
  local group, entry = next_one(), next_one()
  local expects, turn_wanted, epoch_wanted = next_one(), next_one(), next_one()
  local guards, events, changes, timers = rows(4), rows(3), rows(3), rows(3)
  local counted = next_one()
  local secrets = rows(2)
  local hints_max = next_one()
  local intent, content = next_one(), next_one()

  for _, name in ipairs({key, intent}) do
    local first = name ~= '' and redis.call('HGET', keys[3], name)
    if first then
      settle(keys, group, entry)
      local rev, at, noted = first:match('^(%d+)-(%d+)-(.*)$')
      return {'dup', tonumber(rev), tonumber(at), noted}
    end
  end

  local head = redis.call('HMGET', keys[2], 'rev', 'turn', 'at', 'seal', 'epoch')
  local rev, turn = tonumber(head[1] or 0), tonumber(head[2] or 0)
  local now = math.max(clock(), tonumber(head[3] or 0))
  if expects == 'new' then
    if head[1] or redis.call('EXISTS', keys[1]) == 1 then return {'exists'} end
  elseif not head[1] then
    return {'missing'}
  elseif expects == 'turn' then
    local other = epoch_wanted ~= '' and head[5] and head[5] ~= epoch_wanted
    if other or tonumber(turn_wanted) ~= turn then return {'conflict', turn} end
  end
  for _, guard in ipairs(guards) do
    local have = redis.call('HGET', keys[2], guard[1])
    if not holds(guard[2], have, guard[3], keys[2], now) then return {'refused', guard[4]} end
  end

  local at = string.format('%.0f', now)
  local first_told, last_told, types = nil, nil, {}
  local seal = head[4] or ''
  for _, event in ipairs(events) do
    rev = rev + 1
    seal = redis.sha1hex(seal .. '|' .. event[1] .. '|' .. at .. '|' .. event[3])
    redis.call('XADD', keys[1], rev .. '-0', 'type', event[1], 'at', at, 'e', event[3], 'seal', seal)
    if event[2] == '' then
      turn = rev
      first_told = first_told or rev
      last_told = rev
      types[#types + 1] = event[1]
    end
  end
  if #events > 0 then
    redis.call('HSET', keys[2], 'rev', rev, 'turn', turn, 'at', at, 'seal', seal)
    if first_told then
      redis.call('XADD', keys[4], '*', id_field, stream, 'first', first_told, 'last', last_told,
        'types', table.concat(types, ','), 'traceparent', traceparent)
    else
      redis.call('XADD', keys[6], 'MAXLEN', '~', hints_max, '*', id_field, stream, 'rev', rev)
    end
    ring(keys[4])
  end
  for _, change in ipairs(changes) do
    local op, field, value = change[1], change[2], change[3]
    if op == 'drop' then redis.call('HDEL', keys[2], field)
    elseif op == 'in' then redis.call('HSET', keys[2], field, string.format('%.0f', now + tonumber(value)))
    elseif op == 'rev' then redis.call('HSET', keys[2], field, rev)
    else redis.call('HSET', keys[2], field, value) end
  end
  for _, timer in ipairs(timers) do
    local member = stream .. '|' .. timer[2]
    if timer[1] == 'cancel' then
      redis.call('ZREM', keys[5], member)
      redis.call('ZREM', keys[9], member)
    else
      local due = timer[1] == 'in' and string.format('%.0f', now + tonumber(timer[3])) or timer[3]
      redis.call('ZADD', keys[5], due, member)
      redis.call('ZADD', keys[9], 0, member)
    end
  end
  for _, secret in ipairs(secrets) do
    if secret[2] == '' then redis.call('HDEL', keys[7], secret[1])
    else redis.call('HSET', keys[7], secret[1], secret[2]) end
  end
  local count = -1
  if counted ~= '' then count = redis.call('HINCRBY', keys[2], counted, 1) end
  if key ~= '' then redis.call('HSET', keys[3], key, rev .. '-' .. at .. '-' .. note) end
  if intent ~= '' then redis.call('HSET', keys[3], intent, rev .. '-' .. at .. '-' .. content) end
  settle(keys, group, entry)
  return {'ok', rev, now, count}
end
