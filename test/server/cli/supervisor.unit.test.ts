import { fork } from 'node:child_process';
import { expect, test } from 'vitest';
import { supervise } from '../../../server/cli/up/supervisor.ts';

test('a child that cannot even be forked is tried again', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const supervision = {
    onExit(name: string, why: string) {
      told.push(`${name}: ${why}`);
      if (told.length === 2) stop.abort();
    },
    chance: () => 0,
    healthyMs: 30_000,
    endMs: 1_000,
  };
  // Node refuses such a name while it is asked, as it does when the machine has no memory for one more.
  await supervise([{ name: 'agents', fork: () => fork('no\0file'), orders: {} }], supervision, stop.signal);
  expect(told).toEqual([0, 1].map(() => expect.stringMatching(/^agents: .*null bytes/)));
});
