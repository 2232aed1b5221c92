// A body that comes byte by byte: it is read, and what it came in is not kept beside it.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Context } from 'hono';
import { expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import { bodyText } from '../../../server/http/body.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A request whose body comes in pieces of a byte; `refs` are those that were sent so far. */
function dripping(bytes: number, pause: Promise<void>) {
  const refs: WeakRef<Uint8Array>[] = [];
  const { promise: nearlyAll, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (refs.length === bytes - 1) {
        resolve();
        await pause;
      }
      if (refs.length === bytes) return controller.close();
      const piece = new Uint8Array([0x78]);
      refs.push(new WeakRef(piece));
      controller.enqueue(piece);
    },
  });
  const c = { req: { header: () => undefined, raw: { body } } } as unknown as Context;
  return { c, refs, nearlyAll };
}

test('of a body in thousands of pieces none is kept while the last one is waited for', async () => {
  const { promise: pause, resolve: goOn } = Promise.withResolvers<void>();
  const { c, refs, nearlyAll } = dripping(limits.frameBytesMax, pause);
  const reading = bodyText(c);
  await nearlyAll;
  // A reference that was just made holds what it refers to until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(refs).toHaveLength(limits.frameBytesMax - 1);
  // Those that the reader has in hand.
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(10);
  goOn();
  expect(await reading).toBe('x'.repeat(limits.frameBytesMax));
});

test('of a body with one piece too many nothing is taken', async () => {
  const { c } = dripping(limits.frameBytesMax + 1, Promise.resolve());
  expect(await bodyText(c)).toBeNull();
});
