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
-- Gives {'ok', rev, at, count or nil} | {'dup', rev, at, note} | {'conflict', turn} | {'exists'} |
-- {'missing'} | {'refused', code} | {'unfit', why}. ok and dup acknowledge the entry; the others leave
-- everything as it was.
-- May run twice under one key.
--
-- Each entry carries a hash, as `seal`: the SHA-1 of the hash before it and of all that the entry holds. A
-- log in which one byte was changed later tells where (streams/log/hash-chain.ts). It guards against
-- accidents, not forgers.

-- The store's time in ms.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Whether a guard holds: `have` is its field, `other` the field that `less` names.
local function holds(op, have, value, other, now)
  if not have then return false end
  if op == 'present' then return true end
  if op == 'equals' then return have == value end
  -- A field that is not a number refuses.
  local number = tonumber(have)
  if not number then return false end
  if op == 'less' then
    other = tonumber(other or '')
    return other ~= nil and number < other
  end
  if op == 'reached' then return now >= number end
  return now <= number
end

-- Deletes how often a handler was started for an entry, how often it failed, and with what.
local function clear_attempts(attempts, group, entry)
  local field = group .. ':' .. entry
  redis.call('HDEL', attempts, field, field .. ':x', field .. ':e')
end

local function settle(keys, group, entry)
  if entry == '' then return end
  redis.call('XACK', keys[4], group, entry)
  clear_attempts(keys[8], group, entry)
end

-- On a cluster readers do not block; what writes to a partition's streams publishes a wake-up. Its channel is
-- the feed's name, so it lies in the slot of the keys. A user who may use no channel is refused here, between
-- two writes: those matter, the wake-up does not.
local function wake_readers(feed)
  if feed:sub(1, 1) == '{' then redis.pcall('SPUBLISH', feed, '') end
end

-- Whether an argument is a whole number from 0 in digits alone, which every command takes.
local function is_whole(value)
  return value ~= nil and #value <= 16 and value:find('^%d+$') ~= nil
end

-- Whether an argument is the id of an entry.
local function is_entry(value)
  local ms, seq = (value or ''):match('^(%d+)%-(%d+)$')
  return ms ~= nil and #ms <= 19 and #seq <= 19
end

-- Raises before anything was written where an argument is none that the writes below would take.
local function need(fits, what)
  if not fits then error('unfit argument: ' .. what) end
end

-- The last argument of the groups that begin with their number: `width` arguments each, after `at`.
local function past(argv, at, width)
  need(is_whole(argv[at]), 'a number of rows')
  return at + 1 + tonumber(argv[at]) * width
end

-- Fields that say where a stream stands; no change may name one.
local own = {rev = true, turn = true, at = true, seal = true}

local function is_ms(op, value)
  return op ~= 'in' and op ~= 'at' or is_whole(value)
end

-- Why a commit would raise between two writes, or leave what is never read; nil where it is fit.
local function unfit(argv, changes, timers, counting, last)
  if #argv ~= last + 2 then return 'its arguments are not as many as they say' end
  if not is_whole(argv[last]) then return 'the number of hints that are kept' end
  local counted, kinds = argv[counting], {value = true, ['in'] = true, rev = true, drop = true}
  if argv[7] ~= '' and not is_entry(argv[7]) then return 'the entry that it acknowledges' end
  -- One HSET takes them all, and Lua hands over no more than some 8,000 values.
  if timers - changes > 6000 then return 'it changes too many fields' end
  if own[counted] then return 'it counts ' .. counted end
  for i = changes + 1, timers - 1, 3 do
    local op, field = argv[i], argv[i + 1]
    if not kinds[op] or own[field] or field == '' or not is_ms(op, argv[i + 2]) then
      return 'the change of the field ' .. field
    end
    if field == counted then return 'it counts and changes the field ' .. field end
  end
  kinds = {['in'] = true, at = true, cancel = true}
  for i = timers + 1, counting - 1, 3 do
    if not kinds[argv[i]] or argv[i + 1] == '' or not is_ms(argv[i], argv[i + 2]) then
      return 'the timer ' .. argv[i + 1]
    end
  end
end

