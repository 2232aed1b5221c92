-- documents: JSON for readers, written by projectors alone.

-- A document as JSON, or as text: also where the server has JSON and refuses it, since some users may not use
-- all that a server has. Gives the refusal, or ''.
local function set_text(key, json, text)
  local reply = json and redis.pcall('JSON.SET', key, '$', text)
  local refusal = type(reply) == 'table' and reply.err or ''
  if not json or refusal ~= '' then redis.call('SET', key, text) end
  return refusal
end

-- put_documents: writes documents of a room, and its line in the list of rooms, where they are newer.
-- KEYS  1 docs  2 rooms, then a key for each document
-- ARGV  rev, epoch, '1' for JSON.SET, '1' to write again what stands at the same revision, room, its line,
--       then a name and a text for each document
-- Gives {how many were written, the refusal of JSON or ''}. A second run writes none, or the same. Another
-- epoch is another room: nothing of the old one counts.
local function put_documents(keys, argv)
  need(is_whole(argv[1]) and #argv == 2 + 2 * #keys, 'a revision, and a text for each document')
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
  local written, refusal = 0, ''
  for i = 3, #keys do
    local name, text = argv[2 * i + 1], argv[2 * i + 2]
    if newer(name) then
      local kind = redis.call('TYPE', keys[i]).ok
      if kind ~= 'none' and (kind == 'string') == json then redis.call('DEL', keys[i]) end
      local refused = set_text(keys[i], json, text)
      if refused ~= '' then refusal = refused end
      written = written + 1
    end
  end
  return {written, refusal}
end
