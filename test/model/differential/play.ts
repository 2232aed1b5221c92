// Plays one history on both logs, and throws where a reply differs, or what they have kept in the end.

import { differenceOf, shown } from '../../../streams/check/difference.ts';
import type { StreamDefinition } from '../../../streams/contract/definition.ts';
import type { CommitRequest } from '../../../streams/contract/event-log.ts';
import { Fault } from '../../../streams/contract/fault.ts';
import type { Context } from '../../../streams/contract/task.ts';
import type { Notes } from './notes.ts';
import { createRequester, standingAfter, standingOf, traceparent } from './requests.ts';
import { type Side, streams } from './side.ts';
import type { CommitStep, EntryOf, HandleStep, Step } from './steps.ts';

const keys = ['k', 'l', 'm', 'K', 'close'];
const startMs = 1_000_000;

interface Asking {
  /** Both logs, the one in memory first. */
  readonly sides: readonly [Side, Side];
  readonly requestOf: ReturnType<typeof createRequester>;
  now: number;
}

export async function play(
  history: readonly Step[],
  sides: readonly [Side, Side],
  definition: StreamDefinition<Notes>,
): Promise<void> {
  let ids = 0;
  const asking = { sides, requestOf: createRequester(definition, () => `sent-${++ids}`), now: startMs };
  await Promise.all(sides.map((side) => side.tell(startMs)));
  for (const [at, step] of history.entries()) {
    const ask = await askFor(asking, step);
    const what = `step ${at}, ${JSON.stringify(step)}`;
    await same({ what, withIds: step.do === 'take' }, sides, ask);
  }
  await same({ what: 'what is kept in the end', withIds: true }, sides, async (side) => ({
    kept: await side.kept(),
    feed: await side.feed(),
    logs: await Promise.all(streams.map((stream) => side.log.read(stream, 0))),
    results: await Promise.all(
      streams.flatMap((stream) => keys.map((key) => side.log.firstResult(stream, key))),
    ),
  }));
}

type Ask = (side: Side) => Promise<unknown>;

/** `withIds`: the reply has ids of entries, which each log gives by itself. */
interface Question {
  readonly what: string;
  readonly withIds: boolean;
}

async function same(question: Question, sides: readonly [Side, Side], ask: Ask): Promise<void> {
  const replyOf = async (side: Side) => comparable(side, await came(ask(side)), question);
  const [memory, valkey] = await Promise.all(sides.map(replyOf));
  const found = differenceOf(memory, valkey, '');
  if (found === null) return;
  const { path, one, two } = found;
  throw new Error(
    `${question.what}\n  ${path.slice(1)} is ${shown(one)} in memory and ${shown(two)} on Valkey`,
  );
}

/** What came of it; of a fault what the port promises. */
async function came(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Fault) return { fault: error.code, retryable: error.retryable };
    throw error;
  }
}

async function askFor(asking: Asking, step: Step): Promise<Ask> {
  switch (step.do) {
    case 'commit': {
      const sent = await Promise.all(step.commits.map((one) => requestFor(asking, one)));
      return async (side) => {
        const own = await Promise.all(sent.map((make) => make(side)));
        return Promise.all(own.map((request) => came(side.log.commit(request))));
      };
    }
    case 'inOrder': {
      const sent = await inOrder(asking, step.stream, step.commits);
      return async (side) => {
        const own = await Promise.all(sent.map((make) => make(side)));
        return Promise.all(side.log.commitInOrder(own).map(came));
      };
    }
    case 'handle':
      return ({ handler }) =>
        Promise.all(step.all.map((one) => came(handler.handle(step.stream, one.command, contextOf(one)))));
    case 'append': {
      const { expect, key, count, ...rest } = step.commit;
      const guards = expect.by === 'guards' ? expect.guards : [];
      const { events } = asking.requestOf({ ...step.commit, expect }, { rev: 0, turn: 0, epoch: null });
      const bodies = events.map(({ type, data }) => ({ type, data }) as Notes['newEvent']);
      const note = rest.note === null ? {} : { note: rest.note };
      const append = { key: key ?? 'append', guards, events: bodies, ...note };
      const counted = count === null ? append : { ...append, count };
      return ({ handler }) => handler.append(step.stream, () => counted, { by: 'model', traceparent });
    }
    case 'clock':
      asking.now += step.byMs;
      return (side) => side.tell(asking.now);
    default:
      return (side) => askOne(side, step);
  }
}

