// All that a store keeps, in words that are equal where it is: keys with their values, and what groups were
// given. And what a log must be by itself, found out without the engine's own code.

import { createHash } from 'node:crypto';
import type { Valkey } from '../../../streams/valkey/connection.ts';

/** Read in one step. A key that expires bears its moment. */
const script = `
local all = {}
local names = redis.call('KEYS', '*')
table.sort(names)
for _, name in ipairs(names) do
  local kind, value = redis.call('TYPE', name).ok, nil
  if kind == 'stream' then value = redis.call('XINFO', 'STREAM', name, 'FULL', 'COUNT', 0)
  elseif kind == 'zset' then value = redis.call('ZRANGE', name, 0, -1, 'WITHSCORES')
  elseif kind == 'hash' then value = redis.call('HGETALL', name)
  else value = redis.call('GET', name) end
  all[#all + 1] = {name, kind, redis.call('PEXPIRETIME', name), value}
end
return all`;

/** How a server holds a stream, and when it last saw a consumer: no file keeps them. */
const passing = new Set(['radix-tree-keys', 'radix-tree-nodes', 'seen-time', 'active-time']);

type Reply = string | number | null | readonly Reply[];
type Row = readonly [name: string, kind: string, expiresAt: number, value: Reply];

export type Contents = Readonly<Record<string, unknown>>;

export async function contentsOf(commands: Valkey): Promise<Contents> {
  const rows = (await commands.call('EVAL_RO', script, 0)) as Row[];
  return Object.fromEntries(
    rows.map(([name, kind, expiresAt, value]) => {
      const known = kind === 'stream' ? infoOf(value) : kind === 'hash' ? pairsOf(value) : value;
      return [name, { kind, expiresAt, value: known }];
    }),
  );
}

/** What XINFO tells of a stream as names and values, with its groups and their consumers. */
function infoOf(reply: Reply): Record<string, unknown> {
  const { groups, ...stream } = lasting(reply);
  const ofGroup = (group: Reply) => {
    const { consumers, ...known } = lasting(group);
    return { ...known, consumers: (consumers as readonly Reply[]).map(lasting) };
  };
  return { ...stream, groups: (groups as readonly Reply[]).map(ofGroup) };
}

const lasting = (reply: Reply): Record<string, Reply> =>
  Object.fromEntries(Object.entries(pairsOf(reply)).filter(([name]) => !passing.has(name)));

const pairsOf = (flat: Reply): Readonly<Record<string, Reply>> => {
  const list = flat as readonly Reply[];
  const names = list.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [String(name), list[2 * index + 1] ?? null]));
};

interface Held {
  readonly kind: string;
  readonly value: unknown;
}
type StreamInfo = { readonly entries: readonly (readonly [id: string, fields: readonly string[]])[] };

/**
 * What is wrong with what a store keeps of streams: revisions with a hole, a seal that does not follow, a key
 * that two commits have, a head that is not the last event's, an event that the feed does not tell or tells
 * twice, a timer that only one of the two sets knows.
 */
export function problemsIn(contents: Contents): string[] {
  const of = (name: string) => (contents[name] as Held | undefined)?.value;
  const streams = Object.keys(contents).flatMap((name) => name.match(/^game:events:(.*)$/)?.slice(1) ?? []);
  const told = pointersIn(of('game:feed') as StreamInfo | undefined);
  const timers = ((of('game:timers') ?? []) as string[]).filter((_, index) => index % 2 === 0).sort();
  const names = ((of('game:timer-names') ?? []) as string[]).filter((_, index) => index % 2 === 0).sort();
  return [
    ...streams.flatMap((stream) => {
      const log = (of(`game:events:${stream}`) as StreamInfo).entries;
      const meta = (of(`game:meta:${stream}`) ?? {}) as Record<string, string>;
      const done = (of(`game:done:${stream}`) ?? {}) as Record<string, string>;
      return problemsOf(log, { meta, done, told: told.get(stream) ?? [] }).map(
        (what) => `${stream}: ${what}`,
      );
    }),
    ...(timers.join() === names.join() ? [] : [`timers ${timers.join()} have the names ${names.join()}`]),
  ];
}

interface Beside {
  readonly meta: Readonly<Record<string, string>>;
  readonly done: Readonly<Record<string, string>>;
  readonly told: readonly number[];
}

/** As core/events.ts has it. */
const quiet = 'ANSWER_SUBMITTED';

function problemsOf(log: StreamInfo['entries'], { meta, done, told }: Beside): string[] {
  const problems: string[] = [];
  let seal = '';
  let key: string | null = null;
  const keys = new Set<string>();
  const loud: number[] = [];
  for (const [index, [id, flat]] of log.entries()) {
    const fields = pairsOf(flat) as Record<string, string>;
    const { type = '', at = '', e = '' } = fields;
    if (id !== `${index + 1}-0`) problems.push(`entry ${id} stands where ${index + 1}-0 should`);
    seal = createHash('sha1').update(`${seal}|${type}|${at}|${e}`).digest('hex');
    if (fields['seal'] !== seal) problems.push(`the seal of ${id} does not follow`);
    const own = (JSON.parse(e) as { key: string | null }).key;
    if (own !== null && own !== key) {
      if (keys.has(own)) problems.push(`two commits have the key ${own}`);
      if (done[own] === undefined) problems.push(`no result is kept under ${own}`);
      keys.add(own);
    }
    key = own;
    if (type !== quiet) loud.push(index + 1);
  }
  if (meta['rev'] !== String(log.length)) problems.push(`its head is at ${meta['rev']} of ${log.length}`);
  if (meta['seal'] !== seal) problems.push('the seal of its head is another');
  // What all groups have handled leaves the feed, the oldest first.
  const untold = loud.slice(0, loud.length - told.length);
  if ([...untold, ...told].join() !== loud.join())
    problems.push(`the feed tells ${told.join()} of ${loud.join()}`);
  return problems;
}

/** Revisions that the feed tells of each stream; what was put back tells them anew. */
function pointersIn(feed: StreamInfo | undefined): Map<string, number[]> {
  const told = new Map<string, number[]>();
  for (const [, flat] of feed?.entries ?? []) {
    const { room = '', first, last, requeues } = pairsOf(flat) as Record<string, string>;
    if (first === undefined || last === undefined || requeues !== undefined) continue;
    const all = told.get(room) ?? [];
    for (let rev = Number(first); rev <= Number(last); rev++) all.push(rev);
    told.set(room, all);
  }
  return told;
}
