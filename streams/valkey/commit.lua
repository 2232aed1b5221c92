-- commit: the one way into the log, for many commits at once: a process sends all of one turn together.
-- One call of a command costs more than all that Lua does here, so what is read of a stream is read once a
-- call and what is written of it beside its log is written once, after its last commit.
--
-- KEYS  1 feed  2 timers  3 hints  4 attempts  5 names of timers, then of each stream: log, meta, done,
--       tokens
-- ARGV  id field, how many hints are kept, the id of each stream in the order of its keys, then of each
--       commit
--        1 how many arguments it has, this one included      2 its stream: 1 for the first one
--        3 traceparent  4 key  5 note  6 group  7 entry id (each may be '')
--        8 'new' | 'turn' | 'rev' | 'after' | 'guards'   9 expected turn or revision   10 its epoch (or '')
--       11 counted field or ''  12 intent  13 its content (or '' twice): a second key of the same commit
--       14 to 18 how many guards, events, changes of meta, timers and secrets, then these
--          guard: field, op, value, code    op: present equals less reached passed
--          event: type, quiet '1' or '', payload
--          change: op, field, value         op: value in rev drop
--          timer: op, name, ms              op: in at cancel
--          secret: hash, owner or ''
-- 'after' is 'turn', where the commit before it of this stream in this call went through; else it conflicts,
-- also under a key that is known. The id field is the name under which the feed and the hints tell the
-- stream. The turn of another life of this id conflicts, whatever its number.
-- Gives of each commit {'ok', rev, at, count or nil} | {'dup', rev, at, note} | {'conflict', turn} |
-- {'exists'} | {'missing'} | {'refused', code} | {'unfit', why} | {'failed', what the server said}. ok and
-- dup acknowledge the entry; the others leave everything as it was. Each is as if it had come alone, after
-- the one before it. May run twice under one key.
--
-- A commit looks at everything first, since an error midway would keep earlier writes, then writes.
-- Each entry carries a hash, as `seal`: the SHA-1 of the hash before it and of all that the entry holds. A
-- log in which one byte was changed later tells where (streams/log/hash-chain.ts). It guards against
-- accidents, not forgers.

-- Whether a guard holds: `have` is its field, `other` the field that `less` names.
local function holds(op, have, value, other, now)
  if not have then return false end
  if op == 'present' then return true end
  if op == 'equals' then return have == value end
  -- A field that is not a number refuses.
  local number = number_in(have)
  if not number then return false end
  if op == 'less' then
    other = number_in(other)
    return other ~= nil and number < other
  end
  if op == 'reached' then return now >= number end
  return now <= number
end

