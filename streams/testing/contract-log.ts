// What the cases of the contract suite share: a kind of stream of their own, how a case opens a log of it,
// and a stream to begin with.

import { ulid } from 'ulid';
import { z } from 'zod';
import { defineStream } from '../contract/define-stream.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import type { Pointer } from '../log/feed-entry.ts';
import { createStamp } from '../log/stamp.ts';
import { newTraceparent } from '../trace/traceparent.ts';

/** A log, and how a test looks at what the port of the log does not tell. */
export interface LogUnderTest<S extends StreamTypes> {
  readonly log: EventLog<S>;
  /** The timers that are set in a stream, by name, with their moments in ms. */
  timersOf(stream: S['id']): Promise<Readonly<Record<string, number>>>;
  /**
   * Reads the feed as a consumer of the group: the entries about this stream that the group was not given
   * before.
   */
  take(stream: S['id'], group: string): Promise<readonly Pointer<S>[]>;
  /** Whether the group was given this entry of the stream's feed, and has not acknowledged it. */
  isPending(stream: S['id'], group: string, entryId: string): Promise<boolean>;
}

/** Opens a log of a kind of stream. A store with other streams in it will do: each case makes its own ids. */
export type OpenLog = <S extends StreamTypes>(
  definition: StreamDefinition<S>,
) => LogUnderTest<S> | Promise<LogUnderTest<S>>;

const notebooks = defineStream({
  name: 'log-contract',
  events: {
    Opened: z.object({ title: z.string() }),
    Renamed: z.object({ title: z.string() }),
    Scribbled: z.object({ text: z.string() }),
  },
  quiet: ['Scribbled'],
  initial: null,
  decide: (_command: never) => ({ events: [] }),
  evolve: () => null,
});

type Notebooks = NonNullable<typeof notebooks.types>;
type Body = Notebooks['newEvent'];
type Rest = Partial<Omit<CommitRequest<Notebooks>, 'stream' | 'events'>>;

export const { exists, missing } = notebooks.codes;
export const renamed = (title: string): Body => ({ type: 'Renamed', data: { title } });
/** Is quiet. */
export const scribbled = (text = 'x'): Body => ({ type: 'Scribbled', data: { text } });

const stamp = createStamp(notebooks);

export interface Notebook extends LogUnderTest<Notebooks> {
  readonly id: string;
  readonly epoch: string;
  /** What a commit of these events asks for; it expects turn 1 unless `rest` says otherwise. */
  request(events: readonly Body[], rest?: Rest): CommitRequest<Notebooks>;
  commit(events: readonly Body[], rest?: Rest): Promise<CommitOutcome<Notebooks>>;
}

/** A stream of which nothing is written. */
export function blank(opened: LogUnderTest<Notebooks>): Notebook {
  const id = `notebook-${ulid()}`;
  const request: Notebook['request'] = (events, rest = {}) => ({
    stream: id,
    key: null,
    expect: { turn: 1 },
    events: stamp(events, rest.key ?? null, {
      stream: id,
      state: null,
      context: { by: 'contract', traceparent: newTraceparent() },
    }),
    effects: { meta: [], timers: [] },
    ...rest,
  });
  const commit: Notebook['commit'] = (events, rest) => opened.log.commit(request(events, rest));
  return { ...opened, id, epoch: ulid(), request, commit };
}

/** Writes the first event. */
export async function begin(notebook: Notebook): Promise<Notebook> {
  const effects = { meta: [{ set: 'epoch', value: notebook.epoch }], timers: [] };
  const event: Body = { type: 'Opened', data: { title: 'first' } };
  written(await notebook.commit([event], { expect: 'new', effects }));
  return notebook;
}

/** A log with a stream that has its first event. */
export const opened = async (open: OpenLog): Promise<Notebook> => begin(blank(await open(notebooks)));

/** @throws Error for a commit that wrote nothing. */
export function written(outcome: CommitOutcome<Notebooks>): Extract<CommitOutcome, { status: 'ok' }> {
  if (outcome.status === 'ok') return outcome;
  throw new Error(`the commit came to ${JSON.stringify(outcome)}, and should have written`);
}
