-- What is true of streams beside their logs: their time, their timers, their end.

-- moment: the time of a stream, never before its last event, as commits are stamped.
-- KEYS  1 meta     Gives ms.
local function moment(keys)
  return string.format('%.0f', math.max(clock(), tonumber(redis.call('HGET', keys[1], 'at') or 0)))
end

-- fire: takes timers that are due and puts a pointer for each into the feed, in one step: a timer is in
-- exactly one place. Any number of processes may call it.
-- KEYS  1 timers  2 feed     ARGV  how many at most, id field      Gives {fired, ms until the next one or
-- -1}.
local function fire(keys, argv)
  local now = clock()
  local until_now = string.format('%.0f', now)
  local due = redis.call('ZRANGE', keys[1], '-inf', until_now, 'BYSCORE', 'LIMIT', 0, argv[1], 'WITHSCORES')
  for i = 1, #due, 2 do
    local stream, name = due[i]:match('^([^|]+)|(.*)$')
    redis.call('ZREM', keys[1], due[i])
    redis.call('XADD', keys[2], '*', argv[2], stream, 'alarm', name, 'due', due[i + 1])
  end
  if #due > 0 then ring(keys[2]) end
  local following = redis.call('ZRANGE', keys[1], 0, 0, 'WITHSCORES')
  if not following[2] then return {#due / 2, -1} end
  return {#due / 2, math.max(0, tonumber(following[2]) - now)}
end

-- retire: takes a stream that was archived out of the store and notes who did so, in one step, unless
-- something has happened in it since: that is not in the archive.
-- KEYS  1 meta  2 listing  3 operations, then whatever else is the stream's
-- ARGV  its field in the listing, revision that was archived, as in note
-- Gives 1, or 0 where the stream has moved on or is gone.
local function retire(keys, argv)
  if redis.call('HGET', keys[1], 'rev') ~= argv[2] then return 0 end
  redis.call('HDEL', keys[2], argv[1])
  redis.call('UNLINK', keys[1], unpack(keys, 4))
  note(keys[3], argv, 3)
  return 1
end
