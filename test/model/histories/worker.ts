// A process of the histories: lives one life after the other as its parent says, until it is killed in one.
// `node worker.mjs <url>`, with a channel.

import { openStore } from '../../../streams/engine.ts';
import type { Met } from './errands.ts';
import { beginHere, type Life } from './life.ts';
import type { FromParent, FromWorker } from './worker-life.ts';

const [url = ''] = process.argv.slice(2);
const say = (said: FromWorker) => void (process.connected && process.send?.(said));
const waiting = new Map<number, (answer: string) => void>();
let last = 0;
let life: Life | null = null;

function ask(
  about: { readonly met: Met } | { readonly paid: number; readonly key: string },
): Promise<string> {
  last += 1;
  const { promise, resolve } = Promise.withResolvers<string>();
  waiting.set(last, resolve);
  say({ asks: last, ...about });
  return promise;
}

async function take(told: FromParent): Promise<void> {
  if ('answer' in told) {
    waiting.get(told.to)?.(told.answer);
    waiting.delete(told.to);
  } else if ('begin' in told) {
    const outside = {
      met: (met: Met) => ask({ met }) as Promise<'go' | 'throw'>,
      paid: (n: number, key: string) => ask({ paid: n, key }),
    };
    life = await beginHere(store, told.begin, outside);
    say({ is: 'begun' });
  } else if ('send' in told) {
    say({ replied: told.number, status: (await life?.send(told.send)) ?? 'unknown' });
  } else {
    await life?.end();
    say({ is: 'ended' });
  }
}

const store = await openStore(url, AbortSignal.timeout(30_000));
process.on('message', (told: FromParent) => void take(told));
process.on('disconnect', () => process.exit());
say({ is: 'up' });
