// The one catch-up read: everything of a stream after what is known of it, to the head of its log. Folds,
// projections and pushes read with it, so all notice alike that a log was replaced or cut back.

import type { StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import { type Folded, following, pageAfter } from './fold.ts';

/** How far a reader has come. */
export type Read = Pick<Folded, 'rev' | 'last' | 'epoch'>;

export interface Reader<S extends StreamTypes> {
  /** Given what comes next, page by page. */
  readonly take: (events: readonly S['event'][]) => void;
  /**
   * The log was cut back, as a failover does that loses what no replica had: what was taken does not count.
   */
  readonly anew: () => void;
}

/** `gone`: there is no log. `replaced`: another stream stands under this id, and nothing of it was taken. */
export type Followed = 'there' | 'gone' | 'replaced';

const nothingRead: Read = { rev: 0, last: null, epoch: null };

/**
 * Reads on to the head of the log as of this call. Each page begins with the event that was read last, so
 * one event is read twice. Throws Fault, UnreadableEvent.
 */
export async function follow<S extends StreamTypes>(
  log: EventLog<S>,
  stream: S['id'],
  from: Read,
  { take, anew }: Reader<S>,
): Promise<Followed> {
  const { head, events } = await log.look(stream, pageAfter(from));
  if (head === null) return 'gone';
  if (from.epoch !== null && from.epoch !== head.epoch) return 'replaced';
  let page = events;
  let full: number = limits.lookEntriesMax;
  for (let at = from; ; page = await log.read(stream, pageAfter(at)), full = limits.readPageEntries) {
    const fresh = following(at, page);
    if (fresh === null) {
      anew();
      at = nothingRead;
      continue;
    }
    if (fresh.length > 0) take(fresh);
    if (page.length < full) return 'there';
    const { rev, id: last } = page.at(-1) ?? { rev: at.rev, id: at.last };
    at = { ...at, rev, last };
  }
}

/** Every event of a stream after a revision, page by page. */
export async function readAfter<S extends StreamTypes>(
  log: EventLog<S>,
  stream: S['id'],
  afterRev: number,
): Promise<S['event'][]> {
  const all: S['event'][] = [];
  for (;;) {
    const page = await log.read(stream, all.at(-1)?.rev ?? afterRev);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
