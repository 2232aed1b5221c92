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
--        8 'new' | 'turn' | 'guards'   9 expected turn   10 the epoch that it is of (or '')
--       11 counted field or ''  12 intent  13 its content (or '' twice): a second key of the same commit
--       14 to 18 how many guards, events, changes of meta, timers and secrets, then these
--          guard: field, op, value, code    op: present equals less reached passed
--          event: type, quiet '1' or '', payload
--          change: op, field, value         op: value in rev drop
--          timer: op, name, ms              op: in at cancel
--          secret: hash, owner or ''
-- The id field is the name under which the feed and the hints tell the stream. The turn of another life of
-- this id conflicts, whatever its number.
-- Gives of each commit {'ok', rev, at, count or nil} | {'dup', rev, at, note} | {'conflict', turn} |
-- {'exists'} | {'missing'} | {'refused', code} | {'unfit', why} | {'failed', what the server said}. ok and
-- dup acknowledge the entry; the others leave everything as it was. Each is as if it had come alone, after
-- the one before it. May run twice under one key.
--
-- A commit looks at everything first, since an error midway would keep earlier writes, then writes.
--
-- Each entry carries a hash, as `seal`: the SHA-1 of the hash before it and of all that the entry holds. A
-- log in which one byte was changed later tells where (streams/log/hash-chain.ts). It guards against
-- accidents, not forgers.

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

