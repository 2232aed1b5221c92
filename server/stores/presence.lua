-- The store's time in ms.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Whether an argument is a whole number from 0 in digits alone, which every command takes.
local function is_whole(value)
  return value ~= nil and #value <= 16 and value:find('^%d+$') ~= nil
end

-- Raises before anything was written where an argument is none that the writes below would take.
local function need(fits, what)
  if not fits then error('unfit argument: ' .. what) end
end

-- touch: notes contact with players now. The field `*` is contact with anybody at all.
-- KEYS  1 presence     ARGV  '1' if a host or player is there, ms to keep it, player ids...
-- Gives {now, fields and moments...}.
local function touch(keys, argv)
  need(is_whole(argv[2]), 'how long it is kept')
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
