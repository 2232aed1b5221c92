// A Valkey whose clock is told by the test: functions of the engine read the moment of a key instead of TIME,
// and nothing else of them is changed. Laid over one connection, from outside of the engine.

import type { Valkey } from '../../streams/valkey/connection.ts';

export interface ToldClock {
  /** ms; from now on it is this moment. It may be an earlier one. */
  tell(now: number): Promise<void>;
}

const key = 'told-clock';
const ofTheEngine = /^local function clock\(\)\n[\s\S]*?\n^end$/m;
const told = `local function clock()\n  return tonumber(redis.call('GET', '${key}'))\nend`;

/** Before the first function is called on a server that no other program uses. */
export async function toldClockOn(commands: Valkey): Promise<ToldClock> {
  const call = commands.call.bind(commands) as (...words: unknown[]) => Promise<unknown>;
  commands.call = ((...words: unknown[]) =>
    words[0] === 'FUNCTION' && words[1] === 'LOAD'
      ? call('FUNCTION', 'LOAD', overlaid(String(words[2])))
      : call(...words)) as typeof commands.call;
  let now = 0;
  const time = () => Promise.resolve([Math.floor(now / 1_000), (now % 1_000) * 1_000]);
  commands.time = time as unknown as typeof commands.time;
  return {
    async tell(next) {
      now = next;
      await commands.set(key, next);
    },
  };
}

function overlaid(library: string): string {
  if (!ofTheEngine.test(library)) throw new Error('the library has no function `clock` to lay another over');
  return library.replace(ofTheEngine, told);
}
