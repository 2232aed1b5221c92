// A run of `consume.pml` on the engine. Before every step each process has to wait with the call that the
// model has it at, and the store has to hold what the model says; then the call of the step is let through,
// or lost. An engine that does anything else, earlier or apart, is found at that step.

import { isDeepStrictEqual } from 'node:util';
import { limits } from '../../../streams/contract/limits.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createEventLog } from '../../../streams/log/event-log.ts';
import { newTraceparent } from '../../../streams/trace/traceparent.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';
import { createKeys } from '../../../streams/valkey/keys.ts';
import { defineAnswering } from './answering.ts';
import { entriesOf, lookAt } from './found.ts';
import { beginLife, type Life, type Mistaken } from './life.ts';
import type { Fate } from './line.ts';
import type { Step, Things } from './trace.ts';

/** What the engine waits with in each phase of a process of the model; after the last one it is dead. */
const stands: readonly (readonly string[])[] = [
  ['own', 'claim', 'read'], // idle: one of them
  ['ack'],
  ['look', 'start'],
  ['handler'],
  ['look', 'handler'], // again: one of them
  ['dead_letter'],
];
const [idle, again, down] = [0, 4, 6];

type World = Awaited<ReturnType<typeof openWorld>>;

/** `name`: of a kind of stream that no run had. Throws where the engine goes another way than the model. */
export async function replayConsume(
  store: Valkey,
  name: string,
  steps: readonly Step[],
  mistaken?: Mistaken,
): Promise<void> {
  const world = await openWorld(store, name, steps[0]?.before ?? {}, mistaken);
  for (const [index, step] of steps.entries()) {
    try {
      await compare(world, step.before);
      await take(world, step);
    } catch (error) {
      const way = steps.slice(0, index + 1).map(({ what, who, which }) => `${what} ${who} ${which}`);
      throw new Error(`step ${index + 1} of ${name}: ${error}\n${way.join('\n')}`, { cause: error });
    }
  }
  for (const { line } of world.lives.values()) line.die();
}

async function openWorld(store: Valkey, name: string, first: Step['before'], mistaken?: Mistaken) {
  const definition = defineAnswering(name);
  const keys = createKeys(definition, { cluster: false });
  const partition = keys.of('s0');
  const streams = first['stream']?.size ?? 0;
  const client = createCommandHandler(createEventLog(store, keys, definition), definition);
  const context = { by: 'client', traceparent: newTraceparent() };
  for (let at = 0; at < streams; at += 1) await client.handle(`s${at}`, { open: true }, context);
  const about = { store, definition, keys, partition, group: 'answering', streams };
  const lives = new Map<number, Life>();
  const laid = mistaken === undefined ? {} : { mistaken };
  const begin = (who: number) => lives.set(who, beginLife({ ...about, ...laid, consumer: `process-${who}` }));
  for (const who of first['process']?.keys() ?? []) begin(who);
  return {
    ...about,
    lives,
    begin,
    async command(number: number): Promise<void> {
      const events = [{ type: 'Asked', data: { command: number } }] as const;
      const make = () => ({ key: `ask:${number}`, guards: [], events });
      await client.append(`s${number % streams}`, make, context);
    },
    lifeOf(who: number): Life {
      const life = lives.get(who);
      if (life === undefined) throw new Error(`there is no process ${who}`);
      return life;
    },
  };
}

async function compare(world: World, before: Step['before']): Promise<void> {
  for (const [who, [phase = 0]] of before['process'] ?? []) {
    if (phase === down) continue;
    const { line, ended } = world.lifeOf(who);
    const wanted = stands[phase] ?? [];
    const oneOf = phase === idle || phase === again;
    const fits = (standing: readonly string[]) => {
      if (!standing.every((what) => wanted.includes(what))) return 'wrong';
      return standing.length === (oneOf ? 1 : wanted.length) ? 'fits' : 'not yet';
    };
    const said = `process ${who} should wait with ${wanted.join(oneOf ? ' or ' : ' and ')}`;
    await Promise.race([line.until(fits, said), ended]);
  }
  const found = await lookAt(world);
  for (const kind of ['entry', 'stream'] as const) {
    const wanted: Things = before[kind] ?? new Map();
    if (isDeepStrictEqual(found[kind], wanted)) continue;
    throw new Error(`each ${kind} should be ${said(wanted)}; in the store it is ${said(found[kind])}`);
  }
}

