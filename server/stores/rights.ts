// What a user of the store must be allowed, and the ACL line that allows it. Asked for at each start and by
// each probe: a commit that is refused in its middle would keep its first half.

import type { GameKeys, GamePartition } from './keys.ts';

/** Every command that a game, its desk or a function needs; what goes on without is in `optional`. */
const needed = [
  ...['del', 'exists', 'get', 'set', 'type', 'unlink', 'pexpire', 'json.get', 'json.set'],
  ...['hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hincrbyfloat', 'hkeys', 'hmget', 'hset'],
  ...['sadd', 'smismember', 'zadd', 'zcard', 'zpopmin', 'zrange', 'zrangebyscore', 'zrem', 'zscore'],
  ...['xack', 'xadd', 'xautoclaim', 'xclaim', 'xdel', 'xlen', 'xpending', 'xrange', 'xread', 'xreadgroup'],
  ...['xrevrange', 'xtrim', 'xgroup create', 'xgroup createconsumer', 'xgroup delconsumer', 'xgroup destroy'],
  ...['xinfo consumers', 'xinfo groups', 'multi', 'exec', 'fcall', 'function load', 'ping', 'time', 'wait'],
] as const;

/** On a cluster alone. */
const neededInCluster = ['cluster slots', 'spublish', 'ssubscribe', 'sunsubscribe'] as const;

/** Lets a user do all of it, on one Valkey and on a cluster, and what only an operator misses. */
const grants =
  '~game:* ~agent:* ~memory:* ~{*}:game:* ~{*}:agent:* ~{*}:memory:* &{*}:game:feed ' +
  '+@all -@dangerous +info +config|get +client|list';

/** `user`: as the server calls it; null where it did not say. */
export const aclLine = (user: string | null): string => `ACL SETUSER ${user ?? '<user>'} ${grants}`;

export interface Right {
  /** As a command has them. */
  readonly words: readonly string[];
  readonly named: string;
  /** To a key or a channel, by this command; null for the right to a command itself. */
  readonly by: string | null;
}

/** What is needed for these partitions, and for what all rooms share. */
export function rightsFor(keys: GameKeys, partitions: readonly GamePartition[], inCluster: boolean): Right[] {
  const commands = inCluster ? [...needed, ...neededInCluster] : needed;
  const ofPartitions = partitions.flatMap(({ feed }) => [feed, feed.replace('game:feed', 'agent:any')]);
  const shared = [keys.figures, keys.spent('any'), keys.boards.rows, `${keys.memory.question}any`];
  return [
    ...commands.map((named) => ({ words: named.split(' '), named: named.replace(' ', '|'), by: null })),
    ...[...ofPartitions, ...shared].flatMap((key) => [
      { words: ['get', key], named: `%R~${key}`, by: 'get' },
      { words: ['set', key, ''], named: `%W~${key}`, by: 'set' },
    ]),
    ...(inCluster ? partitions : []).flatMap(({ feed }) => [
      { words: ['spublish', feed, ''], named: `&${feed}`, by: 'spublish' },
    ]),
  ];
}

const namedMax = 5;

/** Those that are missing, as an ACL names them; what a missing command explains is left out. */
export function namesOf(missing: readonly Right[]): string {
  const commands = missing.filter(({ by }) => by === null).map(({ named }) => named);
  const rest = missing.filter(({ by }) => by !== null && !commands.includes(by)).map(({ named }) => named);
  const all = [...commands.map((name) => `+${name}`), ...rest];
  const more = all.length > namedMax ? ` and ${all.length - namedMax} more` : '';
  return `${all.slice(0, namedMax).join(' ')}${more}`;
}
