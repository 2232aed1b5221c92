-- boards: what is kept of games that are over, for all rooms together.

-- Forgets the oldest games where there are too many; one that stands on a board stays. Ids of games are in
-- the order of their making. No more than a thousand at once: older versions forgot none.
local function forget_oldest(revisions, rows, games, most, prefix)
  -- Older versions kept no order.
  if redis.call('ZCARD', games) < redis.call('HLEN', revisions) then
    for _, game in ipairs(redis.call('HKEYS', revisions)) do redis.call('ZADD', games, 0, game) end
  end
  local too_many = math.min(redis.call('ZCARD', games) - most, 1000)
  if too_many <= 0 then return end
  local standing, members = {}, redis.call('HKEYS', rows)
  for _, member in ipairs(members) do standing[member:match('^[^|]*')] = true end
  for _, game in ipairs(redis.call('ZRANGE', games, 0, too_many + #members - 1)) do
    if too_many > 0 and not standing[game] then
      redis.call('DEL', prefix .. game)
      redis.call('HDEL', revisions, game)
      redis.call('ZREM', games, game)
      too_many = too_many - 1
    end
  end
end

-- publish: keeps a game, and its places on the boards, instead of what an older revision of it left.
-- KEYS  1 the game  2 revisions by game  3 rows by member  4 board of all time  5 board of the game's day
--       6 board of today  7 games by their ids
-- ARGV  game, rev, text, the most that a board holds, ms to keep the day's board, the most games that are
--       kept, prefix of games, then for each row: member (game|player), score, text
-- Gives 1, or 0 when this revision or a newer one is there. May run twice.
local function publish(keys, argv)
  need(is_whole(argv[2]) and is_whole(argv[4]) and is_whole(argv[5]), 'a revision and limits')
  need(is_whole(argv[6]) and #argv % 3 == 1, 'the most games, and three values for each row')
  for i = 9, #argv, 3 do need(argv[i]:find('^%-?%d+%.?%d*$'), 'a score') end
  local game, rev, most = argv[1], tonumber(argv[2]), tonumber(argv[4])
  if tonumber(redis.call('HGET', keys[2], game) or 0) >= rev then return 0 end
  redis.call('HSET', keys[2], game, rev)
  redis.call('ZADD', keys[7], 0, game)
  -- The places of the older revision go first: a player may no longer be among the first of the game.
  local members = redis.call('HKEYS', keys[3])
  for _, member in ipairs(members) do
    if member:sub(1, #game + 1) == game .. '|' then
      redis.call('ZREM', keys[4], member)
      redis.call('ZREM', keys[5], member)
    end
  end
  redis.call('SET', keys[1], argv[3])
  for i = 8, #argv, 3 do
    redis.call('HSET', keys[3], argv[i], argv[i + 2])
    redis.call('ZADD', keys[4], argv[i + 1], argv[i])
    redis.call('ZADD', keys[5], argv[i + 1], argv[i])
  end
  for board = 4, 5 do
    local too_many = redis.call('ZCARD', keys[board]) - most
    if too_many > 0 then redis.call('ZPOPMIN', keys[board], too_many) end
  end
  redis.call('PEXPIRE', keys[5], argv[5])
  -- A row that stands on no board any more is deleted.
  for i = 8, #argv, 3 do members[#members + 1] = argv[i] end
  for _, member in ipairs(members) do
    local stands = false
    for board = 4, 6 do stands = stands or redis.call('ZSCORE', keys[board], member) end
    if not stands then redis.call('HDEL', keys[3], member) end
  end
  forget_oldest(keys[2], keys[3], keys[7], tonumber(argv[6]), argv[7])
  return 1
end
