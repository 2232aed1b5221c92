// Makes a kind of stream out of events, `decide` and `evolve`. What is wrong with a definition is said here,
// when the program starts, in one sentence.

import { z } from 'zod';
import type {
  Decision,
  Position,
  Stamp,
  StreamDefinition,
  StreamTypes,
  TraceRules,
  Upcaster,
} from './definition.ts';
import type { Effects } from './effects.ts';
import { guarded } from './guarded.ts';
import { limits } from './limits.ts';

/** Schemas of events' data by the events' types. */
export type EventSchemas = Readonly<Record<string, z.ZodType>>;

type NewEventOf<M extends EventSchemas> = {
  [T in keyof M & string]: { readonly type: T; readonly data: z.infer<M[T]> };
}[keyof M & string];

type RecordedOf<M extends EventSchemas> = {
  [T in keyof M & string]: { readonly type: T; readonly data: z.infer<M[T]> } & Stamp &
    Position & { readonly stream: string };
}[keyof M & string];

/** The types of a stream that is defined by its events, state and commands alone. */
export interface PlainTypes<M extends EventSchemas, State, Command> extends StreamTypes {
  readonly id: string;
  readonly state: State;
  readonly command: Command;
  readonly newEvent: NewEventOf<M>;
  readonly event: RecordedOf<M>;
  readonly by: string;
  readonly code: string;
}

/** What a definition may add to its events, `decide` and `evolve`. */
interface Options<S extends StreamTypes> {
  /** Beginning of its keys: lower-case letters, digits and hyphens. No two kinds in a store may share one. */
  readonly name: string;
  readonly initial: S['state'];
  /** Types that leave the turn as it is: many may write them at once, and no decision conflicts with them. */
  readonly quiet?: Iterable<S['event']['type']>;
  /** Version of the events that are written; 1 unless said. Each older one needs an upcaster. */
  readonly version?: number;
  readonly upcasters?: ReadonlyMap<number, Upcaster>;
  readonly trace?: TraceRules<S>;
  /**
   * Streams leave the store by themselves `afterMs` after an event of a type in `ends`, unless something that
   * is not quiet was written since. Without it they stay.
   */
  readonly retention?: { readonly ends: Iterable<S['event']['type']>; readonly afterMs: number };
  readonly scope?: z.ZodObject;
  readonly idField?: string;
  readonly hints?: string;
  readonly codes?: StreamDefinition<S>['codes'];
  parseId?(text: string): S['id'] | null;
  /** What a commit of this event changes beside the log; a timer may be set by `decide` as well. */
  effects?(event: S['newEvent'], before: S['state']): Partial<Effects>;
  keyOf?(command: S['command']): string | null;
  epochOf?(first: S['event']): string | null;
}

/** A stream whose types stand elsewhere: `events` must fit them. */
export interface StreamInput<S extends StreamTypes> extends Options<S> {
  readonly events: {
    readonly [T in S['event']['type']]: z.ZodType<Extract<S['event'], { readonly type: T }>['data']>;
  };
  decide(command: S['command'], state: S['state']): Decision<S>;
  evolve(state: S['state'], event: S['event']): S['state'];
}

/** A stream whose types are told by its parts. */
export interface PlainInput<M extends EventSchemas, State, Command, Decided>
  extends Options<PlainTypes<M, State, Command>> {
  readonly events: M;
  // Properties, since the compiler takes what a method is given for what it gives.
  readonly decide: (command: Command, state: State) => Decided;
  readonly evolve: (state: State, event: RecordedOf<M>) => State;
}

const noTrace: TraceRules<StreamTypes> = {
  types: new Set(),
  begins: '',
  nameOf: () => null,
  contextOf: () => null,
  attributesOf: () => ({}),
};

const idShape = new RegExp(`^[^|\\s{}]{1,${limits.streamIdCharsMax}}$`);
const parsePlainId = (text: string): string | null =>
  idShape.test(text) && text.isWellFormed() ? text : null;

/**
 * Makes a kind of stream. Events, commands and state carry their types to commands, agents and projections.
 * @throws Error that says in one sentence what is wrong with the definition.
 */
export function defineStream<
  const M extends EventSchemas,
  State,
  Command,
  // A type of its own, so that names of events are taken as they are written, and then held against the
  // events.
  const Decided extends Decision<PlainTypes<M, State, Command>>,
