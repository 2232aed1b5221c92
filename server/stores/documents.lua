-- documents: JSON for whoever reads, written by projectors alone.

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