const said = (things: Things): string => JSON.stringify([...things]);

async function take(world: World, { what, who, which }: Step): Promise<void> {
  if (what === 'command') return world.command(which);
  if (what === 'restart') return void world.begin(who);
  if (what === 'end') return;
  const life = world.lifeOf(who);
  const { line } = life;
  switch (what) {
    case 'take':
      return read(life, 'pass');
    case 'take_lost':
      return read(life, 'unheard');
    case 'retake':
      return void (await line.letGo('own'));
    case 'claim':
      return claim(world, life, which);
    case 'start':
      await line.letGo('look');
      return void (await line.letGo('start'));
    case 'look':
      if (line.standing().includes('handler')) await line.letGo('handler');
      return void (await line.letGo('look'));
    case 'commit':
    case 'conflict':
      return commit(life, 'pass', what === 'commit');
    case 'request_lost':
    case 'reply_lost':
      await commit(life, what === 'request_lost' ? 'lost' : 'unheard', false);
      return void (await line.letGo('uncount'));
    case 'throw':
      await line.letGo('handler', { error: new Error('the handler failed') });
      return void (await line.letGo('failed'));
    case 'lost':
      return tellLost(life);
    case 'crash':
      return line.die();
    default:
      await line.letGo(what);
  }
}

const any = (standing: readonly string[]) => (standing.length > 0 ? 'fits' : 'not yet');

/** Its loop looks at other things first, and finds nothing. */
async function comeTo({ line }: Life, wanted: 'claim' | 'read'): Promise<void> {
  for (;;) {
    await line.until(any, `${wanted} was to come`);
    if (line.standing().includes(wanted)) return;
    if (line.standing().includes('own')) await line.letGo('own');
    else if (wanted === 'read') await line.letGo('claim', { reply: ['0-0', [], []] });
    else await line.letGo('read', { reply: null });
  }
}

async function read(life: Life, fate: Fate): Promise<void> {
  await comeTo(life, 'read');
  await life.line.letGo('read', fate);
}

/** The lease of the entry ends now. */
async function claim(world: World, life: Life, which: number): Promise<void> {
  const { store, partition, group } = world;
  const id = (await entriesOf(world))[which - 1] ?? '';
  const [held] = (await store.xpending(partition.feed, group, id, id, 1)) as [string, string][];
  const aged = ['IDLE', limits.leaseMs + 1, 'JUSTID'] as const;
  await store.call('xclaim', partition.feed, group, String(held?.[1]), 0, id, ...aged);
  for (let looks = 0; looks < 3; looks += 1) {
    await comeTo(life, 'claim');
    const reply = (await life.line.letGo('claim')) as readonly [string, readonly unknown[]];
    // It goes on where it looked last, which may be behind the entry.
    if (reply[1].length > 0) return;
  }
  throw new Error(`entry ${id} was not claimed`);
}

async function commit({ line }: Life, fate: Fate, done: boolean): Promise<void> {
  await line.letGo('handler');
  await line.letGo('commit', fate);
  if (!done) return;
  await line.until(any, 'something was to come after the commit');
  // A repeat is shown the stream as it is now.
  if (line.standing().includes('look')) await line.letGo('look');
}

/** A third of a lease is over. What it still waits with changes nothing: the entry is another's. */
async function tellLost({ line, renew }: Life): Promise<void> {
  renew();
  await line.letGo('renew');
  for (const what of ['look', 'start', 'dead_letter']) {
    await new Promise(setImmediate);
    if (line.standing().includes(what)) await line.letGo(what);
  }
}
