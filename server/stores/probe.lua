-- probe: does this server take a write now, and may this user do all that a game needs?
-- KEYS  1 a key of its own, for nothing else
-- ARGV  for each right: how many words, then the words, as a command has them; a command alone asks for
--       itself, with a key or a channel for that as well
-- Gives the numbers, from 1, of the rights that are missing; writes where none is. A right to a command that
-- the server does not have is not missing. May run twice.
local function probe(keys, argv)
  local missing, right, at = {}, 0, 1
  while at <= #argv do
    -- A number below 0 would go through the same words for ever.
    need(is_whole(argv[at]), 'a number of words')
    local words = tonumber(argv[at])
    right = right + 1
    local known, may = pcall(redis.acl_check_cmd, unpack(argv, at + 1, at + words))
    if known and not may then missing[#missing + 1] = right end
    at = at + 1 + words
  end
  if #missing == 0 then redis.call('SET', keys[1], string.format('%.0f', clock())) end
  return missing
end
