-- Alarms, presence and documents: what is true beside the log.

-- moment: the time of a room, never before its last event, as commits are stamped.
-- KEYS  1 meta     Gives ms.
local function moment(keys)
  return string.format('%.0f', math.max(clock(), tonumber(redis.call('HGET', keys[1], 'at') or 0)))
end

-- fire: takes alarms that are due and puts a pointer for each into the feed, in one step: an alarm is in
-- exactly one place. Any number of processes may call it.
-- KEYS  1 timers  2 feed     ARGV  how many at most      Gives {fired, ms until the next one or -1}.
local function fire(keys, argv)
  local now = clock()
  local until_now = string.format('%.0f', now)
  local due = redis.call('ZRANGE', keys[1], '-inf', until_now, 'BYSCORE', 'LIMIT', 0, argv[1], 'WITHSCORES')
  for i = 1, #due, 2 do
    local room, name = due[i]:match('^([^|]+)|(.*)$')
    redis.call('ZREM', keys[1], due[i])
    redis.call('XADD', keys[2], '*', 'room', room, 'alarm', name, 'due', due[i + 1])
  end
  if #due > 0 then ring(keys[2]) end
  local following = redis.call('ZRANGE', keys[1], 0, 0, 'WITHSCORES')
  if not following[2] then return {#due / 2, -1} end
  return {#due / 2, math.max(0, tonumber(following[2]) - now)}
end

-- touch: notes contact with players now. The field `*` is contact with anybody at all.
-- KEYS  1 presence     ARGV  '1' if somebody is there, ms to keep it, player ids...
-- Gives {now, fields and moments...}.
local function touch(keys, argv)
  local now = string.format('%.0f', clock())
  for i = 3, #argv do redis.call('HSET', keys[1], argv[i], now) end
  if argv[1] == '1' or #argv > 2 then
    redis.call('HSET', keys[1], '*', now)
    redis.call('PEXPIRE', keys[1], argv[2])
  end
  local reply = redis.call('HGETALL', keys[1])
  table.insert(reply, 1, now)
  return reply
end

-- put_documents: writes documents of a room, and its line in the list of rooms, where they are newer.
-- KEYS  1 docs  2 rooms, then a key for each document
-- ARGV  rev, epoch, '1' for JSON.SET, '1' to write again what stands at the same revision, room, its line,
--       then a name and a text for each document
-- Gives how many were written. A second run writes none, or the same. Another epoch is another room: nothing
-- of the old one counts.
local function put_documents(keys, argv)
  local rev, epoch, json, again = tonumber(argv[1]), argv[2], argv[3] == '1', argv[4] == '1'
  if redis.call('HGET', keys[1], 'epoch') ~= epoch then
    redis.call('DEL', keys[1])
    redis.call('HSET', keys[1], 'epoch', epoch)
  end
  local function newer(name)
    local stands = tonumber(redis.call('HGET', keys[1], name) or 0)
    if stands > rev or stands == rev and not again then return false end
    redis.call('HSET', keys[1], name, rev)
    return true
  end
  if newer('*') then redis.call('HSET', keys[2], argv[5], argv[6]) end
  local written = 0
  for i = 3, #keys do
    local name, text = argv[2 * i + 1], argv[2 * i + 2]
    if newer(name) then
      local kind = redis.call('TYPE', keys[i]).ok
      if kind ~= 'none' and (kind == 'string') == json then redis.call('DEL', keys[i]) end
      if json then redis.call('JSON.SET', keys[i], '$', text) else redis.call('SET', keys[i], text) end
      written = written + 1
    end
  end
  return written
end

-- retire: takes a room that was archived out of the store and notes who did so, in one step, unless something
-- has happened in it since: that is not in the archive.
-- KEYS  1 meta  2 rooms  3 operations, then whatever else is the room's
-- ARGV  room, revision that was archived, as in note
-- Gives 1, or 0 where the room has moved on or is gone.
local function retire(keys, argv)
  if redis.call('HGET', keys[1], 'rev') ~= argv[2] then return 0 end
  redis.call('HDEL', keys[2], argv[1])
  redis.call('UNLINK', keys[1], unpack(keys, 4))
  note(keys[3], argv, 3)
  return 1
end
