-- memory: questions that were played, for every room together.

-- Puts a question on its shelf. Where JSON is refused it stands as text, which holds the same.
-- Gives the refusal, or ''.
local function shelve(key, kind, text, vector, room, space)
  redis.call('DEL', key)
  if kind == 'hash' then
    redis.call('HSET', key, 'doc', text, 'embedding', vector, 'room', room, 'space', space)
    return ''
  end
  return set_text(key, kind == 'json', text)
end

-- reshelve: puts a question that stands in another form than is searched into this one.
-- KEYS  1 the question
-- ARGV  'json' | 'hash' | 'string', text, vector, room, space
-- Gives the refusal, or ''. One that was forgotten meanwhile stays so. May run twice.
local function reshelve(keys, argv)
  need(#argv == 5, 'a question')
  if redis.call('EXISTS', keys[1]) == 0 then return '' end
  return shelve(keys[1], unpack(argv))
end

-- remember: keeps questions of a room, and how far the room is remembered, in one step. The oldest go where
-- there are too many.
-- KEYS  1 rooms  2 index of the space, then a key for each question
-- ARGV  room, epoch, rev, 'json' | 'hash' | 'string', the most that are kept, prefix of the questions,
--       then for each question: id, space, text, vector (little-endian float32, for 'hash')
-- Gives {how many are new, the refusal of JSON or ''}. A second run finds none new.
local function remember(keys, argv)
  need(is_whole(argv[3]) and is_whole(argv[5]), 'a revision, and how many are kept')
  need(#argv == 6 + 4 * (#keys - 2), 'four values for each question')
  local room, epoch, rev, kind = argv[1], argv[2], tonumber(argv[3]), argv[4]
  local added, refusal = 0, ''
  for i = 3, #keys do
    local at = 7 + (i - 3) * 4
    local id, space, text, vector = argv[at], argv[at + 1], argv[at + 2], argv[at + 3]
    if not redis.call('ZSCORE', keys[2], id) then
      local refused = shelve(keys[i], kind, text, vector, room, space)
      if refused ~= '' then refusal = refused end
      local newest = redis.call('ZRANGE', keys[2], -1, -1, 'WITHSCORES')
      redis.call('ZADD', keys[2], tonumber(newest[2] or 0) + 1, id)
      added = added + 1
    end
  end
  local too_many = redis.call('ZCARD', keys[2]) - tonumber(argv[5])
  if too_many > 0 then
    local oldest = redis.call('ZPOPMIN', keys[2], too_many)
    for i = 1, #oldest, 2 do redis.call('DEL', argv[6] .. oldest[i]) end
  end
  local known_epoch, known_rev = (redis.call('HGET', keys[1], room) or ''):match('^(.*) (%d+)$')
  if known_epoch ~= epoch or tonumber(known_rev) < rev then
    redis.call('HSET', keys[1], room, epoch .. ' ' .. rev)
  end
  return {added, refusal}
end
