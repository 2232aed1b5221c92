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
  -- In lots: a call costs more than a field, and Lua hands over no more than some 8,000 values.
  for first = 3, #argv, 1000 do
    local pairs_of = {}
    for i = first, math.min(first + 999, #argv) do
      pairs_of[#pairs_of + 1], pairs_of[#pairs_of + 2] = argv[i], now
    end
    redis.call('HSET', keys[1], unpack(pairs_of))
  end
  if argv[1] == '1' or #argv > 2 then
    redis.call('HSET', keys[1], '*', now)
    redis.call('PEXPIRE', keys[1], argv[2])
  end
  local reply = redis.call('HGETALL', keys[1])
  table.insert(reply, 1, now)
  return reply
end
