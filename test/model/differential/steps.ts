// Random steps that a log, the write path and a consumer group can be asked for, as plain data: a history of
// them means the same to every log, and fast-check shrinks it. Names are few, so that steps meet each other.

import fc from 'fast-check';
import type { Guard, MetaChange, TimerChange } from '../../../streams/contract/effects.ts';
import type { NoteCommand } from './notes.ts';

export type Expected =
  | { readonly by: 'new' }
  /** `off`: beside the turn or revision that is right. */
  | {
      readonly by: 'turn';
      readonly off: number;
      readonly epoch: 'right' | 'wrong' | 'empty' | 'none';
      readonly rev: number | null;
    }
  | { readonly by: 'guards'; readonly guards: readonly Guard[] };

/** An entry of the feed, by its place in it. */
export interface EntryOf {
  readonly group: string;
  readonly place: number;
}

export interface CommitStep {
  readonly stream: string;
  readonly expect: Expected;
  readonly events: readonly ('Opened' | 'Written' | 'Scribbled' | 'Closed')[];
  readonly epoch: string | null;
  readonly key: string | null;
  readonly note: string | null;
  readonly intent: { readonly key: string; readonly content: string } | null;
  readonly meta: readonly MetaChange[];
  readonly timers: readonly TimerChange[];
  readonly count: string | null;
  readonly secrets: Readonly<Record<string, string | null>> | null;
  readonly settles: EntryOf | null;
}

export interface HandleStep {
  readonly command: NoteCommand;
  readonly intent: string | null;
}

export type Step =
  | { readonly do: 'commit'; readonly commits: readonly CommitStep[] }
  | { readonly do: 'inOrder'; readonly stream: string; readonly commits: readonly CommitStep[] }
  | { readonly do: 'handle'; readonly stream: string; readonly all: readonly HandleStep[] }
  | { readonly do: 'append'; readonly stream: string; readonly commit: CommitStep }
  | { readonly do: 'read'; readonly stream: string; readonly after: number; readonly max: number | null }
  | { readonly do: 'look'; readonly stream: string; readonly after: number }
  | { readonly do: 'head' | 'now' | 'load'; readonly stream: string }
  | { readonly do: 'firstResult'; readonly stream: string; readonly key: string }
  | { readonly do: 'take'; readonly group: string; readonly count: number }
  | { readonly do: 'ack'; readonly group: string; readonly places: readonly number[] }
  | ({ readonly do: 'start' | 'uncount' | 'failed' | 'deadLetter' } & EntryOf)
  | { readonly do: 'fire' }
  | { readonly do: 'clock'; readonly byMs: number };

const stream = fc.constantFrom('a', 'b', 'ä-\u{1f4d3}');
const group = fc.constantFrom('one', 'two');
const key = fc.constantFrom('k', 'l', 'm', 'K');
const field = fc.constantFrom('f', 'g', 'n', 'epoch');
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('v', '0', '7', '10', '-3', '1000004', '1.5', '') },
  fc.constantFrom(
    ' 8 ',
    '0x10',
    '1e3',
    'Infinity',
    'inf',
    'nan',
    '0b1',
    '0x1p4',
    '+5',
    '.5',
    '5.',
    '99999999999999',
  ),
);
const ms = fc.constantFrom(0, 1, 10, 1_000, 60_000);
const timer = fc.constantFrom('t', 'u|x', 'old', '\uff5e', '\u{1f514}');
const option = <T>(one: fc.Arbitrary<T>, freq = 2) => fc.option(one, { nil: null, freq });

const guard: fc.Arbitrary<Guard> = fc.oneof(
  fc.record({ field, present: fc.constant(true as const), else: fc.constant('absent') }),
  fc.record({ field, equals: value, else: fc.constant('differs') }),
  fc.record({ field, lessThanField: field, else: fc.constant('too_many') }),
  fc.record({ field, reached: fc.constant(true as const), else: fc.constant('too_early') }),
  fc.record({ field, passed: fc.constant(false as const), else: fc.constant('too_late') }),
);

const turn = fc.record({
  by: fc.constant('turn' as const),
  off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
  epoch: fc.constantFrom('right', 'right', 'none', 'wrong', 'empty'),
  rev: option(fc.constantFrom(0, 0, 0, -1, 1), 4),
});

const expected: fc.Arbitrary<Expected> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ by: 'new' } as const) },
  { weight: 4, arbitrary: turn },
  {
    weight: 3,
    arbitrary: fc.record({ by: fc.constant('guards' as const), guards: fc.array(guard, { maxLength: 2 }) }),
  },
);

