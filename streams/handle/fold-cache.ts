// Streams folded to the head of their logs, kept per process: a load reads only what came since. Losing it
// costs a re-read.

import type { Folding, StreamTypes } from '../contract/definition.ts';
import type { EventLog, Look } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import type { Opened } from '../contract/task.ts';
import { type Folded, fold, following, pageAfter, unfolded } from './fold.ts';
import { follow } from './follow.ts';

export interface FoldCache<S extends StreamTypes> {
  /** The stream at the head of its log as of this call; `rev` 0 where there is no log. */
  load(stream: S['id']): Promise<Folded<S>>;
  /**
   * Looks at a stream, from a revision on where one is given. `fresh`: what is known of the stream is its
   * head as of this look.
   */
  open(stream: S['id'], fromRev: number | null): Promise<Opened<S>>;
  /**
   * The stream with what was committed to it as it stood in `folded`. Only where quiet events came between is
   * the log read again.
   */
  append(stream: S['id'], folded: Folded<S>, events: readonly S['event'][]): Promise<Folded<S>>;
  /** What is known without asking. */
  peek(stream: S['id']): Folded<S> | undefined;
  evict(stream: S['id']): void;
}

export function createFoldCache<S extends StreamTypes>(log: EventLog<S>, folding: Folding<S>): FoldCache<S> {
  const kept = new Map<S['id'], Folded<S>>();

  /**
   * Two loads may overtake each other; of one epoch the further one stays. What is oldest in use goes
   * first.
   */
  function keep(stream: S['id'], folded: Folded<S>): Folded<S> {
    const other = kept.get(stream);
    const further = other !== undefined && other.epoch === folded.epoch && other.rev > folded.rev;
    kept.delete(stream);
    kept.set(stream, further ? other : folded);
    const [oldest] = kept.keys();
    if (kept.size > limits.streamsCachedMax && oldest !== undefined) kept.delete(oldest);
    return folded;
  }

  async function loadFrom(stream: S['id'], known: Folded<S>): Promise<Folded<S>> {
    let folded = known;
    const came = await follow(log, stream, known, {
      take: (events) => {
        folded = fold(folding, folded, events);
      },
      anew: () => {
        folded = unfolded(folding);
      },
    });
    if (came === 'there') return keep(stream, folded);
    kept.delete(stream);
    return came === 'gone' ? unfolded(folding) : loadFrom(stream, unfolded(folding));
  }

  /** Folds what a look adds to what is known; says whether that brings it up to the head. */
  function take(stream: S['id'], known: Folded<S>, { head, events }: Look<S>): boolean {
    if (head === null || (known.epoch !== null && known.epoch !== head.epoch)) {
      kept.delete(stream);
      return false;
    }
    const page = events.filter(({ rev }) => rev >= known.rev);
    const fresh = following(known, page);
    if (fresh === null || page.at(-1)?.rev !== head.rev || page[0]?.rev !== Math.max(known.rev, 1))
      return false;
    keep(stream, fold(folding, known, fresh));
    return true;
  }

  async function open(stream: S['id'], fromRev: number | null): Promise<Opened<S>> {
    const known = kept.get(stream) ?? unfolded(folding);
    const wanted = (fromRev ?? known.rev + 1) - 1;
    // Of a short stream that is not known here one look gives all.
    const short = known.rev > 0 || wanted < limits.lookEntriesMax / 2;
    const look = await log.look(stream, short ? Math.min(pageAfter(known), wanted) : wanted);
    return { ...look, fresh: take(stream, known, look) };
  }

  const load: FoldCache<S>['load'] = (stream) => loadFrom(stream, kept.get(stream) ?? unfolded(folding));

  return {
    load,
    open,
    async append(stream, folded, events) {
      const follows = events[0]?.rev === folded.rev + 1;
      return follows ? keep(stream, fold(folding, folded, events)) : load(stream);
    },
    peek: (stream) => kept.get(stream),
    evict: (stream) => void kept.delete(stream),
  };
}