type Single = Exclude<Step, { readonly do: 'commit' | 'inOrder' | 'handle' | 'append' | 'clock' }>;

async function askOne(side: Side, step: Single): Promise<unknown> {
  const { log } = side;
  switch (step.do) {
    case 'read':
      return log.read(step.stream, step.after, ...(step.max === null ? [] : [step.max]));
    case 'look':
      return log.look(step.stream, step.after);
    case 'head':
      return log.head(step.stream);
    case 'now':
      return [await log.now(step.stream), await log.now(null)];
    case 'load':
      return side.handler.load(step.stream);
    case 'firstResult':
      return log.firstResult(step.stream, step.key);
    case 'take':
      return side.take(step.group, step.count);
    case 'ack':
      return side.ack(step.group, await Promise.all(step.places.map((place) => idOf(side, place))));
    case 'fire':
      return side.fire();
    default:
      return tryEntry(side, step, await idOf(side, step.place));
  }
}

async function tryEntry(
  side: Side,
  { do: what, group }: { do: string } & EntryOf,
  id: string,
): Promise<unknown> {
  const attempts = side.attempts(group);
  if (what === 'start') return attempts.start(id);
  if (what === 'uncount') return attempts.uncount(id);
  if (what === 'failed') return attempts.failed(id, 'it failed');
  return (await attempts.deadLetter(id, { reason: 'exceptions', group, stream: 'a' })) !== null;
}

/** The id of an entry by its place in the feed; of one that is not there an id that none has. */
const idOf = async (side: Side, place: number): Promise<string> =>
  (await side.feed())[place]?.id ?? '1-999999';

type Make = (side: Side) => Promise<CommitRequest<Notes>>;

async function requestFor({ sides, requestOf }: Asking, step: CommitStep): Promise<Make> {
  return settling(requestOf(step, await standingOf(sides[0].log, step.stream)), step);
}

/** To one stream, each with what is right after those before it. */
async function inOrder(
  { sides, requestOf }: Asking,
  stream: string,
  commits: readonly CommitStep[],
): Promise<readonly Make[]> {
  let standing = await standingOf(sides[0].log, stream);
  return commits.map((given) => {
    const step = { ...given, stream };
    const make = settling(requestOf(step, standing), step);
    standing = standingAfter(standing, step);
    return make;
  });
}

function settling(request: CommitRequest<Notes>, { settles }: CommitStep): Make {
  if (settles === null) return async () => request;
  const { group, place } = settles;
  return async (side) => ({ ...request, settles: { group, entryId: await idOf(side, place) } });
}

const contextOf = ({ command, intent }: HandleStep): Context<Notes> => ({
  by: 'model',
  traceparent,
  ...(intent === null ? {} : { intent: { key: intent, content: JSON.stringify(command) } }),
});

/** With places for ids of entries, and the trace alone of a span that each log made for itself. */
async function comparable(side: Side, reply: unknown, { withIds }: Question): Promise<unknown> {
  const feed = withIds ? await side.feed() : [];
  const places = new Map(feed.map(({ id }, place) => [id, `entry ${place}`]));
  const own = (text: string) => (/^00-a{32}-[0-9a-f]{16}-01$/.test(text) ? text.slice(0, 35) : text);
  const map = (value: unknown): unknown => {
    if (typeof value === 'string') return places.get(value) ?? own(value);
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, map(one)]));
  };
  return map(reply);
}
