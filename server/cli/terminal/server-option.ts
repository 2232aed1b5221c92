// The option `--url`: the server that a player or bots in the terminal connect to.

import { Option } from 'commander';

/** The address of the WebSocket of a server at `site`. */
export const socketUrlOf = (site: string): string => `${site.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`;

/** `--url`, else ARENA_URL, else a server on this machine at PORT. */
export const serverOption = (): Option =>
  new Option('--url <url>', 'the server')
    .env('ARENA_URL')
    .default(`http://localhost:${process.env['PORT'] || '8000'}`);
