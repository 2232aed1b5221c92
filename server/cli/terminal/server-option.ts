// Which server a player or a bot in the terminal speaks to.

import { Option } from 'commander';

/** Where the socket is of a server at `site`. */
export const socketUrlOf = (site: string): string => `${site.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`;

/** `--url`, else ARENA_URL, else the server that starts here with the same PORT. */
export const serverOption = (): Option =>
  new Option('--url <url>', 'the server')
    .env('ARENA_URL')
    .default(`http://localhost:${process.env['PORT'] || '8000'}`);