-- The fields of meta that a commit looks at: the stream's own, the one that it counts, those of its guards.
-- What no commit before it has looked at is read.
local function read_meta(batch, s, guards, events, counted)
  local argv, have, missing = batch.argv, s.have, nil
  local own_missing = have.rev == nil
  if own_missing then missing = {'rev', 'turn', 'at', 'seal', 'epoch'} end
  local function want(field)
    if have[field] ~= nil then return end
    missing = missing or {}
    missing[#missing + 1] = field
  end
  if counted ~= '' then want(counted) end
  for i = guards, events - 1, 4 do
    want(argv[i])
    if argv[i + 1] == 'less' then want(argv[i + 2]) end
  end
  if not missing then return end
  local values = redis.call('HMGET', s.meta, unpack(missing))
  for i = 1, #missing do have[missing[i]] = values[i] end
  if not own_missing then return end
  s.rev, s.turn = tonumber(have.rev or 0), tonumber(have.turn or 0)
  s.now, s.moment = batch.now, batch.moment
  if have.at and tonumber(have.at) > s.now then s.now, s.moment = tonumber(have.at), have.at end
end

-- The first result under a key, or false. All keys of the stream's commits are looked up at once.
local function first_under(s, name)
  local first = s.first
  if not first then
    first = {}
    s.first = first
    local names = s.names
    local values = redis.call('HMGET', s.done, unpack(names))
    for i = 1, #names do first[names[i]] = values[i] end
  end
  return first[name]
end

-- Keeps the result of a commit under a key, until the call ends in memory alone.
local function keep_result(s, name, result)
  local kept = s.kept or {}
  s.kept, s.first[name] = kept, result
  kept[#kept + 1], kept[#kept + 2] = name, result
end

local function set_meta(s, field, value)
  s.changed = s.changed or {}
  s.have[field], s.changed[field] = value, true
end

-- Acknowledges with all others of its group, at the end.
local function settle(batch, group, entry)
  if entry == '' then return end
  local of_group = batch.settled[group] or {}
  batch.settled[group] = of_group
  of_group[#of_group + 1] = entry
end

-- Appends the events of a commit, and tells the feed of those that are not quiet.
local function append(batch, s, at, first, past)
  local argv, have, log, moment, rev = batch.argv, s.have, s.log, s.moment, s.rev
  local hash, text, first_told, last_told, types = have.seal or '', nil, nil, nil, nil
  for i = first, past - 1, 3 do
    local type, payload = argv[i], argv[i + 2]
    rev = rev + 1
    text = tostring(rev)
    hash = redis.sha1hex(hash .. '|' .. type .. '|' .. moment .. '|' .. payload)
    redis.call('XADD', log, text .. '-0', 'type', type, 'at', moment, 'e', payload, 'seal', hash)
    if argv[i + 1] == '' then
      first_told, last_told = first_told or text, text
      types = types and types .. ',' .. type or type
    end
  end
  if first_told then
    redis.call('XADD', batch.feed, '*', batch.id_field, s.id, 'first', first_told, 'last', last_told,
      'types', types, 'traceparent', argv[at + 2])
    batch.told = true
  else
    s.hinted = text
  end
  return rev, text, last_told, hash
end

-- Changes timers and secrets.
local function change_beside(batch, s, timers, secrets, past)
  local argv = batch.argv
  for i = timers, secrets - 1, 3 do
    local member = s.id .. '|' .. argv[i + 1]
    if argv[i] == 'cancel' then
      redis.call('ZREM', batch.timers, member)
      redis.call('ZREM', batch.timer_names, member)
    else
      local due = argv[i] == 'in' and string.format('%.0f', s.now + tonumber(argv[i + 2])) or argv[i + 2]
      redis.call('ZADD', batch.timers, due, member)
      redis.call('ZADD', batch.timer_names, 0, member)
    end
  end
  for i = secrets, past - 1, 2 do
    if argv[i + 1] == '' then redis.call('HDEL', s.tokens, argv[i])
    else redis.call('HSET', s.tokens, argv[i], argv[i + 1]) end
  end
end

-- Why the stream does not let a commit through, as its reply; nil where it does.
local function against(s, argv, at, guards, events)
  local have, expects = s.have, argv[at + 7]
  if expects == 'new' then
    if have.rev or redis.call('EXISTS', s.log) == 1 then return {'exists'} end
  elseif not have.rev then
    return {'missing'}
  elseif expects == 'turn' or expects == 'rev' or expects == 'after' then
    local epoch = argv[at + 9]
    local other = epoch ~= '' and have.epoch and have.epoch ~= epoch
    local stands = expects == 'rev' and s.rev or s.turn
    if other or tonumber(argv[at + 8]) ~= stands then return {'conflict', s.turn} end
  end
  for i = guards, events - 1, 4 do
    if not holds(argv[i + 1], have[argv[i]], argv[i + 2], have[argv[i + 2]], s.now) then
      return {'refused', argv[i + 3]}
    end
  end
  if not s.rev or not s.turn then return {'unfit', 'the meta of the stream is damaged'} end
end

-- The counted field after this commit, or why there is no such number.
local function count_of(have, counted)
  local value = have[counted] or '0'
  local digits = value:match('^%-?(%d+)$')
  if digits and #digits <= 14 then return tonumber(value) + 1 end
  return nil, {'unfit', 'the counted field ' .. counted .. ' is ' .. value}
end

-- One commit, whose arguments begin at `at`.
local function commit_one(batch, at)
  local argv = batch.argv
  local s = batch.streams[tonumber(argv[at + 1])]
  local guards = at + heads
  local events = guards + 4 * argv[at + 13]
  local changes = events + 3 * argv[at + 14]
  local timers = changes + 3 * argv[at + 15]
  local secrets = timers + 3 * argv[at + 16]
  local past = secrets + 2 * argv[at + 17]
  local key, intent, counted = argv[at + 3], argv[at + 11], argv[at + 10]
  local group, entry = argv[at + 5], argv[at + 6]
  local wrong = unfit(argv, at, changes, timers, secrets)
  if wrong then return {'unfit', wrong} end
  if argv[at + 7] == 'after' and not s.went then return {'conflict', 0} end

  read_meta(batch, s, guards, events, counted)
  local first = key ~= '' and first_under(s, key) or intent ~= '' and first_under(s, intent)
  if first then
    settle(batch, group, entry)
    local rev, moment, result = first:match('^(%d+)-(%d+)-(.*)$')
    return {'dup', tonumber(rev), tonumber(moment), result}
  end
  local reply = against(s, argv, at, guards, events)
  if reply then return reply end
  local have, count = s.have, false
  if counted ~= '' then
    count, reply = count_of(have, counted)
    if reply then return reply end
  end

  local text, rev, last_told, hash = have.rev or '0'
  if changes > events then
    rev, text, last_told, hash = append(batch, s, at, events, changes)
    change_beside(batch, s, timers, secrets, past)
    -- Nothing below raises.
    s.rev, s.moved = rev, true
    have.rev, have.at, have.seal = text, s.moment, hash
    if last_told then s.turn, have.turn = tonumber(last_told), last_told end
  else
    change_beside(batch, s, timers, secrets, past)
  end
  for i = changes, timers - 1, 3 do
    local op, field, value = argv[i], argv[i + 1], argv[i + 2]
    if op == 'in' then value = string.format('%.0f', s.now + tonumber(value))
    elseif op == 'rev' then value = text
    elseif op == 'drop' then value = false end
    set_meta(s, field, value)
  end
  if count then set_meta(s, counted, string.format('%.0f', count)) end
  if key ~= '' then keep_result(s, key, text .. '-' .. s.moment .. '-' .. argv[at + 4]) end
  if intent ~= '' then keep_result(s, intent, text .. '-' .. s.moment .. '-' .. argv[at + 12]) end
  settle(batch, group, entry)
  return {'ok', s.rev, s.now, count}
end

-- Writes what the commits left of a stream beside its log. Every key was read before, so that none is of
-- another type; hints matter less than what other streams are still to be written.
local function write_beside(batch, s)
  local have, meta, dropped = s.have, {}, {}
  if s.moved then
    meta = {'rev', have.rev, 'turn', have.turn or '0', 'at', have.at, 'seal', have.seal}
  end
  for field in pairs(s.changed or {}) do
    if have[field] then meta[#meta + 1], meta[#meta + 2] = field, have[field]
    else dropped[#dropped + 1] = field end
  end
  call_with('HSET', s.meta, meta)
  call_with('HDEL', s.meta, dropped)
  if s.kept then call_with('HSET', s.done, s.kept) end
  if s.hinted then
    redis.pcall('XADD', batch.hints, 'MAXLEN', '~', batch.hints_max, '*', batch.id_field, s.id,
      'rev', s.hinted)
    batch.told = true
  end
end

-- Acknowledges entries of a group, and deletes what was counted of them.
local function settle_all(batch, group, entries)
  local fields = {}
  for i = 1, #entries do
    local field = group .. ':' .. entries[i]
    fields[#fields + 1], fields[#fields + 2], fields[#fields + 3] = field, field .. ':x', field .. ':e'
  end
  redis.call('XACK', batch.feed, group, unpack(entries))
  call_with('HDEL', batch.attempts, fields)
end

local function commit(keys, argv)
  local streams = (#keys - 5) / 4
  local begins = begins_of(keys, argv, streams)
  local now = clock()
  local batch = {
    argv = argv, id_field = argv[1], hints_max = argv[2], streams = {}, settled = {}, told = false,
    now = now, moment = string.format('%.0f', now),
    feed = keys[1], timers = keys[2], hints = keys[3], attempts = keys[4], timer_names = keys[5],
  }
  for i = 1, streams do
    local k = 2 + 4 * i
    batch.streams[i] = {
      id = argv[2 + i], log = keys[k], meta = keys[k + 1], done = keys[k + 2], tokens = keys[k + 3],
      have = {}, names = {},
    }
  end
  for i = 1, #begins do
    local at = begins[i]
    local names = batch.streams[tonumber(argv[at + 1])].names
    if argv[at + 3] ~= '' then names[#names + 1] = argv[at + 3] end
    if argv[at + 11] ~= '' then names[#names + 1] = argv[at + 11] end
  end
  local replies = {}
  for i = 1, #begins do
    local fine, reply = pcall(commit_one, batch, begins[i])
    batch.streams[tonumber(argv[begins[i] + 1])].went = fine and reply[1] == 'ok'
    replies[i] = fine and reply or {'failed', type(reply) == 'table' and reply.err or tostring(reply)}
  end
  for i = 1, streams do write_beside(batch, batch.streams[i]) end
  for group, entries in pairs(batch.settled) do settle_all(batch, group, entries) end
  if batch.told then wake_readers(batch.feed) end
  return replies
end
