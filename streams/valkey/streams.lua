-- What is true of streams beside their logs: their time, their timers, their end.

-- moment: the time of a stream, never before its last event, as commits are stamped.
-- KEYS  1 meta     Gives ms.
local function moment(keys)
  return string.format('%.0f', math.max(clock(), tonumber(redis.call('HGET', keys[1], 'at') or 0)))
end

-- look: where streams stand, and what their logs have after a revision.
-- KEYS  of each stream: log, meta
-- ARGV  how many entries of each at most, then after which revision of each
-- Gives of each {rev, epoch, entries}, {} where there is no log, {what the server said} where it failed.
local function look(keys, argv)
  local replies = {}
  for i = 1, #keys, 2 do
    local after = '(' .. argv[1 + (i + 1) / 2] .. '-0'
    local fine, reply = pcall(function()
      local head = redis.call('HMGET', keys[i + 1], 'rev', 'epoch')
      if not head[1] or not head[2] then return {} end
      return {head[1], head[2], redis.call('XRANGE', keys[i], after, '+', 'COUNT', argv[1])}
    end)
    replies[(i + 1) / 2] = fine and reply or {type(reply) == 'table' and reply.err or tostring(reply)}
  end
  return replies
end

-- fire: takes timers that are due and puts a pointer for each into the feed, in one step: a timer is in
-- exactly one place. Any number of processes may call it.
-- KEYS  1 timers  2 feed  3 names of timers     ARGV  how many at most, id field
-- Gives {fired, ms until the next one or -1}.
local function fire(keys, argv)
  need(is_whole(argv[1]) and argv[2], 'how many at most, and the id field')
  local now = clock()
  local until_now = string.format('%.0f', now)
  local due = redis.call('ZRANGE', keys[1], '-inf', until_now, 'BYSCORE', 'LIMIT', 0, argv[1], 'WITHSCORES')
  for i = 1, #due, 2 do
    local stream, name = due[i]:match('^([^|]+)|(.*)$')
    redis.call('ZREM', keys[1], due[i])
    redis.call('ZREM', keys[3], due[i])
    if stream then redis.call('XADD', keys[2], '*', argv[2], stream, 'alarm', name, 'due', due[i + 1]) end
  end
  if #due > 0 then wake_readers(keys[2]) end
  local following = redis.call('ZRANGE', keys[1], 0, 0, 'WITHSCORES')
  if not following[2] then return {#due / 2, -1} end
  -- Older versions took timers of any time; a day is as good as for ever.
  return {#due / 2, math.max(0, math.min(tonumber(following[2]) - now, 86400000))}
end

-- Whether an entry of the feed is work that a stream means: the engine's own timers are none.
local function is_work(entry, id_field, stream)
  local about = false
  for i = 1, #entry[2], 2 do
    local name, value = entry[2][i], entry[2][i + 1]
    if name == id_field then about = value == stream end
    if name == 'alarm' and value:sub(1, 7) == 'engine:' then return false end
  end
  return about
end

-- Whether one id of an entry lies before another.
local function is_before(id, other)
  local ms, seq = id:match('^(%d+)-(%d+)$')
  local other_ms, other_seq = other:match('^(%d+)-(%d+)$')
  if ms == other_ms then return tonumber(seq) < tonumber(other_seq) end
  return tonumber(ms) < tonumber(other_ms)
end

-- Whether a group other than `but` may still have to do with a stream: it was given an entry of it and has
-- not acknowledged it, has not read as far as `upto`, or is not there. Where `upto` is '', what it has not
-- read is looked through, and one that is too far behind for that counts as busy.
local function has_work(feed, about, groups, looked)
  if redis.call('EXISTS', feed) == 0 then return #groups > 0 end
  local missing = {}
  for _, group in ipairs(groups) do missing[group] = true end
  local function any(entries)
    for _, entry in ipairs(entries) do
      if is_work(entry, about.id_field, about.stream) then return true end
    end
    return false
  end
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', feed)) do
    local by = {}
    for i = 1, #info, 2 do by[info[i]] = info[i + 1] end
    local name, last = by['name'], by['last-delivered-id']
    missing[name] = nil
    if name ~= looked.but then
      if looked.upto == '' then
        local unread = redis.call('XRANGE', feed, '(' .. last, '+', 'COUNT', looked.most + 1)
        if #unread > looked.most or any(unread) then return true end
      elseif is_before(last, looked.upto) then
        return true
      end
      if by['pending'] > looked.most then return true end
      for _, held in ipairs(redis.call('XPENDING', feed, name, '-', '+', looked.most)) do
        if any(redis.call('XRANGE', feed, held[1], held[1])) then return true end
      end
    end
  end
  return next(missing) ~= nil
end

-- delete_stream: takes a stream out of the store with all that is kept under its id, in one step; or looks
-- whether it could. Nothing is taken where something has happened since the revision that the caller knows,
-- another life has begun under the id, or a group may still have work with it.
-- KEYS  1 log  2 meta  3 done  4 tokens  5 timers  6 names of timers  7 feed  8 operations,
--       then hashes with a field for the stream, then whatever else is the stream's
-- ARGV  id field, stream, revision, epoch (or ''), 'look', 'delete' or 'force' (whatever groups have to do),
--       a group whose entries do not count (or ''), the entry up to which groups must have read (or ''),
--       how many entries are looked at,
--       n, n x group that must be there, how many hashes, then nothing, or as in note
-- Gives 'ready' | 'deleted' | 'missing' | 'moved' | 'busy'. A second run finds it missing.
local function delete_stream(keys, argv)
  local stream, groups = argv[2], {}
  local n = is_whole(argv[9]) and tonumber(argv[9])
  need(n and is_whole(argv[8]) and is_whole(argv[10 + n]), 'how many groups, hashes and entries')
  local hashes = tonumber(argv[10 + n])
  need(#keys >= 8 + hashes and #keys < 6000, 'as many keys as are named')
  need(argv[5] == 'look' or argv[5] == 'delete' or argv[5] == 'force', 'what is to be done')
  if argv[11 + n] then need_note(keys[8], argv, 11 + n) end
  local head = redis.call('HMGET', keys[2], 'rev', 'epoch')
  if not head[1] then return 'missing' end
  if head[1] ~= argv[3] or (argv[4] ~= '' and head[2] ~= argv[4]) then return 'moved' end
  for i = 1, n do groups[i] = argv[9 + i] end
  local about = {id_field = argv[1], stream = stream}
  local looked = {but = argv[6], upto = argv[7], most = tonumber(argv[8])}
  if argv[5] ~= 'force' and has_work(keys[7], about, groups, looked) then return 'busy' end
  if argv[5] == 'look' then return 'ready' end
  -- `}` follows `|`, and neither is in an id.
  local timers = redis.call('ZRANGE', keys[6], '[' .. stream .. '|', '(' .. stream .. '}', 'BYLEX')
  for _, member in ipairs(timers) do
    redis.call('ZREM', keys[5], member)
    redis.call('ZREM', keys[6], member)
  end
  for i = 9, 8 + hashes do redis.call('HDEL', keys[i], stream) end
  redis.call('UNLINK', keys[1], keys[2], keys[3], keys[4], unpack(keys, 9 + hashes))
  if argv[11 + n] then note(keys[8], argv, 11 + n) end
  return 'deleted'
end
