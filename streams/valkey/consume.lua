-- What a consumer of the feed does around its handler. Each first makes sure that the entry is still its
-- own: a bare XCLAIM or XACK by an owner of yesterday would take it back from its new one.

local function is_mine(feed, group, consumer, entry)
  return #redis.call('XPENDING', feed, group, entry, entry, 1, consumer) > 0
end

-- Takes back the count of a start. One that was never started stays at nothing: below it its next start would
-- count as none.
local function take_back(attempts, group, entry)
  local field = group .. ':' .. entry
  if redis.call('HEXISTS', attempts, field) == 1 and redis.call('HINCRBY', attempts, field, -1) <= 0 then
    redis.call('HDEL', attempts, field)
  end
end

-- start: counts a start of the handler for each entry, durably, before it runs: one that kills its process is
-- counted, too.
-- KEYS  1 feed  2 attempts     ARGV  group, consumer, entry ids...
-- Gives {starts, exceptions} for each, {0, 0} for one that is another's. Each run counts one more.
local function start(keys, argv)
  local group, consumer, replies, fields, counted = argv[1], argv[2], {}, {}, {}
  -- Lua hands over no more than some 8,000 values.
  need(#argv > 2 and #argv <= 1002, 'the ids of some entries')
  for i = 3, #argv do
    if is_mine(keys[1], group, consumer, argv[i]) then
      local field = group .. ':' .. argv[i]
      fields[#fields + 1], fields[#fields + 2] = field, field .. ':x'
      counted[#counted + 1] = i - 2
    else
      replies[i - 2] = {0, 0}
    end
  end
  if #fields == 0 then return replies end
  local before, after, starts = redis.call('HMGET', keys[2], unpack(fields)), {}, {}
  for i = 1, #fields, 2 do
    local field = fields[i]
    starts[field] = (starts[field] or tonumber(before[i] or 0)) + 1
    after[i], after[i + 1] = field, starts[field]
    replies[counted[(i + 1) / 2]] = {starts[field], tonumber(before[i + 1] or 0)}
  end
  redis.call('HSET', keys[2], unpack(after))
  return replies
end

-- failed: counts an exception of the handler and keeps what it said, for those who ask what a stream
-- waits for.
-- KEYS  1 feed  2 attempts     ARGV  group, consumer, entry id, message
-- Gives exceptions so far, or 0 when the entry is another's or done: its counts would stay.
local function failed(keys, argv)
  local group, consumer, entry = argv[1], argv[2], argv[3]
  if not is_mine(keys[1], group, consumer, entry) then return 0 end
  need(argv[4], 'what the exception said')
  local field = group .. ':' .. entry
  local exceptions = redis.call('HINCRBY', keys[2], field .. ':x', 1)
  redis.call('HSET', keys[2], field .. ':e', argv[4])
  return exceptions
end

-- renew: keeps entries from being claimed while the handler works.
-- KEYS  1 feed     ARGV  group, consumer, entry ids...
-- Gives the ids of those that another consumer has by now. One that is acknowledged belongs to none.
-- May run twice.
local function renew(keys, argv)
  local group, consumer, others = argv[1], argv[2], {}
  for i = 3, #argv do need(is_entry(argv[i]), 'the id of an entry') end
  for i = 3, #argv do
    local held = redis.call('XPENDING', keys[1], group, argv[i], argv[i], 1)[1]
    if held and held[2] == consumer then
      redis.call('XCLAIM', keys[1], group, consumer, 0, argv[i], 'IDLE', 0, 'JUSTID')
    elseif held then
      others[#others + 1] = argv[i]
    end
  end
  return others
end

-- release: gives an entry up at once, because the process drains. A start that it has not come back from is
-- uncounted.
-- KEYS  1 feed  2 attempts
-- ARGV  group, consumer, entry id, idle ms at which others may claim it, '1' where it was started or ''
-- Gives 1 or 0.
local function release(keys, argv)
  local group, consumer, entry = argv[1], argv[2], argv[3]
  if not is_mine(keys[1], group, consumer, entry) then return 0 end
  need(is_whole(argv[4]), 'how long it was idle')
  if argv[5] == '1' then take_back(keys[2], group, entry) end
  redis.call('XCLAIM', keys[1], group, consumer, 0, entry, 'IDLE', argv[4], 'JUSTID')
  return 1
end

-- uncount: takes back the count of a start that ended for no reason of the handler's.
-- KEYS  1 feed  2 attempts     ARGV  group, consumer, entry id
-- Gives 1 or 0. Not twice for one start.
local function uncount(keys, argv)
  local group, consumer, entry = argv[1], argv[2], argv[3]
  if not is_mine(keys[1], group, consumer, entry) then return 0 end
  take_back(keys[2], group, entry)
  return 1
end

-- take_rate: asks for one start under a rate, and counts it where it is free (GCRA: of a key one moment is
-- kept, when its rate is as if unused again).
-- KEYS  1 rate     ARGV  µs between starts, how many may come at once after a rest
-- Gives 0, or for how many µs none is free. Each run that gives 0 counts one more.
local function take_rate(keys, argv)
  local interval, burst = tonumber(argv[1]), tonumber(argv[2])
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  local unused = math.max(now, tonumber(redis.call('GET', keys[1]) or now))
  -- A clock that was set back does not keep it closed.
  unused = math.min(unused, now + interval * burst)
  local wait = unused - interval * (burst - 1) - now
  if wait > 0 then return wait end
  local after = unused + interval
  redis.call('SET', keys[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
  return 0
end

-- Deletes how often a handler was started for an entry, how often it failed, and with what.
local function clear_attempts(attempts, group, entry)
  local field = group .. ':' .. entry
  redis.call('HDEL', attempts, field, field .. ':x', field .. ':e')
end

-- dead_letter: moves an entry to the dead letters and acknowledges it, in one step.
-- KEYS  1 feed  2 attempts  3 dead     ARGV  group, consumer, entry id, then field, value, ...
-- Gives the id of the dead letter, or '' when the entry is another's. A second run finds nothing pending.
local function dead_letter(keys, argv)
  local group, consumer, entry = argv[1], argv[2], argv[3]
  if not is_mine(keys[1], group, consumer, entry) then return '' end
  local letter = {}
  for i = 4, #argv do letter[#letter + 1] = argv[i] end
  local id = redis.call('XADD', keys[3], '*', unpack(letter))
  redis.call('XACK', keys[1], group, entry)
  clear_attempts(keys[2], group, entry)
  return id
end

-- drop_consumer: removes a consumer that has nothing pending: XGROUP DELCONSUMER alone would lose that.
-- KEYS  1 feed     ARGV  group, consumer      Gives 1 if it is gone, 0 if it still has entries.
local function drop_consumer(keys, argv)
  if #redis.call('XPENDING', keys[1], argv[1], '-', '+', 1, argv[2]) > 0 then return 0 end
  redis.call('XGROUP', 'DELCONSUMER', keys[1], argv[1], argv[2])
  return 1
end

-- trim: deletes feed entries that every group has read and acknowledged.
-- KEYS  1 feed     ARGV  groups that must exist...      Gives the number of entries removed.
local function trim(keys, argv)
  if redis.call('EXISTS', keys[1]) == 0 then return 0 end
  local function parts(id)
    local ms, seq = id:match('^(%d+)-(%d+)$')
    return tonumber(ms), tonumber(seq)
  end
  local oldest, seen = nil, {}
  local function keep(id)
    if not oldest then oldest = id return end
    local ms, seq = parts(id)
    local oldest_ms, oldest_seq = parts(oldest)
    if ms < oldest_ms or (ms == oldest_ms and seq < oldest_seq) then oldest = id end
  end
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', keys[1])) do
    local by = {}
    for i = 1, #info, 2 do by[info[i]] = info[i + 1] end
    seen[by['name']] = true
    keep(by['last-delivered-id'])
    local pending = redis.call('XPENDING', keys[1], by['name'])
    if pending[2] then keep(pending[2]) end
  end
  for _, group in ipairs(argv) do
    if not seen[group] then return 0 end
  end
  -- No group has read anything yet.
  if not oldest then return 0 end
  return redis.call('XTRIM', keys[1], 'MINID', oldest)
end

-- Raises where the arguments from `from` on are none of `note`, and where the key takes none: looked at
-- before the action is done, since nothing of it is taken back where a later command raises.
local function need_note(key, argv, from)
  need(is_whole(argv[from]) and #argv >= from + 8, 'a note')
  redis.call('XLEN', key)
end

-- note: an operator's action, as an event of its own.
-- ARGV  from `from` on: how many are kept, then four times field, value
local function note(key, argv, from)
  need_note(key, argv, from)
  redis.call('XADD', key, 'MAXLEN', '~', argv[from], '*', unpack(argv, from + 1, from + 8))
end

-- note_operation: notes what an operator did elsewhere.
-- KEYS  1 operations     ARGV  as in note
local function note_operation(keys, argv)
  note(keys[1], argv, 1)
  return 1
end

-- requeue: puts a dead letter back into the feed, takes it out of the dead letters, and notes who did so, in
-- one step. A letter carries how often it was put back; older versions counted in the hash of attempts.
-- KEYS  1 feed  2 dead  3 attempts  4 operations  5 meta of its stream
-- ARGV  letter id, field of an older count, as in note, then field, value, ... of the feed entry
-- Gives how often it was put back, this time included, and the entry says so, too; 0 when the letter is gone;
-- -1 when its stream is, and then the letter stays. A second run finds it gone.
local function requeue(keys, argv)
  need_note(keys[4], argv, 3)
  redis.call('XLEN', keys[1])
  -- Lua hands over no more than some 8,000 values.
  need(#argv % 2 == 1 and #argv < 6000, 'fields of an entry')
  local letter = redis.call('XRANGE', keys[2], argv[1], argv[1])[1]
  if not letter then return 0 end
  if redis.call('EXISTS', keys[5]) == 0 then return -1 end
  local times = tonumber(redis.call('HGET', keys[3], argv[2]) or 0)
  for i = 1, #letter[2], 2 do
    if letter[2][i] == 'requeues' then times = math.max(times, tonumber(letter[2][i + 1]) or 0) end
  end
  redis.call('XDEL', keys[2], argv[1])
  redis.call('XADD', keys[1], '*', 'requeues', times + 1, unpack(argv, 12))
  wake_readers(keys[1])
  note(keys[4], argv, 3)
  return times + 1
end

-- drop: throws a dead letter away and notes who did so, in one step.
-- KEYS  1 dead  2 operations     ARGV  letter id, as in note
-- Gives 1, or 0 when the letter is gone.
local function drop(keys, argv)
  need_note(keys[2], argv, 2)
  if redis.call('XDEL', keys[1], argv[1]) == 0 then return 0 end
  note(keys[2], argv, 2)
  return 1
end
