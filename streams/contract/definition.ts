// A kind of stream as a value: its events, how it decides and how it folds. The engine is told everything it
// has to know of a domain here, and nowhere else.

import type { z } from 'zod';
import type { Attributes } from '../trace/telemetry.ts';
import type { Effects, TimerChange } from './effects.ts';

/** An event as `decide` returns it: not yet written, without id, moment or author. */
export interface NewEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * What the engine adds to an event on its way into the log. `key`: idempotency. `v`: version of its schema.
 */
export interface Stamp {
  readonly id: string;
  readonly v: number;
  readonly by: string;
  readonly causationId: string | null;
  readonly key: string | null;
  /** W3C trace context. */
  readonly traceparent: string;
  /** Of the request that asked for it, where its sender gave it a key. */
  readonly intent?: { readonly key: string; readonly content: string } | undefined;
}

/** What the log adds: `rev` is gapless from 1 in its stream, `at` is the log's clock in ms. */
export interface Position {
  readonly rev: number;
  readonly at: number;
}

/** The types of one kind of stream, carried through the engine as one parameter. */
export interface StreamTypes {
  readonly id: string;
  readonly state: unknown;
  readonly command: unknown;
  readonly newEvent: NewEvent;
  /** As the log keeps it. */
  readonly event: NewEvent & Stamp & Position;
  /** Who may write. */
  readonly by: string;
  /** Codes of refusals. */
  readonly code: string;
}

type WithoutPosition<E> = E extends unknown ? Omit<E, keyof Position> : never;

/** An event on its way into the log: all but `rev` and `at`, which the log gives. */
export type Envelope<S extends StreamTypes> = WithoutPosition<S['event']>;

/** `note` is kept with the key: what a repeat of the request gets. */
export interface Decided<E extends NewEvent = NewEvent> {
  readonly events: readonly E[];
  /** Names the effect; null or absent where a repeat finds nothing left to do. */
  readonly key?: string | null;
  readonly note?: string;
  /** Timers to set or cancel in the same commit, with events or without. */
  readonly timers?: readonly TimerChange[];
}

/** A refusal as a value: the caller is told, and nothing retries it. */
export interface Rejection<Code extends string = string> {
  readonly rejected: Code;
  readonly detail?: string;
  /** Which of the cases that share a code, for a program. */
  readonly reason?: string;
}

/** Work for something that is no longer current: acknowledged, counted, nothing appended. */
export interface Stale {
  readonly stale: true;
}

export type Decision<S extends StreamTypes> = Decided<S['newEvent']> | Rejection<S['code']> | Stale;

/** How events of one stream fall into traces of their own, such as one for each request in it. */
export interface TraceRules<S extends StreamTypes> {
  /** Types of events that belong to such a trace. */
  readonly types: ReadonlySet<string>;
  /** The type whose event is the first span of one. */
  readonly begins: string;
  /** Names the trace that an event belongs to; null: that of the caller. */
  nameOf(event: S['newEvent']): string | null;
  /** The context under which the state knows a trace; null where it knows none of this name. */
  contextOf(state: S['state'], name: string): string | null;
  /** What a span says beside the engine's own words. */
  attributesOf(event: S['newEvent']): Attributes;
}

/** What folding needs of a definition. `quiet`: types that leave the turn as it is. */
export interface Folding<S extends StreamTypes> {
  /** For the compiler alone, which infers `S` from it; never there. */
  readonly types?: S;
  readonly initial: S['state'];
  readonly quiet: ReadonlySet<string>;
  evolve(state: S['state'], event: S['event']): S['state'];
  /** Tells two lives of one id apart; null: the id of the stream's first event does. */
  epochOf?(first: S['event']): string | null;
}

/** The types of a definition: `TypesOf<typeof orders>`. */
export type TypesOf<D extends { readonly types?: StreamTypes }> = NonNullable<D['types']>;

/** Gives the envelope, its data included, as the next version has it. `type`: of the event. */
export type Upcaster = (raw: Readonly<Record<string, unknown>>, type: string) => Record<string, unknown>;

/** When a stream has ended, and how long it then stays. */
export interface Retention<Type extends string = string> {
  /** Types of events with which a stream ends. One that is written after them lets it go on. */
  readonly ends: ReadonlySet<Type>;
  /** How long a stream stays after its end, in ms of the store's clock. */
  readonly afterMs: number;
}

/** A definition in full. `defineStream` makes one, with everything that may be left out filled in. */
export interface StreamDefinition<S extends StreamTypes = StreamTypes> extends Folding<S> {
  /** Prefix of its keys in the store. */
  readonly name: string;
  /** Version of the events that are written. */
  readonly version: number;
  /** By the version that they lift. */
  readonly upcasters: ReadonlyMap<number, Upcaster>;
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  /** Fields of the envelope beyond the engine's own. */
  readonly scope: z.ZodObject;
  /** The name under which the id of its stream stands in envelopes and feed entries. */
  readonly idField: string;
  /** Name of the capped stream of hints that quiet events were written. */
  readonly hints: string;
  /** Codes for a stream that exists already, for one that does not, and for a key of another request. */
  readonly codes: { readonly exists: S['code']; readonly missing: S['code']; readonly reused: S['code'] };
  readonly trace: TraceRules<S>;
  /** Null: streams stay for ever. */
  readonly retention: Retention<S['event']['type']> | null;
  /** The id that a text names; null where it is none. */
  parseId(text: string): S['id'] | null;
  decide(command: S['command'], state: S['state']): Decision<S>;
  effects(event: S['newEvent'], before: S['state']): Effects;
  /**
   * The key of a command that its sender may repeat, known before deciding: a repeat would often be refused
   * by what its first time changed.
   */
  keyOf(command: S['command']): string | null;
}