>(input: PlainInput<M, State, Command, Decided>): StreamDefinition<PlainTypes<M, State, Command>> {
  return defineStreamAs<PlainTypes<M, State, Command>>(input as StreamInput<PlainTypes<M, State, Command>>);
}

/**
 * The same for a stream whose types stand elsewhere, named by the caller: two signatures of one name would
 * each spoil what the compiler finds out for the other.
 */
export function defineStreamAs<S extends StreamTypes = never>(
  given: StreamInput<NoInfer<S>>,
): StreamDefinition<S> {
  const input: StreamInput<S> = given;
  const { name, events, version = 1, upcasters = new Map(), quiet = [] } = input;
  refuseWrong(input, version, upcasters);
  return {
    name,
    version,
    upcasters,
    schemas: events,
    initial: input.initial,
    quiet: new Set(quiet),
    scope: input.scope ?? z.object({ stream: z.string() }),
    idField: input.idField ?? 'stream',
    hints: input.hints ?? 'hints',
    codes: input.codes ?? {
      exists: 'stream_exists',
      missing: 'stream_missing',
      reused: 'key_reused',
    },
    trace: input.trace ?? noTrace,
    retention:
      input.retention === undefined ? null : { ...input.retention, ends: new Set(input.retention.ends) },
    parseId: (text) => (input.parseId ?? parsePlainId)(text),
    ...guarded(name, {
      decide: (command, state) => input.decide(command, state),
      evolve: (state, event) => input.evolve(state, event),
      effects: (event, before) => input.effects?.(event, before) ?? {},
    }),
    keyOf: (command) => input.keyOf?.(command) ?? null,
    epochOf: (first) => input.epochOf?.(first) ?? null,
  };
}

function refuseWrong(
  { name, events, quiet = [], trace, scope, idField, retention }: StreamInput<StreamTypes>,
  version: number,
  upcasters: ReadonlyMap<number, Upcaster>,
): void {
  const wrong = (what: string): never => {
    throw new Error(`stream ${JSON.stringify(name)}: ${what}`);
  };
  const types = Object.keys(events);
  const unknown = (given: Iterable<string>) => [...given].filter((type) => !types.includes(type));
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    wrong('a name is 1 to 31 lower-case letters, digits and hyphens, and begins with a letter');
  }
  if (types.length === 0) wrong('it has no events');
  for (const type of types) {
    if (!/^[A-Za-z][\w.-]{0,63}$/.test(type)) wrong(`${JSON.stringify(type)} is no name for an event`);
  }
  for (const type of unknown(quiet)) wrong(`quiet names ${type}, which is none of its events`);
  for (const type of unknown(trace?.types ?? [])) wrong(`trace names ${type}, which is none of its events`);
  if (retention !== undefined) refuseRetention(retention, new Set(quiet), { unknown, wrong });
  if (!Number.isInteger(version) || version < 1) wrong('a version is a whole number from 1');
  for (let old = 1; old < version; old++) {
    if (!upcasters.has(old)) wrong(`events of version ${old} have no upcaster to version ${old + 1}`);
  }
  if (scope !== undefined && !((idField ?? 'stream') in scope.shape)) {
    wrong(`its scope lacks ${idField ?? 'stream'}, the id of its stream`);
  }
}

function refuseRetention(
  { ends, afterMs }: { readonly ends: Iterable<string>; readonly afterMs: number },
  quiet: ReadonlySet<string>,
  { unknown, wrong }: { unknown(given: Iterable<string>): string[]; wrong(what: string): never },
): void {
  const all = [...ends];
  if (all.length === 0) wrong('its retention names no event that ends a stream');
  for (const type of unknown(all)) wrong(`its retention ends with ${type}, which is none of its events`);
  for (const type of all.filter((one) => quiet.has(one))) {
    wrong(`its retention ends with ${type}, which is quiet: a decision might follow it unseen`);
  }
  if (!Number.isSafeInteger(afterMs) || afterMs < 1 || afterMs > limits.timerMsMax) {
    wrong(`its retention needs a whole number of milliseconds from 1 to ${limits.timerMsMax} as afterMs`);
  }
}
