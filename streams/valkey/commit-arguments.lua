-- The arguments of `commit`, whose header tells them: looked at before anything is written.

-- How many arguments a commit has before its lists.
local heads = 18

-- Fields that say where a stream stands; no change may name one.
local own = {rev = true, turn = true, at = true, seal = true}
local changing = {value = true, ['in'] = true, rev = true, drop = true}
local timing = {['in'] = true, at = true, cancel = true}

local function is_ms(op, value)
  return op ~= 'in' and op ~= 'at' or is_whole(value)
end

-- Why a commit would raise between two writes, or leave what is never read; nil where it is fit.
local function unfit(argv, at, changes, timers, secrets)
  local counted, entry = argv[at + 10], argv[at + 6]
  if entry ~= '' and not is_entry(entry) then return 'the entry that it acknowledges' end
  if own[counted] then return 'it counts ' .. counted end
  -- One HSET takes them all, and Lua hands over no more than some 8,000 values.
  if timers - changes > 6000 then return 'it changes too many fields' end
  for i = changes, timers - 1, 3 do
    local op, field = argv[i], argv[i + 1]
    if not changing[op] or own[field] or field == '' or not is_ms(op, argv[i + 2]) then
      return 'the change of the field ' .. field
    end
    if field == counted then return 'it counts and changes the field ' .. field end
  end
  for i = timers, secrets - 1, 3 do
    if not timing[argv[i]] or argv[i + 1] == '' or not is_ms(argv[i], argv[i + 2]) then
      return 'the timer ' .. argv[i + 1]
    end
  end
end

-- Where the arguments of each commit begin. Raises where they are not as many as they say.
local function begins_of(keys, argv, streams)
  need(#keys % 4 == 1 and streams >= 1, 'five keys, and four of each stream')
  need(is_whole(argv[2]) and #argv > 2 + streams, 'the number of hints that are kept, and the ids')
  local begins, at = {}, 3 + streams
  while at <= #argv do
    local stream, guards, events = tonumber(argv[at + 1]), tonumber(argv[at + 13]), tonumber(argv[at + 14])
    local changes, timers = tonumber(argv[at + 15]), tonumber(argv[at + 16])
    local secrets = tonumber(argv[at + 17])
    local numbers = stream and guards and events and changes and timers and secrets
    -- One by one would be a call of a function for each, of every commit.
    if not numbers or stream < 1 or stream > streams
      or guards < 0 or events < 0 or changes < 0 or timers < 0 or secrets < 0
      or stream % 1 + guards % 1 + events % 1 + changes % 1 + timers % 1 + secrets % 1 ~= 0 then
      error('unfit argument: the stream of a commit, or a number of rows')
    end
    local size = heads + 4 * guards + 3 * events + 3 * changes + 3 * timers + 2 * secrets
    need(size == tonumber(argv[at]) and at + size - 1 <= #argv, 'as many arguments as it says')
    begins[#begins + 1] = at
    at = at + size
  end
  -- Lua hands over no more than some 8,000 values.
  need(#begins <= 1000, 'so many commits')
  return begins
end
