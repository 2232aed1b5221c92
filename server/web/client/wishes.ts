// Requests that are sent until they are answered: a reply that was lost with its connection is asked
// for again on the next one, under a key that makes the wish act once.

import type { RequestType } from '../../../core/protocol.ts';
import { askUntil } from './again.ts';
import type { Connection } from './connection.ts';
import { randomNonce } from './identity.ts';
import type { Failure, Reply, Wish } from './wire.ts';

// A wish that could not be told for so long is no longer wanted.
const wishMsMax = 30_000;
// The connection was lost, or the store behind the server: whether it was done is not known.
const unsure: ReadonlySet<string> = new Set(['unavailable', 'restarting']);
const lost: Failure = { code: 'unavailable', message: 'The connection was lost.', retry: true };

/** Asking for the same while it is on its way is no second wish. */
export function createWishes(
  connection: Pick<Connection, 'request'>,
  status: () => 'connecting' | 'online' | 'away' | 'ended',
): <T extends RequestType>(t: T, d: Wish<T>) => Promise<Reply<T>> {
  async function tell<T extends RequestType>(t: T, d: Wish<T>): Promise<Reply<T>> {
    const keyed = { ...d, key: randomNonce() };
    const until = Date.now() + wishMsMax;
    return askUntil<Reply<T>>(
      async () => (status() === 'online' ? connection.request(t, keyed) : { err: lost }),
      (reply) => 'ok' in reply || !unsure.has(reply.err.code) || Date.now() >= until || status() === 'ended',
    );
  }

  const onTheWay = new Map<string, Promise<Reply>>();
  return (t, d) => {
    const wish = `${t} ${JSON.stringify(d)}`;
    // A wish names its request, so this is the reply to a request of its type.
    const before = onTheWay.get(wish) as ReturnType<typeof tell<typeof t>> | undefined;
    const told = before ?? tell(t, d).finally(() => onTheWay.delete(wish));
    onTheWay.set(wish, told);
    return told;
  };
}