-- The fields of meta that a commit looks at: the stream's own, the one that it counts, those of its guards.
-- What no commit before it has looked at is read.
local function read_meta(batch, s, guards, events, counted)
  local argv, have, missing = batch.argv, s.have, {}
  if have.rev == nil then missing = {'rev', 'turn', 'at', 'seal', 'epoch'} end
  if counted ~= '' and have[counted] == nil then missing[#missing + 1] = counted end
  for i = guards, events - 1, 4 do
    if have[argv[i]] == nil then missing[#missing + 1] = argv[i] end
    local other = argv[i + 1] == 'less' and argv[i + 2]
    if other and have[other] == nil then missing[#missing + 1] = other end
  end
  if #missing == 0 then return end
  local values = redis.call('HMGET', s.meta, unpack(missing))
  for i = 1, #missing do have[missing[i]] = values[i] end
  if missing[1] ~= 'rev' then return end
  s.rev, s.turn = tonumber(have.rev or 0), tonumber(have.turn or 0)
  s.now = math.max(batch.now, tonumber(have.at or 0))
  s.moment = s.now == batch.now and batch.moment or string.format('%.0f', s.now)
end

-- The first result under a key, or false. All keys of the stream's commits are looked up at once.
local function first_under(s, name)
  if not s.first then
    s.first = {}
    local values = redis.call('HMGET', s.done, unpack(s.names))
    for i = 1, #values do s.first[s.names[i]] = values[i] end
  end
  return s.first[name]
end

local function set_meta(s, field, value)
  s.have[field] = value
  s.changed[field] = true
end

-- Acknowledges with all others of its group, at the end.
local function settle(batch, group, entry)
  if entry == '' then return end
  local of_group = batch.settled[group] or {}
  batch.settled[group] = of_group
  of_group[#of_group + 1] = entry
end

-- Appends the events of a commit, and tells the feed of those that are not quiet. Gives the revision, also
-- as text, the turn and the hash after it.
local function append(batch, s, at, first, past)
  local argv, rev, turn, hash = batch.argv, s.rev, s.turn, s.have.seal or ''
  local moment, text, first_told, types = s.moment, s.have.rev or '0', nil, nil
  for i = first, past - 1, 3 do
    local type, quiet, payload = argv[i], argv[i + 1], argv[i + 2]
    rev = rev + 1
    text = tostring(rev)
    hash = redis.sha1hex(hash .. '|' .. type .. '|' .. moment .. '|' .. payload)
    redis.call('XADD', s.log, text .. '-0', 'type', type, 'at', moment, 'e', payload, 'seal', hash)
    if quiet == '' then
      turn = rev
      first_told = first_told or rev
      types = types and types .. ',' .. type or type
    end
  end
  if first_told then
    redis.call('XADD', batch.feed, '*', batch.id_field, s.id, 'first', first_told, 'last', turn,
      'types', types, 'traceparent', argv[at + 2])
    batch.told = true
  elseif past > first then
    s.hinted = rev
  end
  return rev, text, turn, hash
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
  elseif expects == 'turn' then
    local epoch = argv[at + 9]
    local other = epoch ~= '' and have.epoch and have.epoch ~= epoch
    if other or tonumber(argv[at + 8]) ~= s.turn then return {'conflict', s.turn} end
  end
  for i = guards, events - 1, 4 do
    if not holds(argv[i + 1], have[argv[i]], argv[i + 2], have[argv[i + 2]], s.now) then
      return {'refused', argv[i + 3]}
    end
  end
  if not s.rev or not s.turn then return {'unfit', 'the meta of the stream is damaged'} end
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
  local wrong = unfit(argv, at, changes, timers, secrets)
  if wrong then return {'unfit', wrong} end
  local key, note, group, entry = argv[at + 3], argv[at + 4], argv[at + 5], argv[at + 6]
  local counted, intent, content = argv[at + 10], argv[at + 11], argv[at + 12]

  local first = key ~= '' and first_under(s, key) or intent ~= '' and first_under(s, intent)
  if first then
    settle(batch, group, entry)
    local rev, moment, result = first:match('^(%d+)-(%d+)-(.*)$')
    return {'dup', tonumber(rev), tonumber(moment), result}
  end

  read_meta(batch, s, guards, events, counted)
  local have = s.have
  local reply = against(s, argv, at, guards, events)
  if reply then return reply end
  local count = false
  if counted ~= '' then
    local digits = (have[counted] or '0'):match('^%-?(%d+)$')
    if not digits or #digits > 14 then
      return {'unfit', 'the counted field ' .. counted .. ' is ' .. have[counted]}
    end
    count = tonumber(have[counted] or 0) + 1
  end

  local rev, text, turn, hash = append(batch, s, at, events, changes)
  change_beside(batch, s, timers, secrets, past)
  -- Nothing below raises.
  if changes > events then
    set_meta(s, 'rev', text)
    if turn ~= s.turn or not have.turn then set_meta(s, 'turn', tostring(turn)) end
    set_meta(s, 'at', s.moment)
    set_meta(s, 'seal', hash)
    s.rev, s.turn = rev, turn
  end
  for i = changes, timers - 1, 3 do
    local op, field, value = argv[i], argv[i + 1], argv[i + 2]
    if op == 'in' then value = string.format('%.0f', s.now + tonumber(value))
    elseif op == 'rev' then value = text
    elseif op == 'drop' then value = false end
    set_meta(s, field, value)
  end
  if count then set_meta(s, counted, string.format('%.0f', count)) end
  local result = text .. '-' .. s.moment .. '-'
  for name, kept in pairs({[key] = note, [intent] = content}) do
    if name ~= '' then
      s.first[name] = result .. kept
      s.kept[#s.kept + 1], s.kept[#s.kept + 2] = name, result .. kept
    end
  end
  settle(batch, group, entry)
  return {'ok', rev, s.now, count}
end

-- Writes what the commits left of a stream beside its log. Every key was read before, so that none is of
-- another type; hints matter less than what other streams are still to be written.
local function write_beside(batch, s)
  local meta, dropped = {}, {}
  for field in pairs(s.changed) do
    if s.have[field] then meta[#meta + 1], meta[#meta + 2] = field, s.have[field]
    else dropped[#dropped + 1] = field end
  end
  call_with('HSET', s.meta, meta)
  call_with('HDEL', s.meta, dropped)
  call_with('HSET', s.done, s.kept)
  if s.hinted then
    redis.pcall('XADD', batch.hints, 'MAXLEN', '~', batch.hints_max, '*', batch.id_field, s.id,
      'rev', s.hinted)
    batch.told = true
  end
end

local function commit(keys, argv)
  local streams = (#keys - 5) / 4
  local begins = begins_of(keys, argv, streams)
  local now = clock()
  local batch = {
    argv = argv, id_field = argv[1], hints_max = argv[2], now = now, moment = string.format('%.0f', now),
    streams = {}, settled = {}, told = false,
    feed = keys[1], timers = keys[2], hints = keys[3], attempts = keys[4], timer_names = keys[5],
  }
  for i = 1, streams do
    local k = 2 + 4 * i
    batch.streams[i] = {
      id = argv[2 + i], log = keys[k], meta = keys[k + 1], done = keys[k + 2], tokens = keys[k + 3],
      have = {}, changed = {}, kept = {}, names = {},
    }
  end
  for _, at in ipairs(begins) do
    local names = batch.streams[tonumber(argv[at + 1])].names
    if argv[at + 3] ~= '' then names[#names + 1] = argv[at + 3] end
    if argv[at + 11] ~= '' then names[#names + 1] = argv[at + 11] end
  end
  local replies = {}
  for i, at in ipairs(begins) do
    local fine, reply = pcall(commit_one, batch, at)
    replies[i] = fine and reply or {'failed', type(reply) == 'table' and reply.err or tostring(reply)}
  end
  for _, s in ipairs(batch.streams) do write_beside(batch, s) end
  for group, entries in pairs(batch.settled) do
    redis.call('XACK', batch.feed, group, unpack(entries))
    for _, entry in ipairs(entries) do clear_attempts(batch.attempts, group, entry) end
  end
  if batch.told then wake_readers(batch.feed) end
  return replies
end
