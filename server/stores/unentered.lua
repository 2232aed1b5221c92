-- expect: records a room that is about to be made and was not entered yet.
-- KEYS  1 unentered     ARGV  room, the most that may wait, ms for which each may wait undisturbed, how many
--       may have to go at once
-- Gives {0, rooms that have to go for it, the oldest first...}, or {ms until the oldest may go} where all are
-- too young; then nothing is noted. May run twice.
local function expect(keys, argv)
  local room, most, young, lot = argv[1], tonumber(argv[2]), tonumber(argv[3]), tonumber(argv[4])
  if redis.call('ZSCORE', keys[1], room) then return {0} end
  local now, reply = clock(), {0}
  local over = math.min(redis.call('ZCARD', keys[1]) + 1 - most, lot)
  if over > 0 then
    local oldest = redis.call('ZRANGE', keys[1], 0, over - 1, 'WITHSCORES')
    local wait = tonumber(oldest[#oldest]) + young - now
    if wait > 0 then return {wait} end
    for i = 1, #oldest, 2 do reply[#reply + 1] = oldest[i] end
  end
  redis.call('ZADD', keys[1], string.format('%.0f', now), room)
  return reply
end
