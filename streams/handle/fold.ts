// A stream folded to a revision, and what a page of its log adds to that. Every reader folds with these, so
// all see the same.

import type { Folding, StreamTypes } from '../contract/definition.ts';

/** `turn` is the rev of the last event that is not quiet; `at` the moment of the last one, in ms. */
export interface Folded<S extends StreamTypes = StreamTypes> {
  readonly state: S['state'];
  /** 0 where there is no log. */
  readonly rev: number;
  readonly turn: number;
  readonly at: number;
  /** Tells two lives of one id apart; null before the first event. */
  readonly epoch: string | null;
  /** The id of the event at `rev`; null before the first. */
  readonly last: string | null;
}

export function unfolded<S extends StreamTypes>({ initial }: Folding<S>): Folded<S> {
  return { state: initial, rev: 0, turn: 0, at: 0, epoch: null, last: null };
}

/** Folds further events onto what was folded before. */
export function fold<S extends StreamTypes>(
  folding: Folding<S>,
  folded: Folded<S>,
  events: Iterable<S['event']>,
): Folded<S> {
  let { state, rev, turn, at, epoch, last } = folded;
  for (const event of events) {
    state = folding.evolve(state, event);
    rev = event.rev;
    at = event.at;
    last = event.id;
    if (event.rev === 1) epoch = folding.epochOf?.(event) ?? event.id;
    if (!folding.quiet.has(event.type)) turn = event.rev;
  }
  return { state, rev, turn, at, epoch, last };
}

/** The revision after which a page has to begin so that `following` can judge it. */
export const pageAfter = ({ rev }: Pick<Folded, 'rev'>): number => Math.max(0, rev - 1);

/**
 * What a page that begins with the event folded last adds to it; null where another event stands in its
 * place, or none: the log was cut back, as a failover does that loses what no replica had.
 */
export function following<E extends { readonly id: string }>(
  folded: Pick<Folded, 'last'>,
  page: readonly E[],
): readonly E[] | null {
  if (folded.last === null) return page;
  const [same, ...fresh] = page;
  return same?.id === folded.last ? fresh : null;
}