const meta: fc.Arbitrary<MetaChange> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ set: field, value }) },
  fc.record({ set: field, inMs: ms }),
  fc.record({ set: field, rev: fc.constant(true as const) }),
  fc.record({ drop: field }),
);

const timers: fc.Arbitrary<TimerChange> = fc.oneof(
  fc.record({ set: timer, inMs: ms }),
  fc.record({ set: timer, at: fc.constantFrom(0, 999_990, 1_000_000, 1_000_010, 8_640_000_000_000_000) }),
  fc.record({ cancel: timer }),
  { weight: 1, arbitrary: fc.constant({ set: 't', inMs: -1 }) },
);

const place = fc.nat(30);
const eventTypes = fc.constantFrom('Written', 'Written', 'Scribbled', 'Scribbled', 'Opened', 'Closed');

const commit: fc.Arbitrary<CommitStep> = fc.record({
  stream,
  expect: expected,
  events: fc.array(eventTypes, { maxLength: 3 }) as fc.Arbitrary<CommitStep['events']>,
  epoch: option(fc.constantFrom('e', 'e2'), 4),
  key: option(key, 2),
  note: option(fc.constantFrom('', 'x', '1-2-3', 'two\nlines', '\u{1f4d3}')),
  intent: option(fc.record({ key, content: fc.constantFrom('c', 'd') }), 4),
  meta: fc.array(meta, { maxLength: 2 }),
  timers: fc.array(timers, { maxLength: 2 }),
  count: option(fc.constantFrom('n', 'n', 'f'), 3),
  secrets: option(fc.dictionary(fc.constantFrom('h1', 'h2'), option(fc.constantFrom('ada', 'bo'), 3)), 5),
  settles: option(fc.record({ group, place }), 3),
});

// Nothing but a turn may be expected behind another commit.
const inOrder = fc.oneof(
  { weight: 1, arbitrary: commit },
  {
    weight: 5,
    arbitrary: fc.tuple(commit, turn).map(([one, by]) => ({ ...one, expect: { ...by, rev: null } })),
  },
);

const maybeKey = option(key, 2);
const command: fc.Arbitrary<NoteCommand> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('open' as const), title: key, key: maybeKey }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('write' as const),
      texts: fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }),
      key: maybeKey,
    }),
  },
  fc.record({ type: fc.constant('remind' as const), timer, inMs: ms }),
  fc.constantFrom(
    { type: 'close' },
    { type: 'nothing' },
    { type: 'stale' },
    { type: 'refuse' },
  ) as fc.Arbitrary<NoteCommand>,
);
const handled = fc.record({ command, intent: option(key, 3) });

const is = <const D extends Step['do']>(what: D) => fc.constant(what);
const many = { minLength: 1, maxLength: 5 };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: is('commit'), commits: fc.tuple(commit) }) },
  { weight: 3, arbitrary: fc.record({ do: is('commit'), commits: fc.array(commit, many) }) },
  { weight: 3, arbitrary: fc.record({ do: is('inOrder'), stream, commits: fc.array(inOrder, many) }) },
  { weight: 5, arbitrary: fc.record({ do: is('handle'), stream, all: fc.array(handled, many) }) },
  { weight: 2, arbitrary: fc.record({ do: is('append'), stream, commit }) },
  { weight: 1, arbitrary: fc.record({ do: is('read'), stream, after: fc.nat(12), max: option(fc.nat(3)) }) },
  { weight: 2, arbitrary: fc.record({ do: is('look'), stream, after: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('head', 'now', 'load'), stream }) },
  { weight: 1, arbitrary: fc.record({ do: is('firstResult'), stream, key }) },
  { weight: 3, arbitrary: fc.record({ do: is('take'), group, count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: is('ack'), group, places: fc.array(place, { maxLength: 3 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('start', 'uncount', 'failed', 'deadLetter'), group, place }),
  },
  { weight: 2, arbitrary: fc.record({ do: is('fire') }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: is('clock'), byMs: fc.constantFrom(0, 1, 9, 10, 1_000, 60_000, -1, -5_000) }),
  },
) as fc.Arbitrary<Step>;

/** Histories of some 50 steps on average. */
export const histories: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 100, size: 'max' });

/** How many commands a step stands for. */
export function commandsIn(one: Step): number {
  if ('commits' in one) return one.commits.length;
  return 'all' in one ? one.all.length : 1;
}
