// Functions of the store, called with arguments that a client with a fault might send: one that raises, or
// refuses, must have written nothing.

import { expect } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import type { Library } from '../../streams/valkey/functions.ts';

export interface GoodCall<Name extends string> {
  readonly name: Name;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
  /** Commands that come before it, so that it gets as far as its last write. */
  readonly seed: readonly (readonly [string, ...(string | number)[]])[];
}

const odd = ['', 'nan', 'inf', '-1', '1.5', '1e300', ' 7', '0x10', 'odd', '1', '3', '99999999999999999999'];

/** What replies refuse by, where nothing is raised: the whole call, or each of a list. */
const isRefusal = (reply: unknown): boolean =>
  Array.isArray(reply) &&
  (reply[0] === 'unfit' || reply[0] === 'failed' || (reply.length > 0 && reply.every(isRefusal)));

/** Each argument replaced by each odd one, fewer arguments, and more, also far too many. */
function* oddly(args: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  for (const [index, arg] of args.entries()) {
    for (const other of odd) if (other !== String(arg)) yield args.with(index, other);
    yield args.slice(0, index);
  }
  for (const more of [1, 2, 3, 9_000, 9_001, 9_002]) yield [...args, ...Array<string>(more).fill('x')];
}

async function contentsOf(commands: Valkey): Promise<string> {
  const names = (await commands.keys('*')).sort();
  const all = await Promise.all(names.map((name) => commands.dumpBuffer(name)));
  return names.map((name, index) => `${name}=${all[index]?.toString('hex')}`).join('\n');
}

/** Gives how many calls were refused; the test fails for one that had written before it raised. */
export async function tryOddly<Name extends string>(
  commands: Valkey,
  library: Library<Name>,
  { name, keys, args, seed }: GoodCall<Name>,
): Promise<number> {
  const begin = async () => {
    await commands.flushall();
    for (const [command, ...rest] of seed) await commands.call(command, ...rest);
    return contentsOf(commands);
  };
  const untouched = await begin();
  const reply = await library.call(commands, name, keys, args);
  expect(isRefusal(reply), `${name} refuses a good call: ${String(reply)}`).toBe(false);
  expect(await contentsOf(commands), `${name} writes`).not.toBe(untouched);
  let refused = 0;
  for (const wrong of oddly(args)) {
    const before = await begin();
    const error = await library.call(commands, name, keys, wrong).then(
      (given) => (isRefusal(given) ? given : null),
      (thrown: unknown) => thrown,
    );
    if (error === null) continue;
    refused += 1;
    const said = `${name}(${wrong.slice(0, 60).join(' ')}) of ${wrong.length}: ${String(error)}`;
    expect(await contentsOf(commands), said).toBe(before);
  }
  return refused;
}
