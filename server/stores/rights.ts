// What a user of the store must be allowed, and the ACL line that allows it. Asked for at each start and by
// each probe: a commit that is refused in its middle would keep its first half.

import type { GameKeys, GamePartition } from './keys.ts';

// As a client would send them, with K for a key: Valkey 8.0.1 asked whether a user who may use some keys may
// `SET`, and nothing more, reads what is not there and ends.
const needed = [
  ...['del K', 'exists K', 'get K', 'set K v', 'type K', 'unlink K', 'pexpire K 1'],
  ...['hdel K f', 'hexists K f', 'hget K f', 'hgetall K', 'hincrby K f 1', 'hincrbyfloat K f 1', 'hkeys K'],
  ...['hlen K', 'hscan K 0'],
  ...['hmget K f', 'hset K f v', 'sadd K m', 'smismember K m', 'zadd K 1 m', 'zcard K', 'zpopmin K'],
  ...['zrange K 0 0', 'zrangebyscore K 0 0', 'zrem K m', 'zscore K m', 'xack K g 0-1', 'xadd K * f v'],
  ...['xautoclaim K g c 0 0-0', 'xclaim K g c 0 0-1', 'xdel K 0-1', 'xlen K', 'xpending K g', 'xrange K - +'],
  ...['xread STREAMS K 0', 'xreadgroup GROUP g c STREAMS K >', 'xrevrange K + -', 'xtrim K MAXLEN 0'],
  ...['xgroup create K g 0', 'xgroup createconsumer K g c', 'xgroup delconsumer K g c', 'xgroup destroy K g'],
  ...[
    'xinfo consumers K g',
    'xinfo groups K',
    'multi',
    'exec',
    'fcall f 0',
    'function load f',
    'ping',
    'time',
  ],
  'wait 0 0',
] as const;

/** What goes on without: less is known then. JSON and Search are tried where they are used. */
const helpful = [
  ...[
    'info',
    'config get maxmemory',
    'client list',
    'client setname arena',
    'function list',
    'command info get',
  ],
] as const;

/** Readers on a cluster are woken by wake-ups; without it they look once a second. K is its channel. */
const wakeUps = ['cluster info', 'spublish K m', 'ssubscribe K', 'sunsubscribe K'] as const;

/** Lets a user do all of it, on one Valkey and on a cluster. */
const grants =
  '~game:* ~agent:* ~memory:* ~{*}:game:* ~{*}:agent:* ~{*}:memory:* &{*}:game:feed ' +
  '+@all -@dangerous +info +config|get +client|list';

/** `user`: as the server calls it; null where it did not say. */
export const aclLine = (user: string | null): string => `ACL SETUSER ${user ?? '<user>'} ${grants}`;

export interface Right {
  /** A command as a client would send it. */
  readonly words: readonly string[];
  /** As an ACL names it: `+xadd`, or a key. */
  readonly named: string;
  /** The key that it also asks for; null where it asks for none. */
  readonly key: string | null;
}

/** What is needed for these partitions, and for what all rooms share. */
export function rightsFor(keys: GameKeys, partitions: readonly GamePartition[], inCluster: boolean): Right[] {
  const commands = inCluster ? [...needed, 'cluster slots'] : needed;
  const [first] = partitions;
  const own = partitions.flatMap(({ feed }) => [feed, feed.replace('game:feed', 'agent:any')]);
  const shared = [keys.figures, keys.spent('any'), keys.boards.rows, `${keys.memory.question}any`];
  return [
    ...commands.map((command) => commandOn(command, first?.feed ?? '')),
    ...[...own, ...shared].flatMap((key) => [
      { words: ['get', key], named: `%R~${key}`, key },
      { words: ['set', key, ''], named: `%W~${key}`, key },
    ]),
  ];
}

/** What is worth having for these partitions. */
export function helpfulRights(partitions: readonly GamePartition[], inCluster: boolean): Right[] {
  const [first] = partitions;
  const commands = inCluster ? [...helpful, ...wakeUps] : helpful;
  return commands.map((command) => commandOn(command, first?.feed ?? ''));
}

/** The right to one of the commands above. A container of commands is named with the one that is meant. */
function commandOn(command: string, key: string): Right {
  const words = command.split(' ').map((word) => (word === 'K' ? key : word));
  const [name = '', second = ''] = words;
  const contains = /^(xgroup|xinfo|function|config|client|command|cluster)$/.test(name);
  const channel = /^(spublish|ssubscribe)$/.test(name) ? ` &${key}` : '';
  const named = `+${contains ? `${name}|${second}` : name}${channel}`;
  return { words, named, key: words.includes(key) ? key : null };
}

const namedMax = 5;

/**
 * Those that are missing, as an ACL names them: the key itself where no command may have it, and of keys
 * nothing where the command is missing that asks for them. `asked`: all that was asked for.
 */
export function namesOf(missing: readonly Right[], asked: readonly Right[]): string {
  const allowed = new Set(asked.filter((right) => !missing.includes(right)).map(({ key }) => key));
  const unknown = new Set(missing.map(({ named }) => named));
  const names = missing.flatMap(({ named, key }) => {
    if (unknown.has('+get') && named.startsWith('%R')) return [];
    if (unknown.has('+set') && named.startsWith('%W')) return [];
    return key === null || allowed.has(key) ? [named] : [`~${key}`];
  });
  const all = [...new Set(names)];
  const more = all.length > namedMax ? ` and ${all.length - namedMax} more` : '';
  return `${all.slice(0, namedMax).join(' ')}${more}`;
}
