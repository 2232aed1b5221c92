// `arena tail` beside a store that is killed and comes back.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProcess } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';

let arena: Serving;

beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

test('goes on after the store was away, and leaves nothing out', async () => {
  const tail = startProcess('tail', ['tail'], { VALKEY_URL: arena.valkey.url });
  const told = async () => {
    const { room } = await arena.makeRoom();
    await expect.poll(tail.output, { timeout: 4_000 }).toContain(`${room}     1 `);
  };
  // Until it has begun to look, what is there already is not news.
  await expect
    .poll(
      () =>
        told().then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
  await arena.valkey.kill();
  await expect.poll(tail.output).toContain('Valkey is away');
  await arena.valkey.restart();
  await expect
    .poll(
      () =>
        told().then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
  expect(await tail.stop()).toMatchObject({ code: 0 });
});
