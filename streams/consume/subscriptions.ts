// Catch-up subscriptions: what a stream has, then what comes, for readers without a group. One tail wakes
// all of a process; what is given is read from the log.

import type { StreamTypes } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { follow } from '../handle/follow.ts';
import type { OpenedStream } from '../open-stream.ts';
import { followAll } from '../run.ts';
import { untilDone } from './keep-trying.ts';
import { orAborted } from './or-aborted.ts';

export interface Following {
  /** The revision after which to begin; 0 for all, unless given. */
  readonly after?: number;
  readonly signal: AbortSignal;
}

/** A follower of a stream: `woken` is set by the tail, and taken before each look. */
interface Follower {
  woken: PromiseWithResolvers<void>;
}

export function createSubscriptions<S extends StreamTypes>(opened: OpenedStream<S>, name: string) {
  const followers = new Map<S['id'], Set<Follower>>();
  let tail: { readonly stop: AbortController; readonly failed: Promise<never> } | null = null;

  const wake = (all: Iterable<Follower>) => {
    for (const { woken } of all) woken.resolve();
  };

  /** The tail begins with the first follower. What came before it had begun is looked for once it has. */
  function startTail() {
    const stop = new AbortController();
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => undefined);
    const onWake = ({ stream }: { readonly stream: S['id'] }) => wake(followers.get(stream) ?? []);
    const onBegun = () => {
      for (const ofStream of followers.values()) wake(ofStream);
    };
    const running = followAll(opened, onWake, { name: `${name}-follow`, signal: stop.signal, onBegun });
    for (const one of running) one.catch(failed.reject);
    return { stop, failed: failed.promise };
  }

  function join(stream: S['id']): Follower {
    const follower = { woken: Promise.withResolvers<void>() };
    followers.set(stream, (followers.get(stream) ?? new Set()).add(follower));
    return follower;
  }

  function leave(stream: S['id'], follower: Follower): void {
    const others = followers.get(stream);
    others?.delete(follower);
    if (others?.size === 0) followers.delete(stream);
    if (followers.size > 0) return;
    tail?.stop.abort(new Error('the last follower has left'));
    tail = null;
  }

  return {
    async *follow(stream: S['id'], { after = 0, signal }: Following): AsyncGenerator<S['event'], void> {
      const follower = join(stream);
      tail ??= startTail();
      const { failed } = tail;
      try {
        const place = createPlace(opened, stream, after);
        while (!signal.aborted) {
          follower.woken = Promise.withResolvers<void>();
          const fresh = await untilDone(() => place.readOn(), { signal, chance: Math.random });
          if (fresh === null) return;
          yield* fresh;
          await orAborted(Promise.race([follower.woken.promise, failed]), signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        leave(stream, follower);
      }
    },
  };
}

/** How far one follower has come. */
function createPlace<S extends StreamTypes>(opened: OpenedStream<S>, stream: S['id'], after: number) {
  let at = { rev: after, last: null as string | null, epoch: null as string | null };
  return {
    /** What came since; null where the stream that was followed is gone, or another stands under its id. */
    async readOn(): Promise<readonly S['event'][] | null> {
      const head = await opened.log.head(stream);
      const fresh: S['event'][] = [];
      const came = await follow(opened.log, stream, at, {
        take: (events) => fresh.push(...events.filter(({ rev }) => rev > at.rev)),
        anew() {
          const said = `stream ${stream}: what was read up to revision ${at.rev} is not in the log any more`;
          throw new Fault('log_changed', said, { retryable: false });
        },
      });
      if (came === 'gone') return at.epoch === null ? [] : null;
      if (came === 'replaced') return null;
      const { rev, id: last } = fresh.at(-1) ?? { rev: at.rev, id: at.last };
      at = { rev, last, epoch: at.epoch ?? head?.epoch ?? null };
      return fresh;
    },
  };
}
