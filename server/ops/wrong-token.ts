// What the desk says to a request without its token. The page knows by it that it has to ask for one.

export const wrongToken = 'The token, ARENA_OPS_TOKEN, is missing or wrong.';
