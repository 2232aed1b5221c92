-- What functions have in common: the clock, their arguments, and what several of them do.

-- The store's time in ms.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
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

-- The decimal number that a field holds; nil where it holds none. `tonumber` takes 'inf' and '0x10', too.
local function number_in(text)
  return text and text:find('^%-?%d+%.?%d*$') and tonumber(text) or nil
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

-- Calls a command with all of a list, in pieces: Lua hands over no more than some 8,000 values.
local function call_with(command, key, list)
  for i = 1, #list, 4000 do redis.call(command, key, unpack(list, i, math.min(i + 3999, #list))) end
end