local function commit(keys, argv)
  local id_field, stream, traceparent, key, note = argv[1], argv[2], argv[3], argv[4], argv[5]
  local group, entry, expects, turn_wanted, epoch_wanted = argv[6], argv[7], argv[8], argv[9], argv[10]
  -- Where each list begins with its length. One call of a command costs more than all that Lua does here, so
  -- arguments are read where they stand, and what is read of meta is read at once, and written at once.
  local guards = 11
  local events = past(argv, guards, 4)
  local changes = past(argv, events, 3)
  local timers = past(argv, changes, 3)
  local counting = past(argv, timers, 3)
  local secrets = counting + 1
  local last = past(argv, secrets, 2)
  local wrong = unfit(argv, changes, timers, counting, last)
  if wrong then return {'unfit', wrong} end
  local counted, hints_max, intent, content = argv[counting], argv[last], argv[last + 1], argv[last + 2]

  for _, name in ipairs({key, intent}) do
    local first = name ~= '' and redis.call('HGET', keys[3], name)
    if first then
      settle(keys, group, entry)
      local rev, at, result = first:match('^(%d+)-(%d+)-(.*)$')
      return {'dup', tonumber(rev), tonumber(at), result}
    end
  end

  local fields = {'rev', 'turn', 'at', 'seal', 'epoch'}
  if counted ~= '' then fields[6] = counted end
  local guarded = #fields
  for i = guards + 1, events - 1, 4 do
    fields[#fields + 1] = argv[i]
    fields[#fields + 1] = argv[i + 1] == 'less' and argv[i + 2] or argv[i]
  end
  local head = redis.call('HMGET', keys[2], unpack(fields))
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
  for i = guards + 1, events - 1, 4 do
    local have, other = head[guarded + 1], head[guarded + 2]
    guarded = guarded + 2
    if not holds(argv[i + 1], have, argv[i + 2], other, now) then return {'refused', argv[i + 3]} end
  end
  if not rev or not turn then return {'unfit', 'the meta of the stream is damaged'} end
  local count = false
  if counted ~= '' then
    local have = head[6] or '0'
    local digits = have:match('^%-?(%d+)$')
    if not digits or #digits > 14 then return {'unfit', 'the counted field ' .. counted .. ' is ' .. have} end
    count = tonumber(have) + 1
  end

  local at = string.format('%.0f', now)
  local first_told, last_told, types = nil, nil, {}
  local hash, meta = head[4] or '', {}
  for i = events + 1, changes - 1, 3 do
    local type, quiet, payload = argv[i], argv[i + 1], argv[i + 2]
    rev = rev + 1
    hash = redis.sha1hex(hash .. '|' .. type .. '|' .. at .. '|' .. payload)
    redis.call('XADD', keys[1], rev .. '-0', 'type', type, 'at', at, 'e', payload, 'seal', hash)
    if quiet == '' then
      turn = rev
      first_told = first_told or rev
      last_told = rev
      types[#types + 1] = type
    end
  end
  if changes - events > 1 then
    meta = {'rev', rev, 'turn', turn, 'at', at, 'seal', hash}
    if first_told then
      redis.call('XADD', keys[4], '*', id_field, stream, 'first', first_told, 'last', last_told,
        'types', table.concat(types, ','), 'traceparent', traceparent)
    else
      redis.call('XADD', keys[6], 'MAXLEN', '~', hints_max, '*', id_field, stream, 'rev', rev)
    end
    wake_readers(keys[4])
  end
  local dropped = {}
  for i = changes + 1, timers - 1, 3 do
    local op, field, value = argv[i], argv[i + 1], argv[i + 2]
    if op == 'in' then value = string.format('%.0f', now + tonumber(value))
    elseif op == 'rev' then value = rev end
    -- The last change of a field counts, whatever its kind.
    if op == 'drop' then
      for k = #meta - 1, 1, -2 do
        if meta[k] == field then table.remove(meta, k + 1); table.remove(meta, k) end
      end
      dropped[field] = true
    else
      meta[#meta + 1], meta[#meta + 2] = field, value
      dropped[field] = nil
    end
  end
  if counted ~= '' then meta[#meta + 1], meta[#meta + 2] = counted, string.format('%.0f', count) end
  if #meta > 0 then redis.call('HSET', keys[2], unpack(meta)) end
  for field in pairs(dropped) do redis.call('HDEL', keys[2], field) end
  for i = timers + 1, counting - 1, 3 do
    local member = stream .. '|' .. argv[i + 1]
    if argv[i] == 'cancel' then
      redis.call('ZREM', keys[5], member)
      redis.call('ZREM', keys[9], member)
    else
      local due = argv[i] == 'in' and string.format('%.0f', now + tonumber(argv[i + 2])) or argv[i + 2]
      redis.call('ZADD', keys[5], due, member)
      redis.call('ZADD', keys[9], 0, member)
    end
  end
  for i = secrets + 1, last - 1, 2 do
    if argv[i + 1] == '' then redis.call('HDEL', keys[7], argv[i])
    else redis.call('HSET', keys[7], argv[i], argv[i + 1]) end
  end
  local done = {}
  if key ~= '' then done = {key, rev .. '-' .. at .. '-' .. note} end
  if intent ~= '' then
    done[#done + 1], done[#done + 2] = intent, rev .. '-' .. at .. '-' .. content
  end
  if #done > 0 then redis.call('HSET', keys[3], unpack(done)) end
  settle(keys, group, entry)
  return {'ok', rev, now, count}
end
