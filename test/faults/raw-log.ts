// Streams of the engine as they lie in Valkey, read and checked by code that knows their description alone:
// entries numbered without a gap, each with the SHA-1 of the hash before it and of all that it holds.

import { createHash } from 'node:crypto';
import { openRaw, type Reply } from './raw-client.ts';

const pageEntries = 200;
const scanned = 1_000;

export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  /** JSON text of what surrounds the data. */
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly seal: string;
}

export type RawLogs = ReadonlyMap<string, readonly RawEvent[]>;

/** Every stream of a kind by its id, in the database that the URL names. */
export async function readLogs(url: string, kind: string): Promise<RawLogs> {
  const { port, pathname } = new URL(url);
  const client = await openRaw(Number(port));
  try {
    if (pathname.length > 1) await client.ask('SELECT', pathname.slice(1));
    const begins = `${kind}:events:`;
    const names = new Set<string>();
    let cursor = '0';
    do {
      const [next, found] = (await client.ask('SCAN', cursor, 'MATCH', `${begins}*`, 'COUNT', scanned)) as [
        string,
        readonly string[],
      ];
      for (const name of found) names.add(name);
      cursor = next;
    } while (cursor !== '0');
    const logs = new Map<string, readonly RawEvent[]>();
    for (const name of names) {
      const events: RawEvent[] = [];
      for (let after = '-'; ; after = `(${events.at(-1)?.id}`) {
        const page = (await client.ask('XRANGE', name, after, '+', 'COUNT', pageEntries)) as readonly Reply[];
        for (const entry of page) events.push(eventIn(entry));
        if (page.length < pageEntries) break;
      }
      logs.set(name.slice(begins.length), events);
    }
    return logs;
  } finally {
    client.close();
  }
}

function eventIn(entry: Reply): RawEvent {
  const [id, flat] = entry as readonly [string, readonly string[]];
  const field = (name: string) => flat[flat.indexOf(name) + 1] ?? '';
  const text = field('e');
  const { data = {} } = JSON.parse(text) as { readonly data?: RawEvent['data'] };
  return { id, type: field('type'), at: field('at'), text, data, seal: field('seal') };
}

/** What is wrong with a log whatever it is about: gaps, a broken chain, time that goes back. */
export function brokenIn(stream: string, events: readonly RawEvent[]): string[] {
  const found: string[] = [];
  let before = '';
  for (const [index, { id, type, at, text, seal }] of events.entries()) {
    if (id !== `${index + 1}-0`) found.push(`${stream}: entry ${id} stands at place ${index + 1}`);
    const hash = createHash('sha1').update(`${before}|${type}|${at}|${text}`).digest('hex');
    if (hash !== seal) found.push(`${stream}: the hash of ${id} is not that of what it holds`);
    if (Number(at) < Number(events[index - 1]?.at ?? 0)) found.push(`${stream}: time goes back at ${id}`);
    before = seal;
  }
  return found;
}

/** What a kind of stream still has to do, in words; empty once it has drained. */
export async function leftOf(url: string, kind: string): Promise<string[]> {
  const client = await openRaw(Number(new URL(url).port));
  try {
    const left: string[] = [];
    const groups = (await client.ask('XINFO', 'GROUPS', `${kind}:feed`)) as readonly Reply[];
    const feed = recordOf(await client.ask('XINFO', 'STREAM', `${kind}:feed`));
    for (const group of groups.map(recordOf)) {
      const name = `${kind} group ${group.get('name')}`;
      if (Number(group.get('pending')) > 0) left.push(`${name}: ${group.get('pending')} pending`);
      if (group.get('last-delivered-id') !== feed.get('last-generated-id')) left.push(`${name}: lags`);
    }
    const timers = (await client.ask('ZRANGE', `${kind}:timers`, 0, -1)) as readonly string[];
    const waiting = timers.filter((timer) => !timer.includes('|engine:'));
    if (waiting.length > 0) left.push(`${kind}: ${waiting.length} timers, such as ${waiting[0]}`);
    const dead = Number(await client.ask('XLEN', `${kind}:dead`));
    if (dead > 0) {
      const letters = JSON.stringify(await client.ask('XRANGE', `${kind}:dead`, '-', '+', 'COUNT', 3));
      left.push(`${kind}: ${dead} dead letters, such as ${letters.slice(0, 2_000)}`);
    }
    return left;
  } finally {
    client.close();
  }
}

function recordOf(reply: Reply): Map<string, Reply> {
  const list = reply as readonly Reply[];
  const record = new Map<string, Reply>();
  for (let at = 0; at < list.length; at += 2) record.set(String(list[at]), list[at + 1] ?? null);
  return record;
}
